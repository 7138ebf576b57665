// Package interruption decides whether somebody who is heard while the interviewer
// speaks interrupts it.
//
// A voice alone says little: it may be a cough, a "mm-hm", a door or, while the
// browser still learns to cancel the echo, the interviewer itself. So a voice has
// the reply pause at once, and then words or time tell. If it was no interruption
// the reply goes on from the very sample at which it paused.
//
// There is no clock in here and no state: the same evidence always gives the same
// verdict.
package interruption

import (
	"strings"
	"time"

	"casey.internal/worker/language"
	"casey.internal/worker/transcript"
)

// How many words there are at most in a nod, and in what recognition makes of a cough.
const (
	mostWords  = 3
	coughWords = 2
)

// Settings say how the interviewer lets itself be interrupted.
type Settings struct {
	Pause time.Duration // voice for this long has the reply pause
	Short time.Duration // a voice that was no longer is a cough or a nod: the reply goes on when it ends
	Cough time.Duration // a word or two in a voice that was no longer are a cough taken for words
	Words time.Duration // after a longer voice, how long to wait for words
	Noise time.Duration // voice for this long without words is noise: the reply goes on under it
	Nod   time.Duration // a nod is one when this much quiet follows it

	// While a browser still learns to cancel the echo, Cold takes the place of Pause,
	// and a few words in a shorter voice do nothing. That lasts for Warm, from the
	// interviewer's first sound in a reply that does not end earlier, but not for a voice
	// that is known to be no echo.
	Cold, Warm time.Duration
	// Torn is how long the reply pauses on meanwhile when a short voice that is no echo
	// ends: a browser that takes it for one cancels pieces of it.
	Torn time.Duration

	Nodding map[string]bool // the words that people say to show that they listen
}

// Defaults returns the settings of an ordinary interview.
func Defaults() Settings {
	return Settings{
		Pause:   140 * time.Millisecond,
		Cold:    600 * time.Millisecond,
		Warm:    12 * time.Second,
		Torn:    600 * time.Millisecond,
		Short:   500 * time.Millisecond,
		Cough:   250 * time.Millisecond,
		Words:   1200 * time.Millisecond,
		Noise:   4 * time.Second,
		Nod:     600 * time.Millisecond,
		Nodding: Nods(language.English),
	}
}

// nods are the words of nods by language; those of none are said in all.
var nods = map[language.Language]string{
	"":               "mm-hm mm mhm hm hmm uh-huh uh huh um oh ah okay ok",
	language.English: "yeah yep yes right sure true exactly absolutely good great nice i see got it of course",
	language.German:  "ja jaja jo jawohl genau stimmt richtig klar natürlich gut sehr schön prima super toll verstehe ich verstehe aha ach so äh ähm sicher",
	language.Spanish: "sí si ya claro vale bueno exacto exactamente muy bien entiendo ajá eh perfecto genial cierto por supuesto de acuerdo entendido",
}

// Nods are the words by which people show in a language that they listen.
func Nods(l language.Language) map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(nods[""] + " " + nods[l]) {
		all[w] = true
	}
	return all
}

// Evidence is what is known of somebody who may interrupt a reply.
type Evidence struct {
	Now       time.Time
	Sounded   time.Time // when the interviewer was heard first in this page; zero = it was not
	Protected bool      // a voice alone does not have the reply pause

	Voice bool      // a voice is heard now
	Since time.Time // when it began, if it is heard; zero = it is known to be noise, or of the turn before
	Quiet time.Time // when it ended last, if it is not heard
	Apart bool      // it is, or was, not the interviewer's own

	Paused bool      // the reply pauses now
	Cause  time.Time // when the voice began that had it pause last; zero = none did

	Text    string    // words that came during the reply; empty = none
	Changed time.Time // when Text changed last
	Began   time.Time // when its first word did
	Stable  bool      // recognition will not change Text any more
}

// Verdict says what becomes of the reply if nothing else happens, and when.
type Verdict struct {
	Then Then
	At   time.Time // of no meaning with GoOn
}

// Then is what becomes of a reply.
type Then int

// The ways to go on.
const (
	GoOn   Then = iota // as it does: it is spoken, or pauses
	Pause              // somebody seems to speak
	Resume             // that was no interruption
	Nod                // the words were said to show that they listen; the reply is spoken
	Yield              // it was an interruption
)

// Decide says what comes next, without new words.
func (s Settings) Decide(e Evidence) Verdict {
	doubtful := e.Text != "" && !s.nods(e)
	switch {
	case e.Voice && !e.Paused:
		return s.voice(e)
	case e.Voice && doubtful:
		return Verdict{Yield, e.Cause.Add(s.Short)}
	case e.Voice:
		return Verdict{Resume, s.noise(e)}
	case e.Paused && e.Text == "" && e.length() > s.Short:
		return Verdict{Resume, e.Quiet.Add(s.Words)}
	case e.Paused && !doubtful && e.Apart && s.early(e, e.Cause):
		return Verdict{Resume, e.Quiet.Add(s.Torn)}
	case e.Paused && !doubtful:
		return Verdict{Resume, e.Quiet}
	case doubtful:
		return Verdict{Yield, s.settled(e)}
	case e.Text != "":
		return Verdict{Nod, s.settled(e)}
	}
	return Verdict{}
}

// Hear says what becomes at once of a reply during which Text has just come: GoOn
// and Pause leave it to Decide whether that is a nod.
func (s Settings) Hear(e Evidence) Then {
	switch {
	case s.nods(e):
		return GoOn
	case !e.Cause.IsZero() && !e.Stable && e.length() < s.Short && e.words() <= mostWords:
		return Pause // recognition may yet make a nod of it
	}
	return Yield
}

// voice has the reply pause for a voice that lasts.
func (s Settings) voice(e Evidence) Verdict {
	switch {
	case e.Since.IsZero() || e.Protected:
		return Verdict{}
	case s.cold(e, e.Since):
		return Verdict{Pause, e.Since.Add(s.Cold)}
	}
	return Verdict{Pause, e.Since.Add(s.Pause)}
}

// noise is when a voice without words is taken for noise: one that came later
// than that which had the reply pause gets time of its own, but they cannot go on
// for ever.
func (s Settings) noise(e Evidence) time.Time {
	due := e.Cause.Add(s.Noise)
	if own := e.Since.Add(s.Noise / 2); own.After(due) {
		due = own
	}
	if last := e.Cause.Add(s.Noise * 3 / 2); last.Before(due) {
		return last
	}
	return due
}

// settled is when the words are not likely to change any more.
func (s Settings) settled(e Evidence) time.Time {
	if e.Changed.After(e.Quiet) {
		return e.Changed.Add(s.Nod)
	}
	return e.Quiet.Add(s.Nod)
}

// nods reports whether the words are a nod, a word or two in a voice that was too short
// for them, or what recognition makes of an echo, or of no voice at all.
func (s Settings) nods(e Evidence) bool {
	voiced, few := !e.Cause.IsZero(), e.words() <= mostWords
	return s.nodding(e.Text) || voiced && e.length() <= s.Cough && e.words() <= coughWords ||
		few && s.cold(e, e.Began) && (!voiced || e.length() < s.Cold) ||
		few && !voiced && !e.Voice && e.Began.After(e.Quiet)
}

// nodding reports whether text is what people say to show that they listen.
func (s Settings) nodding(text string) bool {
	words := strings.Fields(strings.ToLower(text))
	for _, w := range words {
		if !s.Nodding[strings.Trim(w, ".,!?¡¿")] {
			return false
		}
	}
	return len(words) <= mostWords
}

// cold reports whether what began at a time may be the interviewer's own voice.
func (s Settings) cold(e Evidence, began time.Time) bool { return !e.Apart && s.early(e, began) }

// early reports whether something began while a browser still learns to cancel the echo.
func (s Settings) early(e Evidence, began time.Time) bool {
	return !e.Sounded.IsZero() && !began.Before(e.Sounded) && began.Before(e.Sounded.Add(s.Warm))
}

// length is how long the voice is or was that had the reply pause last.
func (e Evidence) length() time.Duration {
	if e.Voice {
		return e.Now.Sub(e.Cause)
	}
	return e.Quiet.Sub(e.Cause)
}

// words is how many words Text has.
func (e Evidence) words() int { return len(transcript.Words(e.Text)) }
