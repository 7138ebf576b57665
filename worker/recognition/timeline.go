package recognition

import (
	"fmt"
	"strings"
	"time"
)

// timeline puts the results of one stream on the time of the whole recognition.
type timeline struct {
	stream int64         // number of the stream
	audio  *splices      // when its audio was heard
	known  time.Duration // up to here earlier streams have given final results
}

// place moves a result to that time and takes away the words that an
// earlier stream gave for good. fresh is false when nothing remains.
func (t timeline) place(r Result) (placed Result, fresh bool) {
	r.ID = fmt.Sprintf("%d/%s", t.stream, r.ID)
	r.Start, r.End = t.audio.stretch(r.Start, r.End)
	words := make([]Word, 0, len(r.Words))
	for i, w := range r.Words {
		w.Start, w.End = t.audio.of(w.Start, w.End)
		if t.isKnown(w.Start, w.End) || w.Punctuation && len(words) == 0 && i > 0 {
			continue
		}
		words = append(words, w)
	}
	if len(words) == 0 && t.isKnown(r.Start, r.End) || len(words) == 0 && len(r.Words) > 0 {
		return r, false
	}
	if len(words) < len(r.Words) {
		r.Text, r.Start = textOf(words), words[0].Start
	}
	r.Words = words
	return r, true
}

// isKnown reports whether what was said from start to end is for the greater part
// known already.
func (t timeline) isKnown(start, end time.Duration) bool {
	return start+(end-start)/2 < t.known
}

func textOf(words []Word) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 && !w.Punctuation {
			b.WriteByte(' ')
		}
		b.WriteString(w.Text)
	}
	return b.String()
}
