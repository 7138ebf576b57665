// Package transcript keeps the words that recognition understood of one speaker,
// each with its time, and divides them into turns by lines in time.
//
// Recognition is late and changes its mind, so a turn is a stretch of time and
// not a text: words that began in it are its own, whenever they are recognised.
// There is no clock in here: every line is drawn where the caller says.
package transcript

import (
	"iter"
	"slices"
	"strings"
	"time"
	"unicode"
)

// correctable is how many closed turns recognition may still correct.
const correctable = 4

// Hearing is what recognition makes of a stretch of speech so far. It replaces
// the one with the same ID, and those that were not Final and overlap it in time.
type Hearing struct {
	ID    string
	Final bool
	Words []Word
}

// Word is a word, or a punctuation mark, and when it was spoken.
type Word struct {
	Text        string
	Start, End  time.Time
	Stable      bool // recognition will not change it any more
	Punctuation bool
	Unsure      bool // recognition does not trust it
}

// Said is what was said in a turn.
type Said struct {
	Text   string
	Stable bool          // recognition will not change it any more
	Began  time.Time     // the first word
	Ended  time.Time     // the last word
	Unsure int           // words that recognition does not trust
	Pause  time.Duration // the longest between two words
}

// Transcript is all that was heard: some closed turns and one that is open. The
// zero value is empty, and its open turn begins with the first word.
type Transcript struct {
	hearings []Hearing // in the order in which they began
	open     time.Time // words that began earlier belong to closed turns
	closed   []turn    // oldest first, at most correctable
}

// turn is the stretch of time in which a closed turn's words began.
type turn struct {
	number   int
	from, to time.Time
	decided  time.Time // when it was closed
}

// Add puts a hearing in its place. One that was heard before under another ID,
// and was not final, is replaced: its stream broke.
func (t *Transcript) Add(h Hearing) {
	t.hearings = slices.DeleteFunc(t.hearings, func(old Hearing) bool {
		return old.ID != h.ID && !old.Final && old.overlaps(h)
	})
	if i := slices.IndexFunc(t.hearings, func(old Hearing) bool { return old.ID == h.ID }); i >= 0 {
		t.hearings[i] = h
		return
	}
	i := len(t.hearings)
	for i > 0 && h.before(t.hearings[i-1]) {
		i--
	}
	t.hearings = slices.Insert(t.hearings, i, h)
}

// Open returns what was said in the open turn.
func (t *Transcript) Open() Said { return t.said(t.open, time.Time{}) }

// said returns what was said in [from, to); a zero to is for ever.
func (t *Transcript) said(from, to time.Time) Said {
	said := Said{Text: t.text(from, to), Stable: true}
	for _, h := range t.hearings {
		for _, w := range h.Words {
			if w.Start.Before(from) || !to.IsZero() && !w.Start.Before(to) || w.Punctuation {
				continue
			}
			said.Stable = said.Stable && h.stable()
			said.add(w)
		}
	}
	return said
}

// add takes the times of a further word, and how sure it is.
func (s *Said) add(w Word) {
	if s.Began.IsZero() {
		s.Began, s.Ended = w.Start, w.Start
	}
	s.Pause = max(s.Pause, w.Start.Sub(s.Ended))
	s.Ended = later(s.Ended, w.End)
	if w.Unsure {
		s.Unsure++
	}
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// Closed yields the number of each closed turn and what was said in it, oldest first.
func (t *Transcript) Closed() iter.Seq2[int, Said] {
	return func(yield func(int, Said) bool) {
		for _, c := range t.closed {
			if !yield(c.number, t.said(c.from, c.to)) {
				return
			}
		}
	}
}

// Last returns the number of the turn that was closed last, 0 when none was.
func (t *Transcript) Last() int {
	if len(t.closed) == 0 {
		return 0
	}
	return t.last().number
}

// last returns the turn that was closed last. There must be one.
func (t *Transcript) last() *turn { return &t.closed[len(t.closed)-1] }

// Close draws a line: what began before it, and after the line before, is the
// turn of that number. decided is when the turn was taken to be over.
func (t *Transcript) Close(number int, line, decided time.Time) {
	t.closed = append(t.closed, turn{number: number, from: t.open, to: line, decided: decided})
	t.open = line
	if len(t.closed) <= correctable {
		return
	}
	t.closed = t.closed[1:]
	oldest := t.closed[0].from
	t.hearings = slices.DeleteFunc(t.hearings, func(h Hearing) bool {
		return h.Final && !slices.ContainsFunc(h.Words, func(w Word) bool { return !w.Start.Before(oldest) })
	})
}

// Reopen takes the last line back: the turn that was closed last is open again.
func (t *Transcript) Reopen() {
	t.open = t.last().from
	t.closed = t.closed[:len(t.closed)-1]
}

// Absorb gives the turn that was closed last what was said after its line but,
// all of it, before it was decided to be over: words that were recognised late.
func (t *Transcript) Absorb() {
	if len(t.closed) == 0 {
		return
	}
	decided := t.last().decided
	for _, h := range t.hearings {
		if slices.ContainsFunc(h.Words, func(w Word) bool { return !w.Start.Before(decided) }) {
			return
		}
	}
	if t.text(t.open, time.Time{}) != "" {
		t.last().to, t.open = decided, decided
	}
}

// Extend moves the last line to a later time, if there is one.
func (t *Transcript) Extend(line time.Time) {
	if len(t.closed) > 0 {
		t.last().to, t.last().decided, t.open = line, line, line
	}
}

// text joins the words that began in [from, to); a zero to is for ever.
func (t *Transcript) text(from, to time.Time) string {
	var b strings.Builder
	for _, h := range t.hearings {
		for _, w := range h.Words {
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

// stable reports whether recognition will change no word of h any more.
func (h Hearing) stable() bool {
	return h.Final || !slices.ContainsFunc(h.Words, func(w Word) bool { return !w.Stable })
}

// overlaps reports whether h and x share a stretch of time.
func (h Hearing) overlaps(x Hearing) bool {
	if len(h.Words) == 0 || len(x.Words) == 0 {
		return false
	}
	began, ended := h.Words[0].Start, h.Words[len(h.Words)-1].End
	return began.Before(x.Words[len(x.Words)-1].End) && x.Words[0].Start.Before(ended)
}

// before reports whether h was spoken before x.
func (h Hearing) before(x Hearing) bool {
	return len(h.Words) > 0 && len(x.Words) > 0 && h.Words[0].Start.Before(x.Words[0].Start)
}

// Words returns the words of text in small letters, without punctuation.
func Words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	})
}
