package modelcheck

import "casey.internal/shared/interview"

// bury drops what has no effect any more, so that states that differ in nothing
// else are one: messages and notes of an offer that is past.
func (w *world) bury() {
	for i, m := range w.queue {
		if m.of > 0 && w.past(m.of-1) {
			w.forget(i)
		}
	}
	for i := range w.lambdas {
		l := &w.lambdas[i]
		if l.step == finished || l.step == marking && w.past(i) {
			*l = lambda{step: finished}
		}
	}
	if x := &w.sweeper; x.step >= putBack && w.past(x.offer) {
		*x = sweeper{}
	}
}

// past reports whether an offer has been replaced, or the session is over: its
// message would be deleted, and a note of it refused.
func (w *world) past(i int) bool {
	s := w.read()
	return s.Offer.At.After(offerAt(i)) || s.State == interview.Ended
}
