package modelcheck

import (
	"context"
	"time"

	"casey.internal/lambdas/signaling"
	"casey.internal/shared/interview"
)

const maxWait = time.Hour

// The steps of the sweep; between any two it may die.
const (
	away      = iota
	looking   // it has seen what a session needs, in a list that may be old
	repairing // it has looked again
	putBack   // it is to send the message of an offer
	sent      // and has
)

// sweeper is one pass of the sweep over the session.
type sweeper struct {
	step   int
	repair signaling.Repair
	epoch  int64
	offer  int
}

func (w *world) diagnose() signaling.Repair {
	return signaling.Diagnose(w.read(), w.owner(), maxWait, w.time())
}

// sweep takes the sweep's next step; any that is not named ends the pass.
func (w *world) sweep(int) {
	x, ctx := &w.sweeper, context.Background()
	switch x.step {
	case away:
		*x = sweeper{step: looking, repair: w.diagnose()}
		return
	case looking:
		if s := w.read(); x.repair == w.diagnose() || w.mutated(SweepLooksOnce) {
			x.step, x.epoch, x.offer = repairing, s.Epoch, offerIndex(s.Offer.At)-1
			if x.repair == signaling.Redispatch {
				x.step = putBack
			}
			return
		}
	case repairing:
		if w.repair() {
			x.step = putBack
			return
		}
	case putBack:
		w.send(x.offer)
		x.step = sent
		return
	case sent:
		_ = refused(w.write().Dispatched(ctx, session, offerAt(x.offer), w.time()))
	}
	*x = sweeper{}
}

// repair is the write of a repair; true = a message is to follow.
func (w *world) repair() bool {
	x, ctx, held := w.sweeper, context.Background(), w.held()
	var err error
	switch x.repair {
	case signaling.TakeBack:
		return !refused(w.write().PutBack(ctx, session, x.epoch))
	case signaling.EndFull:
		_, err = w.write().EndWaiting(ctx, session, offerAt(x.offer), "full", w.time())
	case signaling.EndNoMedia:
		_, err = w.write().End(ctx, session, x.epoch, "swept", w.time())
	case signaling.PauseLost:
		if _, err = w.write().Pause(ctx, session, x.epoch, w.time()); err == nil && held {
			w.wrong = "the sweep took a session from a worker that lives"
		}
	default:
		return false
	}
	if !refused(err) {
		w.browser.told = true
	}
	return false
}

// held reports whether a worker that lives has the session, and is not one
// that waits for media in vain.
func (w *world) held() bool {
	s := w.read()
	for n, x := range w.workers {
		if x.alive && name(n) == s.Owner {
			return s.State == interview.Claimed || s.HasMedia()
		}
	}
	return false
}

func (w *world) sweepDies(int) {
	w.crashes--
	w.sweeper = sweeper{}
}
