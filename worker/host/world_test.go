package host_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	postmemory "casey.internal/shared/post/memory"
	"casey.internal/shared/queue"
	queuememory "casey.internal/shared/queue/memory"
	"casey.internal/shared/store"
	storememory "casey.internal/shared/store/memory"
	"casey.internal/shared/wire"
	"casey.internal/worker/host"
	"casey.internal/worker/session"
	"casey.internal/worker/session/sessiontest"
)

// world is a set of workers and browsers with what stands between them, in a
// synctest bubble.
type world struct {
	*testing.T
	store   *storememory.Store
	queue   *queuememory.Queue
	gateway *postmemory.Gateway
	workers map[string]*worker
}

// worker is one boot of a worker.
type worker struct {
	*host.Host
	peers *sessiontest.Network
	stop  context.CancelFunc
	over  chan struct{}
}

// play runs a test in a bubble and ends its workers after it.
func play(t *testing.T, script func(w *world)) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{
			T: t, store: storememory.New(storememory.Options{}), queue: queuememory.New(queuememory.Options{}),
			gateway: postmemory.New(), workers: map[string]*worker{},
		}
		defer func() {
			for name := range w.workers {
				w.end(name)
			}
		}()
		script(w)
	})
}

// silent is a Talk that says nothing until the candidate ends it.
type silent struct{}

func (silent) Run(ctx context.Context, line session.Media) error {
	for {
		select {
		case event := <-line.Events:
			if page, ok := event.(session.Page); ok {
				if _, over := page.Event.(*channel.End); over {
					return nil
				}
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// start starts a worker. What change does to its services comes last.
func (w *world) start(name string, slots int, change ...func(*host.Config, *host.Services)) *worker {
	wk := &worker{peers: &sessiontest.Network{Name: name}, over: make(chan struct{})}
	config := host.Config{
		ID: interview.WorkerID(name), Inbox: "inbox-" + name, Slots: slots, Warm: 1, Log: slog.New(slog.NewTextHandler(w.Output(), nil)),
	}
	services := host.Services{
		Store: w.store, Queue: w.queue, Post: w.gateway, Dial: wk.peers.Dial,
		Talk: func(*interview.Session) session.Talk { return silent{} },
	}
	for _, c := range change {
		c(&config, &services)
	}
	wk.Host = host.New(config, services)
	ctx, stop := context.WithCancel(w.Context())
	wk.stop = stop
	go func() {
		defer close(wk.over)
		if err := wk.Run(ctx); err != nil && ctx.Err() == nil {
			w.Error(err)
		}
	}()
	w.workers[name] = wk
	synctest.Wait()
	return wk
}

// end stops a worker and waits until nothing of it is left.
func (w *world) end(name string) {
	wk := w.workers[name]
	delete(w.workers, name)
	wk.stop()
	<-wk.over
}

// browser is one browser's WebSocket.
type browser struct {
	w       *world
	session interview.SessionID
	socket  *postmemory.Socket
	offer   interview.Offer
}

// browse opens a browser's connection and session.
func (w *world) browse(name string) *browser {
	b := &browser{w: w, session: interview.SessionID(name), socket: w.gateway.Open(interview.ConnectionID("c-" + name))}
	_, err := w.store.Open(w.Context(), store.Opening{
		Session: b.session, Connection: interview.ConnectionID("c-" + name), SecretHash: []byte(name), ConnectedAt: time.Now(), At: time.Now(),
	})
	w.must(err)
	return b
}

// dispatch offers as the message Lambda does for a session that nobody holds.
func (b *browser) dispatch(sdp string) *browser {
	b.w.Helper()
	seen, err := b.w.store.Session(b.w.Context(), b.session)
	b.w.must(err)
	b.offer = interview.Offer{Peer: "p1", SDP: sdp, Connection: interview.ConnectionID("c-" + string(b.session)), At: time.Now()}
	_, err = b.w.store.PutOffer(b.w.Context(), seen, b.offer)
	b.w.must(err)
	b.send()
	return b
}

// send sends the dispatch message of the offer.
func (b *browser) send() {
	b.w.must(b.w.queue.SendDispatch(b.w.Context(), queue.Dispatch{Session: b.session, Peer: b.offer.Peer, OfferAt: b.offer.At}))
}

// tell sends a message to the inbox of the worker that holds the session.
func (b *browser) tell(m queue.Inbox) {
	b.w.Helper()
	m.Session = b.session
	b.w.must(b.w.queue.SendInbox(b.w.Context(), b.record().Inbox, m))
	synctest.Wait()
}

// record is the session as it is stored.
func (b *browser) record() *interview.Session {
	b.w.Helper()
	s, err := b.w.store.Session(b.w.Context(), b.session)
	b.w.must(err)
	return s
}

// got returns what was posted to the browser, in short.
func (b *browser) got() string {
	var all []string
	for _, data := range b.socket.Messages() {
		m, err := wire.ParseServer(data)
		b.w.must(err)
		switch m := m.(type) {
		case *wire.Answer:
			all = append(all, "answer")
		case *wire.Error:
			all = append(all, "error "+m.Code)
		case *wire.Bye:
			all = append(all, fmt.Sprintf("bye %s %t", m.Reason, m.Resumable))
		case *wire.Rejected:
			all = append(all, "rejected "+m.Code)
		default:
			all = append(all, fmt.Sprintf("%T", m))
		}
	}
	return strings.Join(all, ", ")
}

// answers returns the SDP of the answers.
func (b *browser) answers() []string {
	var all []string
	for _, data := range b.socket.Messages() {
		if m, _ := wire.ParseServer(data); m != nil {
			if a, ok := m.(*wire.Answer); ok {
				all = append(all, a.SDP.SDP)
			}
		}
	}
	return all
}

// connect lets the peer of the last answer connect.
func (b *browser) connect() *sessiontest.Peer {
	b.w.Helper()
	answers := b.answers()
	if len(answers) == 0 {
		b.w.Fatalf("%s has no answer", b.session)
	}
	for _, wk := range b.w.workers {
		if p := wk.peers.Find(answers[len(answers)-1]); p != nil {
			p.Connect("casey", "casey.v1")
			synctest.Wait()
			return p
		}
	}
	b.w.Fatalf("%s: no peer made this answer", b.session)
	return nil
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// expect compares what a browser got.
func (b *browser) expect(want string) {
	b.w.Helper()
	if got := b.got(); got != want {
		b.w.Errorf("%s got %q, want %q", b.session, got, want)
	}
}

func (w *world) wait(d time.Duration) {
	time.Sleep(d) // the bubble's clock
	synctest.Wait()
}
