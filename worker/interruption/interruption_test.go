package interruption_test

import (
	"testing"
	"time"

	"casey.internal/worker/interruption"
)

func at(ms int) time.Time { return time.UnixMilli(int64(1_000_000 + ms)) }

// speaking is a reply that goes on for long, nobody being heard. It is 10 s old.
func speaking() interruption.Evidence {
	return interruption.Evidence{Now: at(0), Sounded: at(-20000), Quiet: at(-9000), Stable: true}
}

func TestDecide(t *testing.T) {
	s := interruption.Defaults()
	voice := func(e *interruption.Evidence) { e.Voice, e.Since = true, at(0) }
	pauses := func(e *interruption.Evidence) { e.Paused, e.Cause, e.Voice, e.Since = true, at(-1000), true, at(-1000) }
	hushes := func(ms int) func(e *interruption.Evidence) {
		return func(e *interruption.Evidence) { e.Paused, e.Cause, e.Quiet = true, at(-ms), at(0) }
	}
	says := func(text string) func(e *interruption.Evidence) {
		return func(e *interruption.Evidence) { e.Text, e.Changed, e.Began = text, at(-100), at(-500) }
	}
	for _, c := range []struct {
		name    string
		happens []func(e *interruption.Evidence)
		then    interruption.Then
		ms      int
	}{
		{"nobody is heard", nil, interruption.GoOn, 0},
		{"a voice", all(voice), interruption.Pause, 140},
		{"a voice that may be the echo", all(voice, func(e *interruption.Evidence) { e.Sounded = at(-1000) }), interruption.Pause, 600},
		{"a voice that could be the echo but is not", all(voice, func(e *interruption.Evidence) { e.Sounded, e.Apart = at(-1000), true }), interruption.Pause, 140},
		{"a voice before the interviewer's", all(voice, func(e *interruption.Evidence) { e.Sounded = at(50) }), interruption.Pause, 140},
		{"a voice during protected words", all(voice, func(e *interruption.Evidence) { e.Protected = true }), interruption.GoOn, 0},
		{"noise that goes on", all(voice, func(e *interruption.Evidence) { e.Since = time.Time{} }), interruption.GoOn, 0},
		{"a cough", all(hushes(400)), interruption.Resume, 0},
		{"a cough that may be torn", all(hushes(400), func(e *interruption.Evidence) { e.Sounded, e.Apart = at(-1000), true }), interruption.Resume, 600},
		{"a longer voice", all(hushes(800)), interruption.Resume, 1200},
		{"a longer voice with a nod", all(hushes(800), says("I see.")), interruption.Resume, 0},
		{"voice without words", all(pauses), interruption.Resume, 3000},
		{"a later voice without words", all(pauses, func(e *interruption.Evidence) { e.Since = at(1500) }), interruption.Resume, 3500},
		{"voices for ever", all(pauses, func(e *interruption.Evidence) { e.Since = at(4500) }), interruption.Resume, 5000},
		{"a nod", all(says("yeah right")), interruption.Nod, 500},
		{"a nod in a voice", all(pauses, says("mm-hm")), interruption.Resume, 3000},
		{"words that may be a nod, in a voice", all(pauses, says("the")), interruption.Yield, -500},
		{"words that may be a nod, in quiet", all(hushes(800), says("the")), interruption.Yield, 600},
		{"one word in a cough", all(says("the"), hushes(250)), interruption.Resume, 0},
		{"one word in a cough, once the reply goes on", all(says("the"), hushes(250), func(e *interruption.Evidence) { e.Paused = false }), interruption.Nod, 600},
		{"two words in a cough", all(says("in five"), hushes(250)), interruption.Resume, 0},
		{"two words in a longer one", all(says("in five"), hushes(260)), interruption.Yield, 600},
		{"three words in a cough", all(says("in five days"), hushes(250)), interruption.Yield, 600},
		{"few words of an echo", all(says("tell me more"), func(e *interruption.Evidence) { e.Sounded = at(-1000) }), interruption.Nod, 500},
		{"few words that are no echo", all(says("tell me more"), func(e *interruption.Evidence) { e.Sounded, e.Quiet, e.Apart = at(-1000), at(-200), true }), interruption.Yield, 500},
		{"many words of an echo", all(says("tell me more please"), func(e *interruption.Evidence) { e.Sounded = at(-1000) }), interruption.Yield, 500},
	} {
		e := speaking()
		for _, happens := range c.happens {
			happens(&e)
		}
		got := s.Decide(e)
		if got.Then != c.then || c.then != interruption.GoOn && !got.At.Equal(at(c.ms)) {
			t.Errorf("%s: %v in %v, want %v in %d ms", c.name, got.Then, got.At.Sub(at(0)), c.then, c.ms)
		}
	}
}

func all(happens ...func(e *interruption.Evidence)) []func(e *interruption.Evidence) { return happens }

func TestHear(t *testing.T) {
	s := interruption.Defaults()
	for _, c := range []struct {
		text   string
		voiced int // ms of the voice that had the reply pause; 0 = none did
		stable bool
		want   interruption.Then
	}{
		{"Right, okay.", 0, true, interruption.GoOn},
		{"yes yes yes yes", 0, true, interruption.Yield},
		{"I have a question", 0, true, interruption.Yield},
		{"but", 0, true, interruption.GoOn},
		{"but wait a moment", 0, true, interruption.Yield},
		{"but", 200, true, interruption.GoOn},
		{"but", 300, true, interruption.Yield},
		{"but wait", 200, false, interruption.GoOn},
		{"but wait a", 200, true, interruption.Yield},
		{"but", 300, false, interruption.Pause},
		{"but wait a", 300, false, interruption.Pause},
		{"but wait a moment", 300, false, interruption.Yield},
		{"but wait a", 500, false, interruption.Yield},
	} {
		e := speaking()
		e.Text, e.Stable, e.Began, e.Changed = c.text, c.stable, at(0), at(0)
		if c.voiced > 0 {
			e.Voice, e.Cause, e.Since = true, at(-c.voiced), at(-c.voiced)
		}
		if got := s.Hear(e); got != c.want {
			t.Errorf("%q in %d ms of voice, stable %v: %v, want %v", c.text, c.voiced, c.stable, got, c.want)
		}
	}
}
