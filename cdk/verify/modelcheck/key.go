package modelcheck

import (
	"bytes"
	"slices"
	"time"

	"casey.internal/lambdas/signaling"
	"casey.internal/shared/interview"
)

// key tells states apart by what may still matter: times by how long ago they
// were, as far as any rule asks, epochs by how far they are behind, and the two
// workers by what they do, not by their names. Turns of earlier epochs do not
// matter any more: their watermarks stand.
type key [48]byte

func (w *world) key() key {
	a, b := w.encode([2]int{0, 1}), w.encode([2]int{1, 0})
	if bytes.Compare(a[:], b[:]) <= 0 {
		return a
	}
	return b
}

// encoder writes a key; order says where each worker goes.
type encoder struct {
	w     *world
	order [2]int
	key   key
	n     int
}

func (w *world) encode(order [2]int) key {
	e := encoder{w: w, order: order}
	e.num(min(w.now, w.opts.Ticks), w.crashes)
	e.bits(w.resting, w.lambdas[0].repeated, w.lambdas[1].repeated)
	e.num(w.lambdas[0].step, w.lambdas[1].step)
	e.session()
	e.sweeper()
	e.worker(slices.Index(order[:], 0))
	e.worker(slices.Index(order[:], 1))
	e.browser()
	e.queue()
	return e.key
}

func (e *encoder) num(numbers ...int) {
	for _, n := range numbers {
		e.key[e.n] = byte(n)
		e.n++
	}
}

func (e *encoder) bits(bits ...bool) {
	n := 0
	for i, b := range bits {
		if b {
			n |= 1 << i
		}
	}
	e.num(n)
}

// who is a worker's place, 0 = nobody.
func (e *encoder) who(id interview.WorkerID) int {
	switch id {
	case name(0):
		return 1 + e.order[0]
	case name(1):
		return 1 + e.order[1]
	}
	return 0
}

// age writes the ticks since something was, up to a limit above which nobody asks.
func (e *encoder) age(of bool, t time.Time, limit int) {
	if !of {
		e.num(0)
		return
	}
	e.num(1 + min(e.w.age(t), limit))
}

// behind writes the number of epochs that an epoch is behind.
func (e *encoder) behind(epoch int64) { e.num(int(min(e.w.read().Epoch-epoch, 2))) }

func (e *encoder) session() {
	s := e.w.read()
	waits, moves := s.State == interview.Waiting, s.State == interview.Moving
	e.num(slices.Index(states, s.State), offerIndex(s.Offer.At))
	e.bits(s.ConnectedAt.IsZero(), (waits || moves) && s.Dispatched.IsZero(), moves && !s.Successor.Answered.IsZero())
	e.age(waits && !s.Dispatched.IsZero(), s.Dispatched, 13)
	e.age(s.State == interview.Claimed, s.ClaimedAt, 10)
	e.owner()
	if moves || s.State == interview.Paused {
		e.num(offerIndex(s.Invited))
	}
	if moves {
		e.num(e.who(s.Successor.Worker))
		e.age(s.Successor.Worker != "" && s.Successor.Answered.IsZero(), s.Successor.At, 2)
	}
	if e.w.stored.epoch == s.Epoch {
		e.num(e.w.stored.number)
	} else {
		e.num(0)
	}
}

// owner writes which worker has the session, and whether it answered lately.
func (e *encoder) owner() {
	s := e.w.read()
	running := s.State == interview.Answered || s.State == interview.Moving
	if !running && s.State != interview.Claimed {
		return
	}
	silent, owner := running && !s.HasMedia(), e.w.owner()
	e.num(e.who(s.Owner))
	e.bits(silent, silent && owner != nil && owner.Beat.After(s.AnsweredAt))
	e.age(silent, s.AnsweredAt, 8)
}

var states = []interview.State{interview.Allotted, interview.Waiting, interview.Claimed, interview.Answered, interview.Moving, interview.Paused, interview.Ended}

// offerIndex is 1 + the offer of that time, 0 = none.
func offerIndex(at time.Time) int {
	if at.IsZero() {
		return 0
	}
	return int(at.Sub(beginning).Nanoseconds())
}

func (e *encoder) sweeper() {
	x := e.w.sweeper
	e.num(x.step)
	switch x.step {
	case looking:
		e.num(slices.Index(repairs, x.repair))
	case repairing:
		e.num(slices.Index(repairs, x.repair), x.offer)
		e.behind(x.epoch)
	case putBack, sent:
		e.num(x.offer)
	}
}

var repairs = []signaling.Repair{signaling.Nothing, signaling.Redispatch, signaling.TakeBack, signaling.EndFull, signaling.EndNoMedia, signaling.PauseLost}

func (e *encoder) worker(n int) {
	x, s := e.w.workers[n], e.w.read()
	e.bits(x.alive, x.leaving, x.successor, x.wanted, x.slow)
	e.num(x.stage, x.leg+1, x.turns)
	if x.stage >= telling {
		e.behind(x.epoch)
	}
	silent := !x.alive || x.stage == answered
	e.age(silent && (s.Owner == name(n) || s.Successor.Worker == name(n)), x.beat, 12)
}

func (e *encoder) browser() {
	b := &e.w.browser
	e.bits(b.offered[0], b.offered[1], b.successor[0], b.successor[1], b.connected[0], b.connected[1])
	e.bits(b.cut, b.asked, b.dropped, b.told)
	since := 0
	if b.waits() {
		since = e.w.now - b.since
	}
	heard := 0
	for _, t := range b.heard[:b.count] {
		if t.epoch == e.w.read().Epoch {
			heard |= 1 << t.number
		}
	}
	e.num(since, heard)
	for _, n := range b.answers {
		if n > 0 {
			n = 1 + e.order[n-1]
		}
		e.num(n)
	}
}

// queue is the messages, in no order: which offer, when it is seen, who has it.
func (e *encoder) queue() {
	var all []int
	for i, m := range e.w.queue {
		if m.of == 0 {
			continue
		}
		code := m.of<<6 | max(m.visible-e.w.now, 0)<<2
		for n, x := range e.w.workers {
			if x.message == i {
				code |= 1 << e.order[n]
			}
		}
		all = append(all, code)
	}
	slices.Sort(all)
	e.num(all...)
}
