package fleet

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/cdk/options"
	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	queuememory "casey.internal/shared/queue/memory"
	"casey.internal/shared/store"
	storememory "casey.internal/shared/store/memory"
	"casey.internal/shared/wire"
	"casey.internal/worker/host"
	"casey.internal/worker/session"
	"casey.internal/worker/session/sessiontest"
)

// The fleet of both: real workers in a bubble of virtual time, and simulated
// ones.
const (
	fleetWorkers = 3
	fleetSlots   = 4
	fleetWarm    = 1
	fleetLength  = 10 * time.Minute
)

// some are arrivals: now and then somebody, then eighteen at once, for whom
// there are not slots enough.
func some() []time.Duration {
	var at []time.Duration
	for i := range 6 {
		at = append(at, time.Duration(i)*250*time.Second+17*time.Second)
	}
	for i := range 18 {
		at = append(at, 30*time.Minute+time.Duration(i)*time.Second)
	}
	return at
}

// TestTheRealWorkersDoTheSame: real hosts let the same people wait for as long,
// and keep them in as few workers.
func TestTheRealWorkersDoTheSame(t *testing.T) {
	s := exact(func(o *options.Options) {
		o.MinTasks, o.MaxTasks, o.Slots, o.Warm = fleetWorkers, fleetWorkers, fleetSlots, fleetWarm
	})
	s.World.Shortest, s.World.Longest = fleetLength, fleetLength
	r := newRun(s)
	r.send(25*time.Minute, some()...)
	busy := 0
	for _, w := range r.workers {
		busy += min(1, w.active)
	}
	r.send(2*time.Hour, nil...)
	lived := realWorkers(t, some())
	if len(lived.waits) != len(some()) || len(r.results.waits) != len(some()) {
		t.Fatalf("%d are served, %d in the simulation", len(lived.waits), len(r.results.waits))
	}
	for i, wait := range r.results.waits { // sorted in both
		if d := lived.waits[i] - wait; d.Abs() > 5*time.Second {
			t.Errorf("the %dth wait is %v, and %v in the simulation", i+1, lived.waits[i], wait)
		}
	}
	if lived.busy != 1 || busy != 1 {
		t.Errorf("%d workers are busy, %d in the simulation", lived.busy, busy)
	}
}

// reality is the record of what real workers did.
type reality struct {
	waits []time.Duration // ascending
	busy  int             // workers with a session, after 25 minutes
}

// realWorkers lets real hosts serve people who come at these times.
func realWorkers(t *testing.T, arrivals []time.Duration) (got reality) {
	synctest.Test(t, func(t *testing.T) {
		b := &bubble{T: t, store: storememory.New(storememory.Options{}), queue: queuememory.New(queuememory.Options{}), began: time.Now(), came: map[interview.ConnectionID]time.Duration{}}
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		for i := range fleetWorkers {
			h := host.New(b.worker(i))
			running.Go(func() { _ = h.Run(ctx) })
		}
		for second := range 3600 {
			time.Sleep(time.Second)
			synctest.Wait()
			b.connect()
			for len(arrivals) > 0 && arrivals[0] <= time.Duration(second+1)*time.Second {
				b.arrive(len(arrivals))
				arrivals = arrivals[1:]
			}
			if second == 25*60 {
				got.busy = b.busy()
			}
		}
		stop()
		running.Wait()
		got.waits = slices.Sorted(slices.Values(b.waits))
	})
	return got
}

// bubble is the surroundings of real workers: a table, a queue, browsers.
type bubble struct {
	*testing.T
	store    *storememory.Store
	queue    *queuememory.Queue
	networks []*sessiontest.Network
	began    time.Time

	mu      sync.Mutex
	came    map[interview.ConnectionID]time.Duration
	waits   []time.Duration
	answers []string // whose peers are not connected yet
}

func (b *bubble) worker(i int) (host.Config, host.Services) {
	network := &sessiontest.Network{Name: fmt.Sprint("w", i)}
	b.networks = append(b.networks, network)
	return host.Config{
			ID: interview.WorkerID(network.Name), Inbox: "inbox-" + network.Name, Slots: fleetSlots, Warm: fleetWarm,
			Log: slog.New(slog.DiscardHandler),
		}, host.Services{
			Store: b.store, Queue: b.queue, Post: b, Dial: network.Dial,
			Talk: func(*interview.Session) session.Talk { return short{} },
		}
}

// arrive is the message function with an offer.
func (b *bubble) arrive(number int) {
	id := interview.SessionID(fmt.Sprint("s", number))
	connection := interview.ConnectionID(fmt.Sprint("c", number))
	b.mu.Lock()
	b.came[connection] = time.Since(b.began)
	b.mu.Unlock()
	_, err := b.store.Open(b.Context(), store.Opening{Session: id, Connection: connection, SecretHash: []byte(id), ConnectedAt: time.Now(), At: time.Now()})
	b.must(err)
	seen, err := b.store.Session(b.Context(), id)
	b.must(err)
	offer := interview.Offer{Peer: "p", SDP: sessiontest.Offer(string(id), 1), Connection: connection, At: time.Now()}
	_, err = b.store.PutOffer(b.Context(), seen, offer)
	b.must(err)
	b.must(b.queue.SendDispatch(b.Context(), queue.Dispatch{Session: id, Peer: offer.Peer, OfferAt: offer.At}))
}

// Post implements session.Poster.
func (b *bubble) Post(_ context.Context, c interview.ConnectionID, data []byte) error {
	m, err := wire.ParseServer(data)
	if answer, ok := m.(*wire.Answer); ok {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.waits = append(b.waits, time.Since(b.began)-b.came[c])
		b.answers = append(b.answers, answer.SDP.SDP)
	}
	return err
}

// connect connects the peers that were answered.
func (b *bubble) connect() {
	b.mu.Lock()
	answers := b.answers
	b.answers = nil
	b.mu.Unlock()
	for _, answer := range answers {
		for _, n := range b.networks {
			if p := n.Find(answer); p != nil {
				p.Connect("casey", "casey.v1")
			}
		}
	}
}

func (b *bubble) busy() int {
	workers, err := b.store.Workers(b.Context())
	b.must(err)
	n := 0
	for _, w := range workers {
		n += min(1, w.Active)
	}
	return n
}

func (b *bubble) must(err error) {
	if err != nil {
		b.Fatal(err)
	}
}

// short is an interview that ends by itself.
type short struct{}

// Run implements session.Talk.
func (short) Run(ctx context.Context, line session.Media) error {
	over := time.After(fleetLength)
	for {
		select {
		case <-line.Events:
		case <-over:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
