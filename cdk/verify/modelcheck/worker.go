package modelcheck

import (
	"context"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/store"
)

// The stages of a worker with a session; between any two it may die.
const (
	free      = iota
	received  // a dispatch message
	taking    // it was judged that the session may be taken
	telling   // it was judged that nobody will answer
	ending    // and the browser was told
	answering // claimed or reserved
	answered  // the store knows that the answer is decided
	posted    // the browser has it
	live      // connected: it listens and speaks
	waiting   // connected as successor: neither
	asked     // the owner was asked for the session
	passing   // as owner: it has ended its sentence, and writes
)

const none = -1

// worker is one worker with at most one session. What is left of a dead one is
// its last heartbeat.
type worker struct {
	alive     bool
	leaving   bool // goes away and takes nothing
	stage     int
	message   int // of the queue that is handled, none once it is deleted
	leg       int // the offer that it answers or has answered
	successor bool
	epoch     int64
	turns     int  // said in this epoch
	wanted    bool // the other worker asked for the session
	beat      time.Time
	marked    time.Time // when the answer was decided
	slow      bool      // to post it
}

// tick lets time pass, and the living tell that they live. A heartbeat vouches
// for no answer that is not posted (host.heartbeat).
func (w *world) tick(int) {
	w.now++
	if w.heard() > 0 {
		w.browser.since = w.now // somebody goes on meanwhile
	}
	for n := range w.workers {
		if x := &w.workers[n]; x.alive {
			x.beat = w.time()
			if x.stage == answered && !w.mutated(AnyHeartbeat) {
				x.beat = x.marked
			}
		}
	}
}

// visible is a message that waits for a worker.
func (w *world) visible() int {
	for i, m := range w.queue {
		if m.of > 0 && m.visible <= w.now {
			return i
		}
	}
	return none
}

func (w *world) receive(n int) {
	i := w.visible()
	m := &w.queue[i]
	m.visible = w.now + 1
	w.workers[n] = worker{alive: true, stage: received, message: i, leg: m.of - 1, beat: w.workers[n].beat}
}

// work takes the worker's next step.
func (w *world) work(n int) {
	x := &w.workers[n]
	switch x.stage {
	case received:
		w.judge(n)
	case taking:
		w.take(n)
	case telling:
		w.tell(n)
	case ending:
		_, err := w.write().End(context.Background(), session, x.epoch, "lost", w.time())
		_ = refused(err)
		w.release(n)
	case answering:
		w.mark(n)
	case answered:
		w.answer(x.leg, n)
		x.stage, x.slow = posted, w.age(x.marked) > 0
	case waiting:
		w.ask(n)
	case asked:
		w.inherit(n)
	case passing:
		w.pass(n)
	}
}

// judge takes interview.Judge's decision about the message.
func (w *world) judge(n int) {
	x, s, owner := &w.workers[n], w.read(), w.owner()
	if w.mutated(UnseenHeartbeat) {
		owner = nil
	}
	d := interview.Judge(s, peer(x.leg), offerAt(x.leg), owner, w.time())
	switch d.Action {
	case interview.Take:
		x.stage, x.successor = taking, s.Inviting()
	case interview.Leave:
		x.message = none
		w.release(n)
	case interview.Delete:
		w.release(n)
	case interview.GiveUp:
		x.stage, x.epoch = telling, s.Epoch
		if other := w.workers[1-n]; other.alive && name(1-n) == s.Owner && other.stage >= posted && other.leg == x.leg && !other.slow {
			w.wrong = "a session is given up that its worker has answered"
		}
	}
}

func (w *world) take(n int) {
	x, ctx := &w.workers[n], context.Background()
	c := store.Claim{Session: session, Peer: peer(x.leg), OfferAt: offerAt(x.leg), Worker: name(n), Inbox: string(name(n)), At: w.time()}
	var claimed *store.Claimed
	var err error
	switch {
	case x.successor:
		claimed, err = w.write().Reserve(ctx, c)
	case w.mutated(AnyClaim):
		s := w.read()
		_, err = w.write().PutOffer(ctx, s, w.offer(x.leg)) // now any claim is legal
		_ = refused(err)
		fallthrough
	default:
		claimed, err = w.write().Claim(ctx, c)
	}
	if refused(err) {
		x.message = none
		w.release(n)
		return
	}
	x.stage, x.epoch = answering, claimed.Session.Epoch
	if w.mutated(MessageDeletedSoon) {
		w.forget(x.message)
	}
}

// tell is host.giveUp's first half.
func (w *world) tell(n int) {
	x, s := &w.workers[n], w.read()
	if s.Epoch != x.epoch || s.State != interview.Answered && s.State != interview.Moving || !s.Offer.At.Equal(offerAt(x.leg)) {
		w.release(n)
		return
	}
	w.browser.told = true
	x.stage = ending
}

// mark stores that the answer is decided.
func (w *world) mark(n int) {
	x, ctx := &w.workers[n], context.Background()
	x.marked = w.time()
	var err error
	if x.successor {
		err = w.write().SuccessorAnswered(ctx, session, offerAt(x.leg), name(n), x.marked)
	} else {
		err = w.write().Answered(ctx, session, w.epoch(x.epoch), x.marked)
	}
	if x.stage = answered; refused(err) {
		x.message = none
		w.release(n)
	}
}

// delete removes the message of an answer that was posted.
func (w *world) delete(n int) { w.forget(w.workers[n].message) }

// say stores a turn, which the browser hears if it plays this worker's leg.
func (w *world) say(n int) {
	x := &w.workers[n]
	x.turns++
	t := turn{x.epoch, x.turns}
	if t.epoch >= w.stored.epoch {
		w.stored = t
	}
	must(w.write().PutTurn(context.Background(), interview.Turn{Session: session, Epoch: t.epoch, Number: t.number, Began: beginning}))
	if w.browser.plays(x.leg) {
		w.browser.hear(t)
	} else if t.epoch < w.read().Epoch && w.counted()[t] {
		w.wrong = "a turn counts that a worker wrote after it had lost the session"
	}
}

// missed pauses a session whose browser is away.
func (w *world) missed(n int) {
	_, err := w.write().Pause(context.Background(), session, w.epoch(w.workers[n].epoch), w.time())
	_ = refused(err) // somebody else has it
	w.release(n)
}

// release frees a worker of the session; its message is done with.
func (w *world) release(n int) {
	w.forget(w.workers[n].message)
	w.workers[n] = worker{alive: true, leg: none, message: none, beat: w.workers[n].beat}
}

func (w *world) workerDies(n int) {
	w.crashes--
	w.workers[n] = worker{leg: none, message: none, beat: w.workers[n].beat}
}
