package modelcheck

import (
	"context"

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
	if i > 0 && !w.mutated(Unwanted) {
		want = interview.WantElsewhere
	}
	return interview.Offer{Peer: peer(i), SDP: "v=0 " + string(peer(i)), Want: want, Connection: "c", At: offerAt(i)}
}

func (w *world) lambda(i int) {
	l := &w.lambdas[i]
	switch l.step {
	case placing:
		l.step = w.place(i)
	case sending:
		w.send(i)
		l.step = marking
	case marking:
		_ = refused(w.write().Dispatched(context.Background(), session, offerAt(i), w.time())) // a worker was quick
		l.step = finished
	}
}

// works reports whether a Lambda is at work.
func (w *world) works(i int) bool {
	return w.lambdas[i].step > idle && w.lambdas[i].step < finished
}

// place does what interview.Place says, as signaling's placeOffer does, and
// returns the next step.
func (w *world) place(i int) (next int) {
	s, offer := w.read(), w.offer(i)
	where := interview.Place(s, offer)
	if owned := where == interview.PlaceOwner || where == interview.PlaceOwnerAgain; owned && !w.owner().Alive(w.time()) {
		where = where.WithoutOwner(offer)
	}
	var err error
	switch where {
	case interview.PlaceRefused:
		w.browser.told = true
		return finished
	case interview.PlaceOwnerAgain:
		w.again(s, i)
		return finished
	case interview.PlaceOwner:
		w.adopt(s, i)
		return finished
	case interview.PlaceNowhere, interview.PlaceSuccessor, interview.PlaceLost:
		return finished
	case interview.PlaceDispatch:
		return sending
	case interview.PlaceInvite:
		_, err = w.write().Invite(context.Background(), s, offer)
	case interview.PlaceWait:
		_, err = w.write().PutOffer(context.Background(), s, offer)
	}
	if refused(err) {
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

// adopt has the owner, if it lives, answer another peer.
func (w *world) adopt(s *interview.Session, i int) {
	for n := range w.workers {
		if x := &w.workers[n]; x.alive && name(n) == s.Owner && x.stage >= posted {
			x.leg = i
			w.answer(i, n)
		}
	}
}

// lambdaDies ends a Lambda; the gateway says that the message was lost.
func (w *world) lambdaDies(i int) {
	l := &w.lambdas[i]
	w.crashes--
	again := !l.repeated && w.browser.answers[i] == 0 && (i == 1 || !w.browser.offered[1])
	*l = lambda{step: finished}
	if again {
		*l = lambda{step: placing, repeated: true}
	}
}
