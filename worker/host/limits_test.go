package host_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/worker/host"
	"casey.internal/worker/session"
	"casey.internal/worker/session/sessiontest"
)

// TestTheAccountsStreamsAreShared: two workers with room for many hold together
// as many sessions as there are streams, and say so in their heartbeats.
func TestTheAccountsStreamsAreShared(t *testing.T) {
	play(t, func(w *world) {
		var log lockedBuffer
		two := func(c *host.Config, _ *host.Services) {
			c.Streams, c.Log = 2, slog.New(slog.NewTextHandler(&log, nil))
		}
		w.start("w1", 1, two)
		w.start("w2", 9, two)
		var all []*browser
		for _, name := range []string{"a", "b", "c"} {
			b := w.browse(name).dispatch(sessiontest.Offer("f", 1))
			w.wait(8 * time.Second)
			if name != "c" {
				b.connect()
			}
			all = append(all, b)
		}
		w.wait(10 * time.Second)
		all[2].expect("")
		workers, err := w.store.Workers(t.Context())
		w.must(err)
		for _, wk := range workers {
			if free := wk.Free(time.Now()); free != 0 {
				t.Errorf("%s says that it has %d free slots", wk.ID, free)
			}
		}
		if why := unready(t, w.workers["w2"]); !strings.Contains(why, "TRANSCRIBE_STREAMS") {
			t.Errorf("the worker that has slots is not ready because: %s", why)
		}
		if n := strings.Count(log.String(), "streams of recognition are all in use"); n != 1 {
			t.Errorf("the worker that has slots says %d times that no stream is left:\n%s", n, log.String())
		}
		all[0].tell(queue.Inbox{Kind: queue.KindEnd})
		w.wait(15 * time.Second)
		all[2].expect("answer")
	})
}

// unready returns what a worker says on /ready.
func unready(t *testing.T, wk *worker) string {
	t.Helper()
	r := httptest.NewRecorder()
	wk.Handler().ServeHTTP(r, httptest.NewRequestWithContext(t.Context(), "GET", "/ready", nil))
	return r.Body.String()
}

// lockedBuffer is a log of several workers.
type lockedBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// TestAStrainedWorkerTakesNothing: it offers no slot and says why, and its sessions go on.
func TestAStrainedWorkerTakesNothing(t *testing.T) {
	play(t, func(w *world) {
		var strained atomic.Bool
		var log lockedBuffer
		wk := w.start("w1", 9, func(c *host.Config, s *host.Services) {
			s.Strained, c.Log = strained.Load, slog.New(slog.NewTextHandler(&log, nil))
		})
		first := w.browse("a").dispatch(sessiontest.Offer("f", 1))
		w.wait(2 * time.Second)
		first.expect("answer")
		first.connect()
		strained.Store(true)
		w.wait(8 * time.Second)
		second := w.browse("b").dispatch(sessiontest.Offer("g", 1))
		w.wait(20 * time.Second)
		second.expect("")
		if why := unready(t, wk); !strings.Contains(why, "short of CPU") {
			t.Errorf("not ready because: %s", why)
		}
		workers, err := w.store.Workers(t.Context())
		w.must(err)
		if free := workers[0].Free(time.Now()); free != 0 || workers[0].Active != 1 {
			t.Errorf("it says that it has %d free slots and %d sessions", free, workers[0].Active)
		}
		if n := strings.Count(log.String(), "packets go out late"); n != 1 {
			t.Errorf("it says so %d times", n)
		}
		strained.Store(false)
		w.wait(15 * time.Second)
		second.expect("answer")
	})
}

// scarce is a Talk that there is room for only once in a while.
type scarce struct {
	silent
	tries *atomic.Int64
}

func (s scarce) Prepare(context.Context, interview.SessionID) (session.Talk, error) {
	if s.tries.Add(1) < 6 {
		return nil, session.ErrNoRoom
	}
	return s.silent, nil
}

// TestAnOfferWaitsWhileThereIsNoRoom: however often there is none, nobody is
// told an error, and nobody answered before there is.
func TestAnOfferWaitsWhileThereIsNoRoom(t *testing.T) {
	play(t, func(w *world) {
		var tries atomic.Int64
		w.start("w1", 9, func(_ *host.Config, s *host.Services) {
			s.Talk = func(*interview.Session) session.Talk { return scarce{tries: &tries} }
		})
		b := w.browse("a").dispatch(sessiontest.Offer("f", 1))
		w.wait(3 * time.Second)
		b.expect("")
		if s := b.record(); s.State != interview.Waiting {
			t.Errorf("the session is %q", s.State)
		}
		w.wait(30 * time.Second)
		b.expect("answer")
	})
}

// failing is a Talk that cannot go on.
type failing struct{}

func (failing) Run(ctx context.Context, line session.Media) error {
	if err := (silent{}).Run(ctx, line); err != nil {
		return err
	}
	return apperr.New(apperr.Unavailable, "a service keeps failing")
}

// TestFailuresOfOursAreCounted: an interview that had to stop, or never began,
// and not one that ended.
func TestFailuresOfOursAreCounted(t *testing.T) {
	play(t, func(w *world) {
		for name, c := range map[string]struct {
			talk    session.Talk
			connect bool
			want    int64
		}{"ended": {silent{}, true, 0}, "failed": {failing{}, true, 1}, "not reached": {silent{}, false, 1}} {
			wk := w.start(name, 1, func(_ *host.Config, s *host.Services) {
				s.Talk = func(*interview.Session) session.Talk { return c.talk }
			})
			b := w.browse(name).dispatch(sessiontest.Offer("f", 1))
			w.wait(2 * time.Second)
			if c.connect {
				b.connect()
				b.tell(queue.Inbox{Kind: queue.KindEnd})
			}
			w.wait(time.Minute)
			if m := wk.Metrics(); m["sessions_ended"] != 1 || m["sessions_given_up"] != c.want {
				t.Errorf("%s: %v", name, m)
			}
			w.end(name)
		}
	})
}
