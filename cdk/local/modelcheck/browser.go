package modelcheck

import (
	"context"

	"casey.internal/shared/interview"
)

// browser is the client: it makes one offer, and another one for elsewhere when
// it lost its peer or was asked to move. It plays the newest peer, in a move the
// old one until the new one has said anything.
type browser struct {
	offered   [2]bool
	answers   [2]int  // 1 + the worker that answered; 0 = nobody yet
	heir      [2]bool // that one was an heir
	connected [2]bool
	cut       bool // the first peer lost its network
	asked     bool // to move
	dropped   bool // the first peer, for the second
	told      bool // that it is over, or paused
	heard     [6]turn
	count     int
}

// turn is what the browser heard.
type turn struct {
	epoch  int64
	number int
}

func (b *browser) hear(epoch int64, number int) {
	b.heard[b.count] = turn{epoch, number}
	b.count++
}

// plays reports whether what comes on a leg is heard.
func (b *browser) plays(leg int) bool {
	if leg == 0 {
		return b.connected[0] && !b.cut && !b.dropped
	}
	return b.connected[1]
}

// answer delivers a worker's answer. The browser takes the first; that a second
// worker answers is wrong, unless it is an heir that the session was paused
// under: its peer is never connected.
func (w *world) answer(i, n int) {
	b := &w.browser
	first := b.answers[i] - 1
	switch {
	case first == n:
	case first < 0:
		b.answers[i], b.heir[i] = n+1, w.workers[n].heir
	case !w.workers[n].heir && !b.heir[i]:
		w.wrong = "an offer was answered by two"
	}
}

// holder is the living worker at the other end of a leg, none if there is none.
func (w *world) holder(leg int) int {
	n := w.browser.answers[leg] - 1
	if n >= 0 && w.workers[n].alive && w.workers[n].leg == leg && w.workers[n].stage >= posted {
		return n
	}
	return none
}

// repeats reports whether a repeat of an offer is still under way. What comes
// seconds after the offer was answered is left out here: it counts as one more
// offer, which the browser's next try puts right.
func (w *world) repeats(i int) bool {
	return w.lambdas[i].repeated && w.lambdas[i].step != finished
}

// leaves reports whether the browser has a reason to offer again.
func (w *world) leaves() bool {
	b := &w.browser
	if w.repeats(0) {
		return false
	}
	return b.connected[0] && !b.offered[1] && (b.cut || b.asked || w.holder(0) == none)
}

// check looks at a state: who is heard, and what of it will be known.
func (w *world) check() string {
	if w.wrong != "" {
		return w.wrong
	}
	speaking := 0
	for _, x := range w.workers {
		if x.alive && x.stage == live && w.browser.plays(x.leg) {
			speaking++
		}
	}
	if speaking > 1 {
		return "two are heard"
	}
	turns, err := w.store.Turns(context.Background(), session)
	w.must(err)
	counted := map[turn]bool{}
	for _, t := range interview.Count(w.read(), turns) {
		counted[turn{t.Epoch, t.Number}] = true
	}
	for _, t := range w.browser.heard[:w.browser.count] {
		if !counted[t] {
			return "a turn that was heard is lost"
		}
	}
	return ""
}

// settled looks at a state in which nothing more will happen.
func (w *world) settled() string {
	b := &w.browser
	newest := 0
	if b.offered[1] {
		newest = 1
	}
	if !b.offered[newest] || b.answers[newest] != 0 || b.told {
		return ""
	}
	for _, x := range w.workers {
		if x.alive && x.stage == live && b.plays(x.leg) {
			return "" // its worker goes on
		}
	}
	return "an offer is left without an answer"
}
