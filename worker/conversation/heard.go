package conversation

import (
	"slices"
	"strings"
	"time"
)

// kept is how many of the candidate's turns recognition may still correct.
const kept = 4

// heard is what recognition said of the candidate's speech, divided into turns
// by lines in time.
type heard struct {
	hearings []Hearing // in the order in which they began
	open     time.Time // words that began earlier belong to turns before
	spans    []span    // of the turns before, oldest first, at most kept
}

// span is the stretch of time that a turn's words began in.
type span struct {
	turn     int // its number
	from, to time.Time
	decided  time.Time // when the turn was decided to be over
}

// take puts a hearing in its place. A stretch that was heard before under
// another name, and was not final, is replaced: its stream broke.
func (h *heard) take(x Hearing) {
	h.hearings = slices.DeleteFunc(h.hearings, func(y Hearing) bool {
		return y.ID != x.ID && !y.Final && y.overlaps(x)
	})
	if i := slices.IndexFunc(h.hearings, func(y Hearing) bool { return y.ID == x.ID }); i >= 0 {
		h.hearings[i] = x
		return
	}
	i := len(h.hearings)
	for i > 0 && x.before(h.hearings[i-1]) {
		i--
	}
	h.hearings = slices.Insert(h.hearings, i, x)
}

// current returns what was said in the open turn, whether recognition has made
// up its mind about it, and when the first word began and the last one ended.
func (h *heard) current() (text string, stable bool, began, ended time.Time) {
	stable = true
	for _, x := range h.hearings {
		for _, w := range x.Words {
			if w.Start.Before(h.open) || w.Punctuation {
				continue
			}
			stable = stable && x.settled()
			if began.IsZero() {
				began = w.Start
			}
			ended = later(ended, w.End)
		}
	}
	return h.text(h.open, time.Time{}), stable, began, ended
}

// text joins the words that began in [from, to); a zero to is for ever.
func (h *heard) text(from, to time.Time) string {
	var b strings.Builder
	for _, x := range h.hearings {
		for _, w := range x.Words {
			if w.Start.Before(from) || !to.IsZero() && !w.Start.Before(to) {
				continue
			}
			switch {
			case b.Len() == 0 && w.Punctuation:
				continue // it belongs to what was said before
			case b.Len() > 0 && !w.Punctuation:
				b.WriteByte(' ')
			}
			b.WriteString(w.Text)
		}
	}
	return b.String()
}

// absorb gives the turn before what was said after its line but, all of it,
// before it was decided to be over: words that were recognised late.
func (h *heard) absorb() {
	last := len(h.spans) - 1
	if last < 0 {
		return
	}
	decided := h.spans[last].decided
	for _, x := range h.hearings {
		for _, w := range x.Words {
			if !w.Start.Before(decided) {
				return
			}
		}
	}
	if h.text(h.open, time.Time{}) != "" {
		h.spans[last].to, h.open = decided, decided
	}
}

// extend moves the last line to now.
func (h *heard) extend(now time.Time) {
	if last := len(h.spans) - 1; last >= 0 {
		h.spans[last].to, h.spans[last].decided, h.open = now, now, now
	}
}

// close draws a line: what began before it is the given turn's.
func (h *heard) close(turn int, line, decided time.Time) {
	h.spans = append(h.spans, span{turn: turn, from: h.open, to: line, decided: decided})
	h.open = line
	if len(h.spans) <= kept {
		return
	}
	h.spans = h.spans[1:]
	oldest := h.spans[0].from
	h.hearings = slices.DeleteFunc(h.hearings, func(x Hearing) bool {
		return x.Final && !slices.ContainsFunc(x.Words, func(w Word) bool { return !w.Start.Before(oldest) })
	})
}

// reopen takes the last line back.
func (h *heard) reopen() {
	last := len(h.spans) - 1
	h.open, h.spans = h.spans[last].from, h.spans[:last]
}
