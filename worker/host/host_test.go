package host_test

import (
	"testing"
	"time"

	"casey.internal/shared/interview"
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
