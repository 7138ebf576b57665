package speech

import (
	"strings"
	"time"
)

// pacePerSecond is the assumed number of characters said in a second, where no marks
// tell better.
const pacePerSecond = 15

// heard returns what of the text went out with p.
func (u *Utterance) heard(p *playback, err error) Heard {
	sent := u.voice.player.sent(p)
	h := Heard{Length: sent, Cut: err != nil}
	switch {
	case !h.Cut:
		h.Text = u.line.Written
	case u.hasMarks():
		h.Text = heardByMarks(u.line.Written, u.marks, sent-u.recording.skip())
	default:
		h.Text = heardByLength(u.line.Written, sent, u.expected())
	}
	h.Words = len(strings.Fields(h.Text))
	return h
}

// hasMarks reports whether the marks have come and name words.
func (u *Utterance) hasMarks() bool {
	select {
	case <-u.marked:
	default:
		return false
	}
	return len(timed(u.marks, WordMark, 0)) > 0
}

// expected returns the length of the utterance, as far as it can be known.
func (u *Utterance) expected() time.Duration {
	length, complete := u.recording.length()
	if complete {
		return length
	}
	return max(length, time.Duration(len(u.line.Said))*time.Second/pacePerSecond)
}

// heardByMarks returns the text up to the last word of which more than half was
// said by a time, with the punctuation that belongs to it. A word lasts until
// the next begins.
func heardByMarks(text string, marks []Mark, until time.Duration) string {
	var words []Mark
	for _, m := range marks {
		if m.Kind == WordMark && m.Start <= m.End && m.End <= len(text) {
			words = append(words, m)
		}
	}
	end := 0
	for i, w := range words {
		middle := w.Time + 100*time.Millisecond // of the last word, whose end is not known
		if i+1 < len(words) {
			middle = w.Time + (words[i+1].Time-w.Time)/2
		}
		if middle >= until {
			break
		}
		end = w.End
	}
	if end == 0 {
		return ""
	}
	if space := strings.IndexAny(text[end:], " \n\t"); space >= 0 {
		return text[:end+space]
	}
	return text
}

// heardByLength returns the whole words of a share of the text.
func heardByLength(text string, sent, all time.Duration) string {
	if all <= 0 {
		return ""
	}
	end := int(float64(len(text)) * min(1, float64(sent)/float64(all)))
	if end == len(text) {
		return text
	}
	space := strings.LastIndexAny(text[:end+1], " \n\t")
	return text[:max(0, space)]
}
