package conversation

import (
	"context"
	"time"

	"casey.internal/shared/apperr"
)

// floor holds what is known of the candidate since the last turn was closed.
type floor struct {
	turn     int       // number of the open turn; 0 = nothing said yet
	text     string    // of it, as captioned last
	stable   bool      // recognition will not change text any more
	began    time.Time // its first word
	lastWord time.Time // its last word's end
	changed  time.Time // when text changed last

	away         bool // the candidate cannot be reached
	gone         bool // and will not be back
	muted        bool
	voice        bool      // the voice is heard now
	since        time.Time // when it began, if on; zero = in a turn that is over
	quiet        time.Time // when it ended last, if not on
	apart        bool      // it is, or was, no echo
	fall         float64   // by how many dB it was quieter than usual then
	voiced       bool      // it was heard since the line
	wordlessTold bool      // the candidate knows that this voice gives no words

	nudged time.Time // zero = not
	cut    bool      // the last reply was stopped, and no word has come since
	input  time.Time // when the last input came
}

// clearFloor forgets the turn but not the voice. One that is on still belongs
// to what is forgotten: it takes a new one, or words, to interrupt.
func (c *Conversation) clearFloor() {
	c.dropJudging()
	f := c.floor
	c.floor = floor{away: f.away, gone: f.gone, muted: f.muted, voice: f.voice, apart: f.apart, quiet: f.quiet, wordlessTold: f.wordlessTold, input: f.input}
}

// floorAlarms returns what may end the candidate's turn by itself.
func (c *Conversation) floorAlarms() []alarm {
	f := &c.floor
	if f.away {
		return nil
	}
	verdict := c.EndOfTurn.Decide(c.evidence())
	alarms := []alarm{{verdict.At, func(ctx context.Context) { c.decide(ctx, verdict) }}, c.judgeAlarm(verdict), c.draftAlarm(verdict)}
	if f.text == "" {
		alarms = append(alarms, c.limitAlarm(), c.silenceAlarm())
	}
	if f.voice && !f.wordlessTold && !f.since.IsZero() {
		alarms = append(alarms, alarm{later(f.since, f.changed).Add(c.Settings.Wordless), func(context.Context) { c.reportWordless() }})
	}
	return alarms
}

// limitAlarm ends the interview when its time is over and nobody speaks. A voice is
// waited for, since its words are on their way, unless it has none for long; for longer
// while recognition is behind.
func (c *Conversation) limitAlarm() alarm {
	f, at := &c.floor, c.limit
	switch {
	case c.owed():
		at = later(at, later(f.since, f.quiet).Add(CatchUp))
	case f.voice && !f.since.IsZero():
		at = later(at, later(f.since, f.changed).Add(c.Settings.Wordless))
	case f.voiced:
		at = later(at, later(f.quiet, c.caughtUp).Add(c.Settings.NudgeWait))
	}
	return alarm{at, func(ctx context.Context) { c.endInterview(ctx, nil) }}
}

// owed reports whether words may be missing of a voice that was heard: recognition is behind.
func (c *Conversation) owed() bool { return c.floor.voiced && !c.behind.IsZero() }

func (c *Conversation) evidence() Evidence {
	f := &c.floor
	return Evidence{
		Question: c.question.text, Asked: c.question.ended, Granted: c.question.granted, Hurried: c.question.reassured,
		Profile: c.progress.Profile, Longest: c.progress.Longest, Pauses: c.rhythm.pauses,
		Text: f.text, Stable: f.stable, Changed: f.changed, Began: f.began, Spoken: f.lastWord,
		Voice: f.voice, Since: f.since, Hushed: f.quiet, Fall: f.fall, Quiet: later(f.quiet, f.lastWord), Nudged: f.nudged,
		Behind: c.behind, Caught: c.caughtUp,
		Judging: c.judging.progress() != nil, Judged: c.judging.judgement(f.text),
	}
}

// silenceAlarm has the interviewer speak although nothing was said: after a
// nudge, and after an interruption that was none.
func (c *Conversation) silenceAlarm() alarm {
	f := &c.floor
	goOn := func(ctx context.Context) {
		c.startAnswer(ctx, Times{Allowed: time.Now(), Decided: time.Now()}, Ask{Silent: true})
	}
	switch {
	case len(c.again) > 0:
		return alarm{f.quiet, c.sayAgain}
	case !f.nudged.IsZero() && f.voiced:
		return alarm{f.nudged.Add(c.Settings.NudgeWait), goOn} // their words may be on the way
	case !f.nudged.IsZero():
		return alarm{f.nudged, goOn}
	case f.cut && !f.voice:
		return alarm{f.quiet.Add(c.Settings.Resume), goOn}
	}
	return alarm{}
}

func (c *Conversation) reportWordless() {
	c.floor.wordlessTold = true
	if c.Recognizer != nil {
		c.Recognizer.Renew()
	}
	c.showNotice(apperr.Unavailable, c.Settings.Inaudible)
}
