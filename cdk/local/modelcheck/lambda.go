package modelcheck

import (
	"context"

	"casey.internal/lambdas/signaling"
	"casey.internal/shared/interview"
)

// The steps of a Lambda that places an offer; between any two it may die.
const (
	idle = iota
	placing
	sending
	marking
	finished
)

// lambda is one invocation, for the offer of its index. One that died is
// repeated once by the browser, which the gateway tells that its message was
// lost.
type lambda struct {
	step     int
	repeated bool
}

func (w *world) offer(i int) interview.Offer {
	want := interview.WantNothing
	if i > 0 {
		want = interview.WantElsewhere
	}
	return interview.Offer{Peer: peer(i), SDP: "v=0 " + string(peer(i)), Want: want, Connection: "c", At: offerAt(i)}
}

func (w *world) lambda(i int) {
	l, ctx := &w.lambdas[i], context.Background()
	switch l.step {
	case placing:
		l.step = w.place(i)
	case sending:
		w.send(i)
		l.step = marking
	case marking:
		_ = w.refused(w.store.Dispatched(ctx, session, offerAt(i), w.time())) // a worker was quick
		l.step = finished
	}
}

// place is signaling's rule of that name: what comes next.
func (w *world) place(i int) (next int) {
	s, offer := w.read(), w.offer(i)
	var err error
	switch {
	case s.State == interview.Ended:
		w.browser.told = true
		return finished
	case s.Holds(offer) && (s.State == interview.Waiting || s.Inviting()):
		if s.Dispatched.IsZero() {
			return sending
		}
		return finished
	case s.Holds(offer) && s.State != interview.Paused && s.State != interview.Allotted:
		w.again(s, i)
		return finished
	case s.State == interview.Moving:
		_, err = w.store.Invite(context.Background(), s, offer)
	default:
		_, err = w.store.PutOffer(context.Background(), s, offer)
	}
	if w.refused(err) {
		return placing
	}
	return sending
}

// again has the owner say once more what it answered.
func (w *world) again(s *interview.Session, i int) {
	for n := range w.workers {
		if x := &w.workers[n]; x.alive && name(n) == s.Owner && x.leg == i && x.stage >= posted {
			w.answer(i, n)
		}
	}
}

// sweep is one pass of the sweep over the session.
func (w *world) sweep() {
	w.sweeps--
	s, ctx := w.read(), context.Background()
	var owner *interview.Worker
	if s.Owner != "" {
		owner, _ = w.store.Worker(ctx, s.Owner) // none = gone
	}
	switch signaling.Diagnose(s, owner, maxWait, w.time()) {
	case signaling.Redispatch:
		w.dispatch(s)
	case signaling.TakeBack:
		if !w.refused(w.store.PutBack(ctx, session, s.Epoch)) {
			w.dispatch(s)
		}
	case signaling.EndNoMedia, signaling.EndFull:
		if _, err := w.store.End(ctx, session, s.Epoch, "swept", w.time()); !w.refused(err) {
			w.browser.told = true
		}
	case signaling.PauseLost:
		if _, err := w.store.Pause(ctx, session, s.Epoch, w.time()); !w.refused(err) {
			w.browser.told = true
		}
	}
}

func (w *world) dispatch(s *interview.Session) {
	w.send(int(s.Offer.At.Sub(offerAt(0)).Milliseconds()))
	_ = w.refused(w.store.Dispatched(context.Background(), session, s.Offer.At, w.time()))
}
