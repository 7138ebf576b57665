package speech

import (
	"time"

	"casey.internal/worker/opus"
	"casey.internal/worker/vad"
)

// What a mouth does of which nothing is known but that there is a voice: it opens, more and
// less by turns about as often as people say syllables, and closes in pauses. The codes are
// Polly's.
const (
	closed   = "sil"
	open     = "a"
	halfOpen = "@"
	syllable = 160 * time.Millisecond
	shortest = 60 * time.Millisecond // of a pause in which it closes
)

// mouthOf returns the visemes of a whole recording by its sound alone. They follow the voice
// and not the words.
func mouthOf(r *recording) (marks []Mark) {
	show := func(at time.Duration, code string) {
		marks = append(marks, Mark{Time: max(0, at), Kind: VisemeMark, Value: code})
	}
	at, shape := -r.skip(), closed
	var since, voiced time.Duration // of the shape, and until when there was a voice
	for n := 0; ; n++ {
		packet, ok := r.packet(n)
		if !ok {
			break
		}
		length, voice := opus.Duration(int64(opus.Samples(packet))), vad.HasVoice(packet)
		switch {
		case voice && shape == closed:
			shape, since = open, at
			show(at, shape)
		case voice && at-since >= syllable:
			if shape == open {
				shape = halfOpen
			} else {
				shape = open
			}
			since = at
			show(at, shape)
		case !voice && shape != closed && at+length-voiced >= shortest:
			shape = closed
			show(voiced, shape)
		}
		at += length
		if voice {
			voiced = at
		}
	}
	if shape != closed {
		show(voiced, closed)
	}
	return marks
}
