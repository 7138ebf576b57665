package modelcheck

import "casey.internal/shared/interview"

// patient is the number of ticks that pass where nothing else happens, until
// nothing is expected to happen any more.
const patient = 16

// word is within how many ticks an offer is answered, or the browser told that
// it is not: 10 s, one more for each that passed while others were at work, and
// two more for each death.
func (o *Options) word() int { return 2 + o.Ticks + 2*o.Crashes }

// check looks at a state: who is heard, what of it will be known, and who waits
// for a word.
func (w *world) check() string {
	b := &w.browser
	if w.wrong != "" {
		return w.wrong
	}
	if b.waits() && w.now-b.since > w.opts.word() {
		return "an offer waits too long for a word"
	}
	if w.heard() > 1 {
		return "two are heard"
	}
	if b.count == 0 {
		return ""
	}
	counted := w.counted()
	for _, t := range b.heard[:b.count] {
		if !counted[t] {
			return "a turn that was heard is lost"
		}
	}
	return ""
}

// waited is for how many ticks the offer waited that got its word by the last
// step.
func (w *world) waited(before *world) int {
	if !before.browser.waits() || w.browser.waits() || w.browser.newest() != before.browser.newest() {
		return 0
	}
	return w.now - w.browser.since
}

// counted are the turns that are part of the interview.
func (w *world) counted() map[turn]bool {
	s, counted, turns := *w.read(), map[turn]bool{}, w.turns()
	if w.mutated(Unmarked) {
		s.History = nil
	}
	if !w.mutated(EverythingCounts) {
		turns = interview.Count(&s, turns)
	}
	for _, t := range turns {
		counted[turn{t.Epoch, t.Number}] = true
	}
	return counted
}

// settled looks at a state in which nothing more will happen by itself.
func (w *world) settled() string {
	if !w.browser.waits() || w.heard() > 0 {
		return ""
	}
	return "an offer is left without an answer"
}

// heard returns the number of workers that the browser hears.
func (w *world) heard() int {
	n := 0
	for _, x := range w.workers {
		if x.alive && x.stage == live && w.browser.plays(x.leg) {
			n++
		}
	}
	return n
}
