package modelcheck

import (
	"context"

	"casey.internal/shared/interview"
	"casey.internal/shared/store"
)

// The stages of a worker with a session; between any two it may die.
const (
	free      = iota
	received  // a dispatch message
	taking    // it was judged that the session may be taken
	answering // claimed or reserved
	answered  // the store knows that the answer is decided
	posted    // the browser has it
	live      // connected: it listens and speaks
	waiting   // connected as heir: neither
	asked     // the owner was asked for the session
	passing   // as owner: it has ended its sentence, and writes
	lost      // somebody else has the session
)

const none = -1

// worker is one worker with at most one session.
type worker struct {
	alive   bool
	leaving bool // goes away and takes nothing
	stage   int
	message int // of the queue that is handled
	leg     int // the offer that it answers or has answered
	heir    bool
	epoch   int64
	turns   int // said in this epoch
	wanted  int // 1 + the worker that asked for the session
}

func (w *world) receive(n int) {
	x := &w.workers[n]
	for i := range w.queue {
		if m := &w.queue[i]; m.of > 0 && m.visible <= w.now {
			m.visible = w.now + 1
			m.received++
			*x = worker{alive: true, stage: received, message: i, leg: m.of - 1}
			return
		}
	}
}

// visible reports whether a message waits for a worker.
func (w *world) visible() bool {
	for _, m := range w.queue {
		if m.of > 0 && m.visible <= w.now {
			return true
		}
	}
	return false
}

// work takes the worker's next step.
func (w *world) work(n int) {
	x, ctx := &w.workers[n], context.Background()
	switch x.stage {
	case received:
		w.judge(n)
	case taking:
		w.take(n)
	case answering:
		var err error
		if x.heir {
			err = w.store.HeirAnswered(ctx, session, offerAt(x.leg), name(n), w.time())
		} else {
			err = w.store.Answered(ctx, session, w.epoch(x.epoch), w.time())
		}
		if x.stage = answered; w.refused(err) {
			w.release(n)
		}
	case answered:
		w.answer(x.leg, n)
		w.forget(x.message)
		x.stage = posted
	case waiting:
		for o := range w.workers {
			if w.workers[o].stage == live && name(o) == w.read().Owner {
				w.workers[o].wanted = n + 1
			}
		}
		x.stage = asked
	case asked:
		w.inherit(n)
	case passing:
		w.pass(n)
	}
}

// judge is what interview.Judge says of the message.
func (w *world) judge(n int) {
	x, s := &w.workers[n], w.read()
	var owner *interview.Worker
	if s.Owner != "" {
		owner, _ = w.store.Worker(context.Background(), s.Owner) // none = gone
	}
	d := interview.Judge(s, peer(x.leg), offerAt(x.leg), owner, w.time())
	switch d.Action {
	case interview.Take:
		x.stage, x.heir = taking, s.Inviting()
	case interview.Leave:
		w.release(n)
	case interview.Delete:
		w.forget(x.message)
		w.release(n)
	case interview.GiveUp:
		if _, err := w.store.End(context.Background(), session, s.Epoch, "lost", w.time()); !w.refused(err) {
			w.browser.told = true
		}
		w.forget(x.message)
		w.release(n)
	}
}

func (w *world) take(n int) {
	x, ctx := &w.workers[n], context.Background()
	c := store.Claim{Session: session, Peer: peer(x.leg), OfferAt: offerAt(x.leg), Worker: name(n), Inbox: string(name(n)), At: w.time()}
	take := w.store.Claim
	if x.heir {
		take = w.store.Reserve
	}
	claimed, err := take(ctx, c)
	if w.refused(err) {
		w.release(n)
		return
	}
	x.stage, x.epoch = answering, claimed.Session.Epoch
}

// connected is told when the browser's peer is.
func (w *world) connected(n int) {
	x := &w.workers[n]
	if x.heir {
		x.stage = waiting
		return
	}
	x.stage = live
	if w.refused(w.store.Connected(context.Background(), session, w.epoch(x.epoch), w.time())) {
		x.stage = lost
	}
}

// inherit takes the session that nobody hands over, or learns that it was. The
// browser drops the old peer first.
func (w *world) inherit(n int) {
	x := &w.workers[n]
	w.browser.dropped = true
	claimed, err := w.store.Succeed(context.Background(), store.Succession{Session: session, Epoch: w.epoch(x.epoch), Heir: name(n), At: w.time()})
	if w.refused(err) {
		x.stage = lost
		return
	}
	x.stage, x.heir, x.epoch, x.turns = live, false, claimed.Session.Epoch, 0
}

// pass makes the heir the owner; the owner speaks no more.
func (w *world) pass(n int) {
	x := &w.workers[n]
	_, err := w.store.Succeed(context.Background(), store.Succession{Session: session, Epoch: w.epoch(x.epoch), At: w.time()})
	_ = w.refused(err) // then somebody else has it: the same for this one
	x.stage = lost
}

// say stores a turn, which the browser hears if it plays this worker's leg.
func (w *world) say(n int) {
	x := &w.workers[n]
	x.turns++
	number := len(w.browser.heard) + x.turns
	turn := interview.Turn{Session: session, Epoch: x.epoch, Number: number, Text: string(name(n)), Began: beginning}
	w.must(w.store.PutTurn(context.Background(), turn))
	if w.browser.plays(x.leg) {
		w.browser.hear(x.epoch, number)
	}
}

// move begins to go away with a session.
func (w *world) move(n int) {
	x := &w.workers[n]
	x.leaving = true
	if w.refused(w.store.Moving(context.Background(), session, w.epoch(x.epoch))) {
		x.stage = lost
		return
	}
	w.browser.asked = true
}

// release frees a worker that has nothing to do with the session.
func (w *world) release(n int) { w.workers[n] = worker{alive: true, leg: none} }

func (w *world) forget(i int) { w.queue[i].of = 0 }
