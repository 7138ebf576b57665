package signaling_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"casey.internal/lambdas/signaling"
	"casey.internal/shared/interview"
	postmemory "casey.internal/shared/post/memory"
	queuememory "casey.internal/shared/queue/memory"
	storememory "casey.internal/shared/store/memory"
	"casey.internal/shared/wire"
)

// sdp is as much of an offer as signaling looks at.
const sdp = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"

// world is signaling with all its neighbours in memory. It lives in a synctest
// bubble.
type world struct {
	t     *testing.T
	store *storememory.Store
	queue *queuememory.Queue
	posts *postmemory.Gateway

	service *signaling.Service
	sweeper *signaling.Sweeper
	work    sync.WaitGroup

	mu     sync.Mutex
	random *rand.Rand
	dies   func(step string) bool // whether a Lambda dies after this step; the lock is held
	count  int                    // names given
	failed int                    // sessions given up
}

// crash is what a Lambda that dies panics with.
type crash struct{ step string }

// kind is a world where everything works.
func kind() (storememory.Options, queuememory.Options) {
	return storememory.Options{}, queuememory.Options{}
}

func newWorld(t *testing.T, seed uint64, so storememory.Options, qo queuememory.Options) *world {
	w := &world{
		t:     t,
		store: storememory.New(so), queue: queuememory.New(qo), posts: postmemory.New(),
		random: rand.New(rand.NewPCG(seed, 3)),
		dies:   func(string) bool { return false },
	}
	log := quiet()
	w.service = signaling.New(signaling.Config{
		Store: w.store, Queue: w.queue, Poster: w.posts, MaxWait: 4 * time.Minute, Log: log, Step: w.step, Failed: w.fail,
		ICEServers: []wire.ICEServer{{URLs: []string{"stun:stun.example.org:3478"}}},
	})
	w.sweeper = signaling.NewSweeper(signaling.SweepConfig{
		Store: w.store, Queue: w.queue, Poster: w.posts, MaxWait: 4 * time.Minute, Log: log, Step: w.step, Failed: w.fail,
	})
	t.Cleanup(w.work.Wait) // everything ends with the test's context
	return w
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func (w *world) step(name string) {
	w.mu.Lock()
	dies := w.dies(name)
	w.mu.Unlock()
	if dies {
		panic(crash{name})
	}
}

func (w *world) fail() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failed++
}

// hasFailed checks how many sessions have been given up by now.
func (w *world) hasFailed(want int) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed != want {
		w.t.Errorf("%d sessions are counted as failed, want %d", w.failed, want)
	}
}

// some returns a random time below limit.
func (w *world) some(limit time.Duration) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Duration(w.random.Int64N(int64(limit)))
}

func (w *world) name(kind string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count++
	return fmt.Sprintf("%s%d", kind, w.count)
}

// invoke is a Lambda invocation; the error is its failure or its death.
func (w *world) invoke(f func(context.Context) error) (err error) {
	defer func() {
		switch died := recover().(type) {
		case nil:
		case crash:
			err = fmt.Errorf("died after %q", died.step)
		default:
			panic(died)
		}
	}()
	return f(w.t.Context())
}

// browser is a client with its socket.
type browser struct {
	*world
	id     interview.ConnectionID
	socket *postmemory.Socket
}

// connect opens a socket, again when the gateway refuses it.
func (w *world) connect() *browser {
	for {
		b := &browser{world: w, id: interview.ConnectionID(w.name("connection-") + "=")}
		err := w.invoke(func(ctx context.Context) error {
			return w.service.Connect(ctx, signaling.Arrival{Connection: b.id, Source: "192.0.2.1", At: time.Now()})
		})
		b.socket = w.posts.Open(b.id)
		if err == nil {
			return b
		}
		b.socket.Close()
		if w.t.Context().Err() != nil {
			w.t.Error(err)
			return b
		}
	}
}

// send gives a message to the function and waits for it; when that fails the
// gateway says so in its words.
func (b *browser) send(data string) {
	err := b.invoke(func(ctx context.Context) error { return b.service.Message(ctx, b.id, []byte(data)) })
	if err != nil && b.t.Context().Err() == nil {
		body := fmt.Sprintf(`{"message":"Internal server error","connectionId":%q,"requestId":"r"}`, b.id)
		_ = b.posts.Post(b.t.Context(), b.id, []byte(body)) // gone is fine
	}
}

// leaves closes the socket; the gateway tells the function.
func (b *browser) leaves() {
	b.t.Helper()
	b.socket.Close()
	if err := b.invoke(func(ctx context.Context) error { return b.service.Disconnect(ctx, b.id) }); err != nil {
		b.t.Error(err)
	}
}

func encode(message wire.Message) string { return string(wire.Encode(message)) }

func offerOf(peer, sdp string) wire.Offer {
	return wire.Offer{SDP: wire.Description{Type: "offer", SDP: sdp}, Peer: interview.PeerName(peer)}
}

// next returns the next message; nil when none comes within the time.
func (b *browser) next(within time.Duration) wire.Message {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), within)
	defer cancel()
	data, err := b.socket.Next(ctx)
	if err != nil {
		return nil
	}
	m, err := wire.ParseServer(data)
	if err != nil {
		b.t.Errorf("%s: %v", data, err)
	}
	return m
}

// expect returns the next message, which must be a T.
func expect[T any](b *browser) T {
	b.t.Helper()
	m := b.next(time.Second)
	got, ok := any(m).(*T)
	if !ok {
		b.t.Fatalf("got %T %+v, want a %T", m, m, got)
	}
	return *got
}

// silent checks that nothing more was posted.
func (b *browser) silent() {
	b.t.Helper()
	if m := b.next(time.Second); m != nil {
		b.t.Fatalf("got %T %+v, want nothing", m, m)
	}
}

// session reads the browser's session; nil when it has none.
func (b *browser) session() *interview.Session {
	b.t.Helper()
	c, err := b.store.Connection(b.t.Context(), b.id)
	if err != nil {
		b.t.Fatal(err)
	}
	s, err := b.store.Session(b.t.Context(), c.Session)
	if err != nil {
		return nil
	}
	return s
}

// state returns where the browser's session stands.
func (b *browser) state() interview.State {
	b.t.Helper()
	if s := b.session(); s != nil {
		return s.State
	}
	return interview.Allotted
}

func (w *world) sweep() {
	w.t.Helper()
	if err := w.invoke(w.sweeper.Sweep); err != nil && w.t.Context().Err() == nil {
		w.t.Log(err)
	}
}

// must fails the test on an error.
func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// begun expects the session and the answer, which may come in either order.
func begun(b *browser) (session wire.Session, answer wire.Answer) {
	b.t.Helper()
	for range 2 {
		switch m := b.next(time.Second).(type) {
		case *wire.Session:
			session = *m
		case *wire.Answer:
			answer = *m
		default:
			b.t.Fatalf("got %T %+v, want the session or the answer", m, m)
		}
	}
	if session.Session == "" || answer.Session != session.Session {
		b.t.Fatalf("session %+v, answer %+v", session, answer)
	}
	return session, answer
}
