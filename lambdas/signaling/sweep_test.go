package signaling_test

import (
	"fmt"
	"testing"
	"time"

	"casey.internal/lambdas/signaling"
	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

func TestDiagnose(t *testing.T) {
	const maxWait = 4 * time.Minute
	now := time.Unix(1_000_000, 0)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	beat := func(d time.Duration) *interview.Worker { return &interview.Worker{ID: "w", Beat: ago(d)} }
	waiting := func(since, dispatched time.Duration) interview.Session {
		s := interview.Session{State: interview.Waiting, WaitingFrom: ago(since), Offer: interview.Offer{At: ago(since)}}
		if dispatched > 0 {
			s.Dispatched = ago(dispatched)
		}
		return s
	}
	claimed := func(at time.Duration) interview.Session {
		return interview.Session{State: interview.Claimed, ClaimedAt: ago(at)}
	}
	answered := func(at, connected time.Duration) interview.Session {
		s := interview.Session{State: interview.Answered, AnsweredAt: ago(at)}
		if connected > 0 {
			s.ConnectedAt = ago(connected)
		}
		return s
	}
	moving := answered(time.Hour, time.Hour)
	moving.State = interview.Moving
	for _, c := range []struct {
		session interview.Session
		owner   *interview.Worker
		want    signaling.Repair
	}{
		{waiting(2*time.Second, 0), nil, signaling.Nothing},
		{waiting(4*time.Second, 0), nil, signaling.Redispatch},
		{waiting(4*time.Second, time.Second), nil, signaling.Nothing},
		{waiting(3*time.Minute, 2*time.Minute), nil, signaling.Redispatch},
		{waiting(5*time.Minute, time.Second), nil, signaling.EndFull},
		{claimed(4 * time.Second), nil, signaling.Nothing},
		{claimed(6 * time.Second), nil, signaling.TakeBack},
		{claimed(6 * time.Second), beat(44 * time.Second), signaling.Nothing},
		{claimed(6 * time.Second), beat(45 * time.Second), signaling.TakeBack},
		{claimed(time.Minute), beat(time.Second), signaling.TakeBack},
		{answered(20*time.Second, 0), beat(time.Second), signaling.Nothing},
		{answered(31*time.Second, 0), beat(time.Second), signaling.EndNoMedia},
		{answered(6*time.Second, 0), nil, signaling.Nothing},
		{answered(7*time.Second, 0), nil, signaling.EndNoMedia},
		{answered(31*time.Second, time.Hour), beat(time.Second), signaling.PauseLost},
		{answered(20*time.Second, time.Hour), beat(time.Second), signaling.Nothing},
		{answered(time.Hour, time.Hour), beat(time.Second), signaling.Nothing},
		{answered(time.Hour, time.Hour), beat(54 * time.Second), signaling.Nothing},
		{answered(time.Hour, time.Hour), beat(56 * time.Second), signaling.PauseLost},
		{answered(time.Hour, time.Hour), nil, signaling.PauseLost},
		{moving, beat(time.Minute), signaling.PauseLost},
		{interview.Session{State: interview.Paused, PausedAt: ago(time.Hour)}, nil, signaling.Nothing},
		{interview.Session{State: interview.Paused, PausedAt: ago(25 * time.Hour)}, nil, signaling.EndForgotten},
		{interview.Session{State: interview.Ended}, nil, signaling.Nothing},
		{interview.Session{}, nil, signaling.Nothing},
	} {
		if got := signaling.Diagnose(&c.session, c.owner, maxWait, now); got != c.want {
			t.Errorf("%+v, owner %+v: %q, want %q", c.session, c.owner, got, c.want)
		}
	}
}

// TestALegacyClientIsAnsweredByTheSweep: it repeats nothing, so what a
// Lambda left half done is the sweep's.
func TestALegacyClientIsAnsweredByTheSweep(t *testing.T) {
	for _, step := range []string{"offered", "dispatched", "marked"} {
		t.Run(step, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				w.dies = func(at string) bool { return at == step }
				w.boot(1, never)
				b := w.connect()
				began := time.Now()
				b.send(encode(offerOf("", sdp)))
				w.mu.Lock()
				w.dies = never
				w.mu.Unlock()
				w.work.Go(func() {
					for range 3 {
						time.Sleep(3 * time.Second)
						w.sweep()
					}
				})
				for {
					switch m := b.next(answerLimit).(type) {
					case *wire.Answer:
						if took := time.Since(began); took > answerLimit {
							t.Errorf("answered after %v", took)
						}
						return
					case nil:
						t.Fatalf("no answer; session %+v", b.session())
					default:
						t.Logf("%T %+v", m, m)
					}
				}
			})
		})
	}
}

func TestTheSweepTellsWhoIsLost(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		running, _ := w.owned()
		time.Sleep(4 * time.Minute)
		for range 2 {
			w.sweep()
		}
		if bye := expect[wire.Bye](running); bye.Reason != "lost" || !bye.Resumable {
			t.Errorf("%+v", bye)
		}
		running.silent()
		if got := running.state(); got != interview.Paused {
			t.Errorf("its session is %q", got)
		}
		w.hasFailed(1)
	})
	bubble(t, func(t *testing.T, w *world) {
		running, _ := w.owned()
		w.must(w.store.Gone(t.Context(), "owner"))
		time.Sleep(time.Minute)
		w.sweep()
		if bye := expect[wire.Bye](running); !bye.Resumable {
			t.Errorf("%+v", bye)
		}
		id := running.session().ID
		time.Sleep(25 * time.Hour)
		w.sweep()
		if s, err := w.store.Session(t.Context(), id); err != nil || s.State != interview.Ended {
			t.Errorf("session %+v, %v", s, err)
		}
		w.hasFailed(1) // that nobody came back is no failure
	})
}

// TestTheSweepEndsWhatTheLegacyClientLost: it cannot resume, and shows
// nothing but an error.
func TestTheSweepEndsWhatTheLegacyClientLost(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		legacy, _ := w.ownedAs("")
		time.Sleep(4 * time.Minute)
		w.sweep()
		if e := expect[wire.Error](legacy); e.Code != "lost" || e.Message == "" {
			t.Errorf("%+v", e)
		}
		if got := legacy.state(); got != interview.Ended {
			t.Errorf("its session is %q", got)
		}
		w.hasFailed(1)
	})
}

func TestTheSweepTakesAClaimBack(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		b := w.connect()
		b.send(encode(offerOf("p", sdp)))
		expect[wire.Session](b)
		expect[wire.WaitingTurn](b)
		s := b.session()
		_, err := w.store.Claim(t.Context(), store.Claim{Session: s.ID, Peer: "p", OfferAt: s.Offer.At, Worker: "dead", At: time.Now()})
		w.must(err)
		w.must(w.drain()) // the message is lost
		time.Sleep(6 * time.Second)
		w.sweep()
		w.boot(1, never)
		if a := expect[wire.Answer](b); a.Peer != "p" {
			t.Errorf("answer: %+v", a)
		}
	})
}

// TestTheSweepWaitsWhileNobodyIsHeardOf: when all heartbeats are old it is the
// table that was away, and the workers talk on.
func TestTheSweepWaitsWhileNobodyIsHeardOf(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		running, inbox := w.owned()
		time.Sleep(time.Minute)
		w.sweep()
		if got := running.state(); got != interview.Answered {
			t.Errorf("after an outage the session is %q", got)
		}
		w.must(w.store.Beat(t.Context(), interview.Worker{ID: "owner", Inbox: inbox, Beat: time.Now()}))
		w.sweep()
		if got := running.state(); got != interview.Answered {
			t.Errorf("when its worker is back the session is %q", got)
		}
	})
}

// moving is a browser whose session moves.
func (w *world) moving() *browser {
	w.t.Helper()
	b, _ := w.owned()
	s := b.session()
	w.must(w.store.Moving(w.t.Context(), s.ID, s.Epoch))
	return b
}

func TestASessionThatMovesInvitesASuccessor(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		b := w.moving()
		epoch, owner := b.session().Epoch, b.session().Owner
		invitation := offerOf("successor", sdp)
		invitation.Want = interview.WantElsewhere
		b.send(encode(invitation))
		b.send(encode(invitation)) // the same again
		s := b.session()
		if !s.Inviting() || s.Epoch != epoch || s.Owner != owner || s.Offer.Peer != "successor" || s.Dispatched.IsZero() {
			t.Errorf("invited: %+v", s)
		}
		if n := w.queue.Len(); n != 1 {
			t.Errorf("%d dispatch messages, want one", n)
		}
		b.silent()
	})
}

func TestTheSweepForgetsWorkers(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		_, inbox := w.owned()
		time.Sleep(8 * time.Minute)
		w.sweep()
		w.sweep()
		left, err := w.store.Workers(t.Context())
		w.must(err)
		if len(left) > 0 {
			t.Errorf("workers: %+v", left)
		}
		if err := w.queue.SendInbox(t.Context(), inbox, queue.Inbox{}); err == nil {
			t.Error("the inbox is still there")
		}
	})
}

// TestSweepsSideBySide: any number of sweeps at once does what one does.
func TestSweepsSideBySide(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		var all []*browser
		for n := range 5 {
			b := w.connect()
			b.send(encode(offerOf(fmt.Sprintf("p%d", n), sdp)))
			all = append(all, b)
		}
		time.Sleep(5 * time.Minute)
		for range 4 {
			w.work.Go(w.sweep)
		}
		time.Sleep(time.Second)
		for _, b := range all {
			n := 0
			for m := b.next(time.Second); m != nil; m = b.next(time.Second) {
				if _, full := m.(*wire.Error); full {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%s was told %d times", b.id, n)
			}
		}
		w.hasFailed(len(all))
	})
}
