package host_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"casey.internal/shared/clock"
	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/worker/host"
	"casey.internal/worker/host/hosttest"
	"casey.internal/worker/session"
	"casey.internal/worker/session/sessiontest"
)

func TestAnOfferIsAnsweredAndItsMessageDeleted(t *testing.T) {
	play(t, func(w *world) {
		w.start("w1", 2)
		b := w.browse("a").dispatch(sessiontest.Offer("f1", 1))
		w.wait(time.Millisecond)
		b.expect("answer")
		if n := w.queue.Len(); n != 0 {
			t.Errorf("%d dispatch messages left", n)
		}
		b.connect()
		s := b.record()
		if s.State != interview.Answered || s.Owner != "w1" || s.Epoch != 1 || s.ConnectedAt.IsZero() {
			t.Errorf("session is %+v", s)
		}
	})
}

func TestTheSecondWorkerStaysEmptyWhileTheFirstHasRoom(t *testing.T) {
	play(t, func(w *world) {
		first, second := w.start("w1", 12), w.start("w2", 12)
		for i := range 10 {
			b := w.browse(string(rune('a' + i))).dispatch(sessiontest.Offer("f", 1))
			w.wait(time.Second)
			b.expect("answer")
			b.connect()
		}
		if a, b := first.Metrics()["active"], second.Metrics()["active"]; a != 10 || b != 0 {
			t.Errorf("the workers hold %d and %d sessions", a, b)
		}
	})
}

func TestTenAtOnceGoToOneWorker(t *testing.T) {
	play(t, func(w *world) {
		first, second := w.start("w1", 12), w.start("w2", 12)
		for i := range 10 {
			w.browse(string(rune('a' + i))).dispatch(sessiontest.Offer("f", 1))
		}
		w.wait(time.Second)
		if a, b := first.Metrics()["active"], second.Metrics()["active"]; a != 10 || b != 0 {
			t.Errorf("the workers hold %d and %d sessions", a, b)
		}
	})
}

func TestTheSecondWorkerTakesWhatTheFirstHasNoRoomFor(t *testing.T) {
	play(t, func(w *world) {
		first, second := w.start("w1", 2), w.start("w2", 2)
		for _, name := range []string{"a", "b", "c"} {
			w.browse(name).dispatch(sessiontest.Offer("f", 1))
			w.wait(3 * time.Second)
		}
		if a, b := first.Metrics()["active"], second.Metrics()["active"]; a != 2 || b != 1 {
			t.Errorf("the workers hold %d and %d sessions", a, b)
		}
	})
}

func TestWhoFindsAllSlotsTakenIsServedWhenOneIsFree(t *testing.T) {
	play(t, func(w *world) {
		w.start("w1", 1)
		first := w.browse("a").dispatch(sessiontest.Offer("f", 1))
		w.wait(time.Second)
		first.connect()
		second := w.browse("b").dispatch(sessiontest.Offer("f", 1))
		w.wait(30 * time.Second)
		second.expect("")
		if n := w.queue.Len(); n != 1 {
			t.Fatalf("%d dispatch messages left, want the one of the second", n)
		}
		first.tell(queue.Inbox{Kind: queue.KindEnd})
		w.wait(time.Minute)
		first.expect("answer, bye ended false")
		second.expect("answer, error unavailable") // nobody connected it in this minute
	})
}

func TestAMessageThatComesTwiceIsAnsweredOnce(t *testing.T) {
	play(t, func(w *world) {
		w.start("w1", 9)
		b := w.browse("a").dispatch(sessiontest.Offer("f", 1))
		b.send()
		w.wait(time.Second)
		b.send()
		b.connect()
		w.wait(20 * time.Second)
		b.expect("answer")
		if n := w.queue.Len(); n != 0 {
			t.Errorf("%d dispatch messages left", n)
		}
	})
}

func TestASlowBrowserIsNotGivenUpForADuplicate(t *testing.T) {
	play(t, func(w *world) {
		w.start("w1", 9)
		w.start("w2", 9)
		b := w.browse("a").dispatch(sessiontest.Offer("f", 1))
		b.send()
		w.wait(20 * time.Second)
		b.expect("answer")
		b.connect()
	})
}

func TestABadOfferEndsWithAWord(t *testing.T) {
	play(t, func(w *world) {
		wk := w.start("w1", 1)
		b := w.browse("a").dispatch(sessiontest.BadOffer)
		w.wait(time.Second)
		b.expect("error bad_offer")
		if s := b.record(); s.State != interview.Ended || w.queue.Len() != 0 || wk.Metrics()["active"] != 0 {
			t.Errorf("state %q, %d messages, metrics %v", s.State, w.queue.Len(), wk.Metrics())
		}
	})
}

func TestAWorkerThatCannotAnswerPutsTheSessionBack(t *testing.T) {
	play(t, func(w *world) {
		sick := w.start("w1", 9)
		sick.peers.Err = errors.New("no socket")
		b := w.browse("a").dispatch(sessiontest.Offer("f", 1))
		w.wait(500 * time.Millisecond)
		b.expect("")
		w.end("w1")
		w.start("w2", 9)
		w.wait(5 * time.Second)
		b.expect("answer")
	})
}

func TestAWorkerThatCanNeverAnswerSaysSo(t *testing.T) {
	play(t, func(w *world) {
		w.start("w1", 9).peers.Err = errors.New("no socket")
		b := w.browse("a").dispatch(sessiontest.Offer("f", 1))
		w.wait(20 * time.Second)
		b.expect("error internal")
	})
}

func TestNobodyIsThereForTheFirstAnswer(t *testing.T) {
	play(t, func(w *world) {
		wk := w.start("w1", 1)
		b := w.browse("a")
		b.socket.Close()
		b.dispatch(sessiontest.Offer("f", 1))
		w.wait(time.Second)
		if s := b.record(); s.State != interview.Ended || s.EndReason != "gone" || wk.Metrics()["active"] != 0 || w.queue.Len() != 0 {
			t.Errorf("session is %q (%s), metrics %v", s.State, s.EndReason, wk.Metrics())
		}
		if !wk.peers.Peers()[0].Closed() {
			t.Error("the peer is open")
		}
	})
}

func TestTheAnswerFollowsTheBrowserToItsNewConnection(t *testing.T) {
	play(t, func(w *world) {
		b := w.browse("a").dispatch(sessiontest.Offer("f", 1))
		b.socket.Close()
		b.socket = w.gateway.Open("c-new")
		_, err := w.store.Resume(t.Context(), store.Opening{
			Session: "a", Connection: "c-new", SecretHash: []byte("a"), ConnectedAt: time.Now(), At: time.Now(),
		})
		w.must(err)
		w.start("w1", 1)
		w.wait(time.Second)
		b.expect("answer")
	})
}

func TestElsewhereTakesTheSessionFromALivingWorker(t *testing.T) {
	play(t, func(w *world) {
		first := w.start("w1", 1)
		b := w.browse("a").dispatch(sessiontest.Offer("f1", 1))
		w.wait(time.Second)
		old := b.connect()
		w.start("w2", 1)
		b.dispatch(sessiontest.Offer("f2", 1))
		w.wait(3 * time.Second)
		b.expect("answer, answer")
		b.connect()
		if s := b.record(); s.Owner != "w2" || s.Epoch != 2 || s.State != interview.Answered {
			t.Errorf("session is %+v", s)
		}
		if first.Metrics()["active"] != 0 || !old.Closed() {
			t.Error("the first worker still holds it")
		}
	})
}

func TestElsewhereWithOneWorkerAlone(t *testing.T) {
	play(t, func(w *world) {
		wk := w.start("w1", 3)
		b := w.browse("a").dispatch(sessiontest.Offer("f1", 1))
		w.wait(time.Second)
		old := b.connect()
		b.dispatch(sessiontest.Offer("f2", 1))
		w.wait(3 * time.Second)
		b.expect("answer, answer")
		b.connect()
		b.tell(queue.Inbox{Kind: queue.KindLeave})
		b.expect("answer, answer, bye left true")
		if !old.Closed() || wk.Metrics()["active"] != 0 {
			t.Errorf("old peer closed: %t, metrics %v", old.Closed(), wk.Metrics())
		}
	})
}

func TestAnAnswerWhoseWorkerDiedIsGivenUp(t *testing.T) {
	play(t, func(w *world) {
		b := w.browse("a").dispatch(sessiontest.Offer("f1", 1))
		w.must(w.store.Beat(t.Context(), interview.Worker{ID: "dead", Slots: 1, Active: 1, Beat: time.Now()}))
		claimed, err := w.store.Claim(t.Context(), store.Claim{
			Session: "a", Peer: "p1", OfferAt: b.offer.At, Worker: "dead", Inbox: "memory:inbox/dead", At: time.Now(),
		})
		w.must(err)
		w.must(w.store.Answered(t.Context(), "a", claimed.Session.Epoch, time.Now()))
		w.start("w1", 1)
		w.wait(6 * time.Second)
		b.expect("error lost")
		if s := b.record(); s.State != interview.Ended || w.queue.Len() != 0 {
			t.Errorf("state %q, %d messages", s.State, w.queue.Len())
		}
	})
}

// TestABegunInterviewOutlastsWhoeverCannotAnswer: what ends a first offer only
// pauses an interview that has begun.
func TestABegunInterviewOutlastsWhoeverCannotAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		sdp, want string
		err       error
		post      bool
	}{
		"a bad offer":                  {sessiontest.BadOffer, "rejected bad_offer", nil, false},
		"a sick worker":                {sessiontest.Offer("f2", 1), "rejected internal", errors.New("no socket"), false},
		"an answer that is not posted": {sessiontest.Offer("f2", 1), "bye not reached true", nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(w *world) {
				w.start("w1", 1)
				b := w.browse("a").dispatch(sessiontest.Offer("f1", 1))
				w.wait(time.Second)
				b.connect()
				w.end("w1")
				before := b.got()
				fail := &unposted{away: c.post}
				sick := w.start("w2", 1, func(_ *host.Config, s *host.Services) { fail.Poster, s.Post = s.Post, fail })
				sick.peers.Err = c.err
				b.dispatch(c.sdp)
				w.wait(20 * time.Second)
				b.expect(before + ", " + c.want)
				if s := b.record(); s.State != interview.Paused {
					t.Errorf("the interview is %q", s.State)
				}
				sick.peers.Err, fail.away = nil, false
				b.dispatch(sessiontest.Offer("f3", 1))
				w.wait(2 * time.Second)
				b.expect(before + ", " + c.want + ", answer")
			})
		})
	}
}

// unposted is a gateway that posts no answer while it is away.
type unposted struct {
	session.Poster
	away bool
}

func (u *unposted) Post(ctx context.Context, c interview.ConnectionID, data []byte) error {
	if u.away && strings.Contains(string(data), `"answer"`) {
		return errors.New("the gateway is away")
	}
	return u.Poster.Post(ctx, c, data)
}

// refusing is a Guard that gives no protection until it is told to.
type refusing struct{ taken, released atomic.Int64 }

func (g *refusing) Take(context.Context) error {
	if g.taken.Add(1) < 3 {
		return errors.New("deployment blocked")
	}
	return nil
}

func (g *refusing) Release(context.Context) { g.released.Add(1) }

func TestNoProtectionNoClaim(t *testing.T) {
	play(t, func(w *world) {
		guard := &refusing{}
		w.start("w1", 1, func(_ *host.Config, s *host.Services) { s.Guard = guard })
		b := w.browse("a").dispatch(sessiontest.Offer("f1", 1))
		w.wait(1500 * time.Millisecond)
		if s := b.record(); s.State != interview.Waiting {
			t.Fatalf("state %q without protection", s.State)
		}
		w.wait(3 * time.Second)
		b.expect("answer")
		b.connect()
		b.tell(queue.Inbox{Kind: queue.KindEnd})
		w.wait(119 * time.Second)
		if n := guard.released.Load(); n != 0 {
			t.Error("protection given back too early")
		}
		w.wait(7 * time.Second)
		if n := guard.released.Load(); n != 1 {
			t.Errorf("protection given back %d times", n)
		}
	})
}

func TestAWorkerOfAnOldRevisionGivesItsProtectionBackAtOnce(t *testing.T) {
	play(t, func(w *world) {
		guard, newer := &refusing{}, make(chan struct{})
		guard.taken.Store(3)
		w.start("w1", 1, func(_ *host.Config, s *host.Services) { s.Guard, s.Outdated = guard, newer })
		b := w.browse("a").dispatch(sessiontest.Offer("f1", 1))
		w.wait(time.Second)
		b.connect()
		close(newer)
		w.wait(10 * time.Second)
		if n := guard.released.Load(); n != 0 {
			t.Error("protection given back with a session left")
		}
		b.tell(queue.Inbox{Kind: queue.KindEnd})
		w.wait(5 * time.Second)
		if n := guard.released.Load(); n != 1 {
			t.Errorf("protection given back %d times", n)
		}
	})
}

func TestDrainLetsSessionsEndAndSaysGoodBye(t *testing.T) {
	play(t, func(w *world) {
		wk := w.start("w1", 4, func(c *host.Config, _ *host.Services) { c.Drain = 10 * time.Second })
		short, long := w.browse("a").dispatch(sessiontest.Offer("f1", 1)), w.browse("b").dispatch(sessiontest.Offer("f2", 1))
		w.wait(time.Second)
		short.connect()
		long.connect()
		wk.stop()
		w.wait(time.Second)
		late := w.browse("c").dispatch(sessiontest.Offer("f3", 1))
		w.wait(5 * time.Second)
		late.expect("")
		if s := status(t, wk, "/ready"); s != 503 {
			t.Errorf("/ready answers %d", s)
		}
		short.tell(queue.Inbox{Kind: queue.KindLeave})
		short.expect("answer, *wire.Move, bye left true")
		long.expect("answer, *wire.Move")
		w.end("w1")
		long.expect("answer, *wire.Move, bye drained true")
		if rows, err := w.store.Workers(t.Context()); len(rows) != 0 || err != nil {
			t.Errorf("worker rows left: %v, %v", rows, err)
		}
		if err := w.queue.SendInbox(t.Context(), "memory:inbox/inbox-w1", queue.Inbox{}); !errors.Is(err, queue.ErrNoQueue) {
			t.Errorf("the inbox is there: %v", err)
		}
		w.start("w2", 4)
		w.wait(5 * time.Second)
		late.expect("answer")
	})
}

// TestNoInboxIsLeftBehind has a worker die at each step of its beginning, and fail to
// remove its inbox at its end: its row, with which the sweep finds the inbox, is there.
func TestNoInboxIsLeftBehind(t *testing.T) {
	for _, step := range []string{"announced", "inbox made"} {
		t.Run(step, func(t *testing.T) {
			play(t, func(w *world) {
				life := &hosttest.Life{}
				w.start("w1", 1, func(c *host.Config, s *host.Services) {
					*s = life.Bind(*s)
					c.Step = func(at string) {
						if at == step {
							life.End()
						}
					}
				})
				w.wait(time.Second)
				w.foundBySweep("w1")
			})
		})
	}
	t.Run("at its end", func(t *testing.T) {
		play(t, func(w *world) {
			w.start("w1", 1, func(_ *host.Config, s *host.Services) { s.Queue = stubborn{s.Queue} })
			w.wait(time.Second)
			w.end("w1")
			w.foundBySweep("w1")
		})
	})
}

// foundBySweep checks that the row of a worker that is gone names its inbox.
func (w *world) foundBySweep(id interview.WorkerID) {
	w.Helper()
	row, err := w.store.Worker(w.Context(), id)
	w.must(err)
	if row.Inbox != w.queue.InboxURL("inbox-"+string(id)) || row.Free(time.Now()) != 0 {
		w.Errorf("its row is %+v", row)
	}
}

// stubborn is a queue that removes no inbox.
type stubborn struct{ host.Queue }

func (stubborn) DeleteInbox(context.Context, string) error { return errors.New("the queue is away") }

func TestHealthAndReadiness(t *testing.T) {
	play(t, func(w *world) {
		wk, other := w.start("w1", 1), w.start("w2", 1)
		if h, r := status(t, wk, "/health"), status(t, wk, "/ready"); h != 200 || r != 200 {
			t.Errorf("/health %d, /ready %d", h, r)
		}
		if s := status(t, other, "/ready"); s != 503 {
			t.Errorf("/ready of the one not needed answers %d", s)
		}
		w.browse("a").dispatch(sessiontest.Offer("f1", 1)).expect("")
		w.wait(time.Second)
		if h, r := status(t, wk, "/health"), status(t, wk, "/ready"); h != 200 || r != 503 {
			t.Errorf("full: /health %d, /ready %d", h, r)
		}
		if s := status(t, wk, "/metrics"); s != 200 {
			t.Errorf("/metrics %d", s)
		}
	})
}

func status(t *testing.T, wk *worker, path string) int {
	t.Helper()
	r := httptest.NewRecorder()
	wk.Handler().ServeHTTP(r, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
	return r.Code
}

// slow is a gateway that takes its time.
type slow struct{ session.Poster }

func (s slow) Post(ctx context.Context, c interview.ConnectionID, data []byte) error {
	if err := clock.Sleep(ctx, 2*time.Second); err != nil {
		return err
	}
	return s.Poster.Post(ctx, c, data)
}

func TestAHeartbeatVouchesOnlyForAnswersThatWerePosted(t *testing.T) {
	play(t, func(w *world) {
		w.start("w1", 1, func(_ *host.Config, s *host.Services) { s.Post = slow{s.Post} })
		w.wait(10 * time.Second)
		b := w.browse("a").dispatch(sessiontest.Offer("f", 1))
		vouches := func() bool {
			row, err := w.store.Worker(t.Context(), "w1")
			w.must(err)
			return row.Beat.After(b.record().AnsweredAt)
		}
		for b.got() == "" {
			w.wait(100 * time.Millisecond)
			if b.got() == "" && vouches() {
				t.Fatal("the heartbeat vouches for an answer that is not posted")
			}
		}
		if w.wait(time.Second); !vouches() {
			t.Error("the heartbeat does not vouch for the answer")
		}
	})
}
