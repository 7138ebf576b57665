package turnend

import (
	"fmt"
	"strings"
	"time"

	"casey.internal/worker/conversation"
	"casey.internal/worker/language"
)

// Waits that are not a matter of patience.
const (
	settle   = 250 * time.Millisecond  // how long words that may still change must stay as they are
	behind   = 1200 * time.Millisecond // how long to wait for words that are still being recognised
	together = 120 * time.Millisecond  // a voice that goes on for no longer after a word ends with it
	missing  = 300 * time.Millisecond  // voice for this long after the last word had words in it
	breath   = 250 * time.Millisecond  // a silence in which one may cut in politely
	grace    = 15 * time.Second        // how long one waits for that
	asked    = time.Second             // from a request for time to its being granted
	reliable = 200 * time.Millisecond  // silence before thinking of a reply
	lagging  = 500 * time.Millisecond  // words are recognised by then, as a rule
	lead     = 1200 * time.Millisecond // no use in thinking of it earlier than so long before the end
)

// How many times as likely the end must be as that they go on, before a reply is
// thought of: more while a judge will say soon whether it is of use.
const (
	likely     = 2
	veryLikely = 4
)

// Model decides when a turn is over; it implements conversation.EndOfTurn.
type Model struct {
	profiles Profiles
	lexicon  *lexicon // nil = of a language that is not known: silence alone decides
}

// New returns a Model that listens as profiles say; they must have one that is
// called Conversational. It listens to English.
func New(profiles Profiles) Model { return Model{profiles, &english} }

// In returns a Model that listens to another language; of one that is not known
// silence alone decides.
func (m Model) In(l language.Language) Model {
	m.lexicon = lexicons[l]
	return m
}

// Decide implements conversation.EndOfTurn.
func (m Model) Decide(e conversation.Evidence) conversation.Verdict {
	p := m.profiles.of(e.Profile)
	switch {
	case e.Text == "":
		return p.waitForWords(e)
	case !e.Nudged.IsZero():
		return conversation.Verdict{At: e.Nudged, Why: "nudged"}
	case e.Longest > 0 && e.Changed.After(e.Began.Add(e.Longest)):
		return cutIn(e)
	case e.Voice:
		return conversation.Verdict{At: later(later(e.Since, e.Changed), caughtUp(e)).Add(p.Stall), Why: "voice without new words"}
	}
	if m.lexicon == nil {
		return p.weighSilence(e, tell(silent, []string{"silence alone"}, e.Fall))
	}
	s := m.lexicon.parse(e.Question, e.Text, p.Stories)
	switch {
	case s.wantsTime():
		return p.grantTime(e)
	case s.hesitates() && !e.Hurried:
		return conversation.Verdict{At: later(e.Quiet, e.Changed).Add(p.Silence), Then: conversation.Reassure, Why: "no answer yet: thinking"}
	}
	return p.weighSilence(e, weigh(s, e.Fall))
}

// waitForWords waits for somebody who has said nothing yet.
func (p Profile) waitForWords(e conversation.Evidence) conversation.Verdict {
	v := conversation.Verdict{Why: "nothing said yet: thinking"}
	if !e.Hurried && !e.Voice && e.Nudged.IsZero() && !e.Asked.IsZero() {
		v.At, v.Then = later(e.Quiet, e.Asked).Add(p.Silence), conversation.Reassure
	}
	return v
}

// weighSilence weighs silence against what was said.
func (p Profile) weighSilence(e conversation.Evidence, t told) conversation.Verdict {
	odds, why := heed(e.Judged, t.odds, t.why)
	pauses, enough := p.Usual.adapted(e.Pauses), float64(likely)
	if e.Judging {
		enough = veryLikely
	}
	wait := pauses.best(odds, p.Interruption, p.Least, p.Most)
	over := afterSettling(e, afterWords(e, e.Quiet.Add(wait)))
	soon := later(afterLastWord(e, afterWords(e, e.Quiet.Add(pauses.until(enough*odds, reliable, wait)))), over.Add(-lead))
	if soon.After(over) {
		soon = over
	}
	mark := afterLastWord(e, afterWords(e, e.Quiet.Add(p.Least))) // most pauses are over by then, and no turn is
	return conversation.Verdict{At: over, Soon: soon, Ask: afterWords(e, e.Quiet), Mark: mark, Why: reason(wait, pauses, odds, why)}
}

// afterSettling puts a decision off until no more words are likely to come: when the
// last one ended with the voice, or does not change any more.
func afterSettling(e conversation.Evidence, at time.Time) time.Time {
	if e.Stable || covered(e) {
		return at
	}
	return later(at, e.Changed.Add(settle))
}

// covered reports whether the words reach to the end of the voice. They may end after it,
// since a voice that grows quiet is heard for longer by recognition than by its level; but
// if they do by much, the voice was not heard at all, and may still be there.
func covered(e conversation.Evidence) bool {
	rest := e.Hushed.Sub(e.Spoken)
	return -missing <= rest && rest <= together
}

// afterLastWord puts a draft off while the last word may be missing, which it would be
// thrown away for: as afterSettling does, but no longer than words usually take.
func afterLastWord(e conversation.Evidence, at time.Time) time.Time {
	usual := later(at, e.Quiet.Add(lagging))
	if settled := afterSettling(e, at); settled.Before(usual) {
		return settled
	}
	return usual
}

// afterWords puts a decision off until the words that it rests on are there.
func afterWords(e conversation.Evidence, at time.Time) time.Time {
	if e.Quiet.Sub(e.Spoken) > missing {
		at = later(at, clamp(caughtUp(e), e.Quiet, e.Quiet.Add(conversation.CatchUp)).Add(behind))
	}
	return later(at, e.Changed)
}

// caughtUp returns when recognition had caught up last, or will have at the latest.
func caughtUp(e conversation.Evidence) time.Time {
	if e.Behind.IsZero() {
		return e.Caught
	}
	return later(e.Quiet, e.Behind).Add(conversation.CatchUp)
}

// clamp returns a time that is no earlier than one and no later than another.
func clamp(t, earliest, latest time.Time) time.Time {
	if t.After(latest) {
		return latest
	}
	return later(t, earliest)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// grantTime gives somebody the time that they ask for, once.
func (p Profile) grantTime(e conversation.Evidence) conversation.Verdict {
	switch {
	case e.Granted && e.Hurried:
		return conversation.Verdict{Why: "asked for time, and has it"}
	case e.Granted:
		return conversation.Verdict{At: e.Quiet.Add(p.Silence), Then: conversation.Reassure, Why: "asked for time, and has it"}
	}
	return conversation.Verdict{At: afterSettling(e, afterWords(e, e.Quiet.Add(asked))), Then: conversation.Grant, Why: "asks for time"}
}

// cutIn ends an answer that has become too long at the next breath, or without.
func cutIn(e conversation.Evidence) conversation.Verdict {
	v := conversation.Verdict{At: e.Began.Add(e.Longest + grace), Then: conversation.CutIn, Why: "a very long answer"}
	if pause := e.Quiet.Add(breath); !e.Voice && pause.Before(v.At) {
		v.At = pause
	}
	return v
}

// reason is all that the wait follows from, for the turn's record.
func reason(wait time.Duration, p Pauses, odds float64, cues []string) string {
	if len(cues) == 0 {
		cues = []string{"a complete sentence"}
	}
	return fmt.Sprintf("%s; goes on with %.0f %%, after %.1f s or, of %.0f %%, %.1f s; waits %.2f s", strings.Join(cues, ", "),
		100*odds/(1+odds), p.Brief.Seconds(), 100*p.Share, p.Long.Seconds(), wait.Seconds())
}
