package modelcheck

// browser is the client: it makes one offer, and another one for elsewhere when
// it lost its peer or was asked to move. It plays the newest peer, in a move the
// old one until the new one has said anything.
type browser struct {
	offered   [2]bool
	since     int     // when it made the newest offer, in ticks
	answers   [2]int  // 1 + the worker that answered; 0 = nobody yet
	successor [2]bool // that one was a successor
	connected [2]bool
	cut       bool // the first peer lost its network
	asked     bool // to move
	dropped   bool // the first peer, for the second
	told      bool // that it is over, or paused
	heard     [6]turn
	count     int
}

// turn is a turn as the browser heard it.
type turn struct {
	epoch  int64
	number int
}

func (b *browser) hear(t turn) {
	b.heard[b.count] = t
	b.count++
}

// plays reports whether what comes on a leg is heard.
func (b *browser) plays(leg int) bool {
	if leg == 0 {
		return b.connected[0] && !b.cut && !b.dropped
	}
	return b.connected[1]
}

// newest is the offer that was made last.
func (b *browser) newest() int {
	if b.offered[1] {
		return 1
	}
	return 0
}

// waits reports whether the newest offer has neither an answer nor another word.
func (b *browser) waits() bool {
	i := b.newest()
	return b.offered[i] && b.answers[i] == 0 && !b.told
}

func (w *world) makeOffer(i int) {
	b := &w.browser
	b.offered[i], b.told, b.since = true, false, w.now
	w.lambdas[i].step = placing
}

// connect connects a peer.
func (w *world) connect(leg int) {
	n := w.holder(leg)
	w.browser.connected[leg] = true
	w.connected(n)
}

func (w *world) cut(int) { w.browser.cut = true }

// answer delivers a worker's answer. The browser takes the first; that a second
// worker answers is wrong, unless it is a successor that the session was paused
// under: its peer is never connected.
func (w *world) answer(i, n int) {
	b := &w.browser
	first := b.answers[i] - 1
	switch {
	case first == n:
	case first < 0:
		b.answers[i], b.successor[i] = n+1, w.workers[n].successor
	case !w.workers[n].successor && !b.successor[i]:
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
	return w.lambdas[i].repeated && w.works(i)
}

// leaves reports whether the browser has a reason to offer again.
func (w *world) leaves() bool {
	b := &w.browser
	if w.repeats(0) || b.offered[1] {
		return false
	}
	return b.connected[0] && (b.cut || b.asked) || b.answers[0] != 0 && w.holder(0) == none
}
