package signaling_test

import (
	"context"
	"crypto/sha256"
	"testing"
	"time"

	"casey.internal/lambdas/signaling"
	"casey.internal/shared/interview"
	"casey.internal/shared/store"
	storememory "casey.internal/shared/store/memory"
)

// failing is a store whose reads or resumptions fail.
type failing struct {
	*storememory.Store
	resume, read bool
}

func (f failing) Resume(ctx context.Context, o store.Opening) (*interview.Session, error) {
	if f.resume {
		return nil, errBroken
	}
	return f.Store.Resume(ctx, o)
}

func (f failing) Session(ctx context.Context, id interview.SessionID) (*interview.Session, error) {
	if f.read {
		return nil, errBroken
	}
	return f.Store.Session(ctx, id)
}

// replace has the service use these instead of what works, until the function that
// it returns is called.
func (w *world) replace(s signaling.Store, q signaling.Queue) (mend func()) {
	working := w.service
	w.service = signaling.New(signaling.Config{Store: s, Queue: q, Poster: w.posts, MaxWait: time.Minute, Log: quiet(), Failed: w.fail})
	return func() { w.service = working }
}

// TestAPassingFaultLeavesABegunInterview has services fail for each kind of
// offer with which a page goes on with an interview that has begun.
func TestAPassingFaultLeavesABegunInterview(t *testing.T) {
	for name, fails := range map[string]struct{ queue, resume, read bool }{
		"the queue":      {queue: true},
		"the resumption": {resume: true},
		"the table":      {resume: true, read: true},
	} {
		for _, want := range []interview.Want{interview.WantFresh, interview.WantElsewhere, interview.WantRestart, interview.WantNothing} {
			t.Run(name+" "+string(want), func(t *testing.T) {
				bubble(t, func(t *testing.T, w *world) {
					old, _ := w.owned()
					secret := resumable(w, old)
					b := w.connect()
					offer := offerOf("p2", sdp+"a=2\r\n")
					offer.Want, offer.Session, offer.Resume = want, old.session().ID, secret
					w.must(w.store.Gone(t.Context(), "owner")) // so that it has to wait for another worker
					var q signaling.Queue = w.queue
					if fails.queue {
						q = broken{}
					}
					mend := w.replace(failing{w.store, fails.resume, fails.read}, q)
					b.send(encode(offer))
					if want != interview.WantRestart || !fails.queue { // which is lost with its worker
						b.refusal("internal", false)
					} else {
						b.refusal("lost", false)
					}
					mend()
					if s, err := w.store.Session(t.Context(), offer.Session); err != nil || s.State == interview.Ended {
						t.Fatalf("the interview is %+v, %v", s, err)
					}
					w.hasFailed(0)
					w.boot(1, never)
					offer.Want, offer.Peer, offer.SDP.SDP = interview.WantElsewhere, "p3", sdp+"a=3\r\n"
					b.send(encode(offer))
					begun(b)
				})
			})
		}
	}
}

// resumable gives the browser's session a secret to resume it.
func resumable(w *world, b *browser) string {
	w.t.Helper()
	const secret = "resume"
	s := b.session()
	hash := sha256.Sum256([]byte(secret))
	_, err := w.store.Open(w.t.Context(), store.Opening{
		Session: s.ID, Connection: b.id, SecretHash: hash[:], ConnectedAt: time.Now(), At: time.Now(),
	})
	w.must(err)
	return secret
}

func TestAnInterviewThatBeganOutlastsAFullHouse(t *testing.T) {
	for name, wait := range map[string]func(b *browser){
		"ping":  func(b *browser) { b.send(`{"type":"ping"}`) },
		"sweep": func(b *browser) { b.sweep() },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				b, _ := w.owned()
				offer := offerOf("p2", sdp+"a=2\r\n")
				offer.Want = interview.WantElsewhere
				b.send(encode(offer))
				time.Sleep(5 * time.Minute)
				for b.next(0) != nil {
				}
				wait(b)
				b.refusal("full", false)
				if got := b.state(); got != interview.Paused {
					t.Errorf("it is %q", got)
				}
				w.boot(1, never)
				offer.Peer, offer.SDP.SDP = "p3", sdp+"a=3\r\n"
				b.send(encode(offer))
				if m := b.next(time.Second); m == nil {
					t.Error("nobody answers")
				}
			})
		})
	}
}
