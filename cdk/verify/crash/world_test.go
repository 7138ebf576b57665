// Package crash ends workers and Lambdas after each of their steps and looks
// whether every browser is told how it stands.
package crash

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"casey.internal/lambdas/signaling"
	"casey.internal/shared/interview"
	postmemory "casey.internal/shared/post/memory"
	queuememory "casey.internal/shared/queue/memory"
	storememory "casey.internal/shared/store/memory"
	"casey.internal/shared/wire"
	"casey.internal/worker/host"
	"casey.internal/worker/host/hosttest"
	"casey.internal/worker/session"
	"casey.internal/worker/session/sessiontest"
)

// limit is the longest that a browser may be left without an answer or an error.
const limit = 10 * time.Second

// world is the signaling rules, two workers and their browsers in a synctest
// bubble, with stores as faulty as AWS between them.
type world struct {
	*testing.T
	random  *rand.Rand
	log     io.Writer
	store   *storememory.Store
	queue   *queuememory.Queue
	gateway *postmemory.Gateway
	service *signaling.Service
	lambda  func(step string) // called after each write of a Lambda
	mu      sync.Mutex        // guards workers
	workers []*worker
	speak   bool          // the workers' Talks say turns
	job     job           // of the one session whose Talks do
	drain   time.Duration // of workers that go away
	tasks   sync.WaitGroup
}

// worker is a worker that can die.
type worker struct {
	life  *hosttest.Life
	peers *sessiontest.Network
}

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{
		T: t, random: rand.New(rand.NewPCG(seed, 0)), log: t.Output(),
		store: storememory.New(storememory.AsAWS(seed)), queue: queuememory.New(queuememory.AsAWS(seed)),
		gateway: postmemory.New(), lambda: func(string) {},
	}
	log := w.logger("lambda")
	step := func(name string) { w.lambda(name) }
	w.service = signaling.New(signaling.Config{
		Store: w.store, Queue: w.queue, Poster: w.gateway, MaxWait: time.Minute, Log: log, Step: step,
	})
	return w
}

func (w *world) logger(who string) *slog.Logger {
	return slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelInfo})).With("who", who)
}

// run starts a function that ends with the world.
func (w *world) run(f func()) { w.tasks.Go(f) }

// start starts a worker whose steps go to step.
func (w *world) start(ctx context.Context, id interview.WorkerID, slots int, step func(life *hosttest.Life, name string)) {
	wk := &worker{life: &hosttest.Life{}, peers: &sessiontest.Network{Name: string(id)}}
	done := func(name string) { step(wk.life, name) }
	services := wk.life.Bind(host.Services{
		Store: w.store, Queue: w.queue, Post: w.gateway, Dial: wk.peers.Dial,
		Talk: func(*interview.Session) session.Talk {
			if w.speak {
				return speaker{wk.life, &w.job}
			}
			return patient{}
		},
	})
	services.Store, services.Queue = stepping{services.Store, done}, steppingQueue{services.Queue, done}
	h := host.New(host.Config{
		ID: id, Inbox: string(id), Slots: slots, Warm: 1, Drain: w.drain, Log: w.logger(string(id)), Step: done,
	}, services)
	w.mu.Lock()
	w.workers = append(w.workers, wk)
	w.mu.Unlock()
	w.run(func() {
		if err := h.Run(ctx); err != nil && ctx.Err() == nil {
			w.Error(err)
		}
	})
}

// find returns the worker that made an answer, and the answer's peer.
func (w *world) find(answer string) (*worker, *sessiontest.Peer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, wk := range w.workers {
		if p := wk.peers.Find(answer); p != nil {
			return wk, p
		}
	}
	return nil, nil
}

// patient is a Talk that says nothing.
type patient struct{}

func (patient) Run(ctx context.Context, _ session.Media) error {
	<-ctx.Done()
	return context.Cause(ctx)
}

// sweep is the scheduled function.
func (w *world) sweep(ctx context.Context) {
	sweeper := signaling.NewSweeper(signaling.SweepConfig{
		Store: w.store, Queue: w.queue, Poster: w.gateway, MaxWait: time.Minute, Log: w.logger("sweep"),
	})
	for every := time.NewTicker(2 * time.Second); ; {
		select {
		case <-every.C:
			if err := sweeper.Sweep(ctx); err != nil && ctx.Err() == nil {
				w.Error(err)
			}
		case <-ctx.Done():
			every.Stop()
			return
		}
	}
}

// invoke runs a Lambda; when it dies the gateway says so to the browser.
func (w *world) invoke(ctx context.Context, id interview.ConnectionID, f func() error) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
			data, err := json.Marshal(wire.GatewayError{Message: "Internal server error"})
			if err == nil {
				err = w.gateway.Post(ctx, id, data)
			}
			if err != nil {
				w.Error(err)
			}
		}
	}()
	return f() == nil
}

// browser is a page that follows shared/PROTOCOL.md: it repeats what was lost.
type browser struct {
	w         *world
	id        interview.ConnectionID
	socket    *postmemory.Socket
	answers   []string
	errors    []string
	firstWord time.Duration // until the first answer or error
}

// join connects and offers, and lives on until ctx ends.
func (w *world) join(ctx context.Context, name string) *browser {
	b := &browser{w: w, id: interview.ConnectionID(name), socket: w.gateway.Open(interview.ConnectionID(name))}
	began := time.Now()
	w.run(func() {
		arrival := signaling.Arrival{Connection: b.id, Source: "192.0.2.1", At: time.Now()}
		for !w.invoke(ctx, b.id, func() error { return w.service.Connect(ctx, arrival) }) {
			if ctx.Err() != nil {
				return
			}
		}
		offer := wire.Encode(wire.Offer{Peer: "p", SDP: wire.Description{Type: "offer", SDP: sessiontest.Offer(name, 1)}})
		for ctx.Err() == nil && !b.settled() {
			w.invoke(ctx, b.id, func() error { return w.service.Message(ctx, b.id, offer) })
			b.listen(ctx, began, 2*time.Second)
		}
		for ctx.Err() == nil {
			b.listen(ctx, began, time.Second)
		}
	})
	return b
}

func (b *browser) settled() bool { return len(b.answers)+len(b.errors) > 0 }

// listen reads until nothing came for a while, the first word came, or the
// gateway said that a message was lost.
func (b *browser) listen(ctx context.Context, began time.Time, patience time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		data, err := b.socket.Next(ctx)
		if err != nil {
			return
		}
		message, err := wire.ParseServer(data)
		if err != nil {
			b.w.Error(err)
			return
		}
		first := !b.settled()
		switch m := message.(type) {
		case *wire.Answer:
			if !slices.Contains(b.answers, m.SDP.SDP) {
				b.answers = append(b.answers, m.SDP.SDP)
			}
			b.connect(m.SDP.SDP)
		case *wire.Error:
			b.errors = append(b.errors, m.Code)
		case *wire.GatewayError:
			return
		}
		if first && b.settled() {
			b.firstWord = time.Since(began)
			return
		}
	}
}

// connect lets media flow when the worker that answered lives.
func (b *browser) connect(answer string) {
	if wk, p := b.w.find(answer); p != nil && !wk.life.Over() {
		p.Connect("casey", "casey.v1")
	}
}

// verdict says what is wrong with what the browser was told; "" = nothing.
func (b *browser) verdict() string {
	switch {
	case !b.settled():
		return "was told nothing"
	case b.firstWord > limit:
		return fmt.Sprintf("waited %v", b.firstWord)
	case len(b.answers) > 1:
		return fmt.Sprintf("got two answers to one offer: %q", b.answers)
	case len(b.errors) > 1:
		return fmt.Sprintf("got more than one error: %q", b.errors)
	case len(b.answers) == 1 && len(b.errors) == 1 && b.answeredByTheLiving():
		return fmt.Sprintf("got an answer, and then error %q though its worker lives", b.errors[0])
	}
	return ""
}

func (b *browser) answeredByTheLiving() bool {
	wk, _ := b.w.find(b.answers[0])
	return wk != nil && !wk.life.Over()
}
