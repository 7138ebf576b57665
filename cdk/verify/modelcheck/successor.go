package modelcheck

import (
	"context"

	"casey.internal/shared/store"
)

// connected is told when the browser's peer is.
func (w *world) connected(n int) {
	x := &w.workers[n]
	if x.successor {
		x.stage = waiting
		return
	}
	x.stage = live
	if refused(w.write().Connected(context.Background(), session, w.epoch(x.epoch), w.time())) {
		w.release(n)
	}
}

// move begins to go away with a session.
func (w *world) move(n int) {
	x := &w.workers[n]
	x.leaving = true
	if refused(w.write().Moving(context.Background(), session, w.epoch(x.epoch))) {
		w.release(n)
		return
	}
	w.browser.asked = true
}

// ask asks the owner for the session.
func (w *world) ask(n int) {
	if o := &w.workers[1-n]; o.stage == live && name(1-n) == w.read().Owner {
		o.wanted = true
	}
	w.workers[n].stage = asked
}

// hush is an owner that ends its sentence, for the successor to go on.
func (w *world) hush(n int) { w.workers[n].stage = passing }

// inherit takes the session that nobody hands over, or learns that it was. The
// browser drops the old peer first.
func (w *world) inherit(n int) {
	x := &w.workers[n]
	w.browser.dropped = true
	claimed, err := w.write().Succeed(context.Background(), store.Succession{Session: session, Epoch: w.epoch(x.epoch), Successor: name(n), At: w.time()})
	if refused(err) {
		w.release(n)
		return
	}
	x.stage, x.successor, x.epoch, x.turns = live, false, claimed.Session.Epoch, 0
}

// pass makes the successor the owner; the owner speaks no more.
func (w *world) pass(n int) {
	x := &w.workers[n]
	_, err := w.write().Succeed(context.Background(), store.Succession{Session: session, Epoch: w.epoch(x.epoch), At: w.time()})
	_ = refused(err) // then somebody else has it: the same for this one
	if w.mutated(OwnerSpeaksOn) {
		x.stage = live
		return
	}
	w.release(n)
}
