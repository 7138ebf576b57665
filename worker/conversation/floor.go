package conversation

import (
	"context"
	"time"

	"casey.internal/shared/apperr"
)

// floor is what is known of the candidate since the last line was drawn.
type floor struct {
	turn    int       // number of the open turn; 0 = nothing said yet
	text    string    // of it, as captioned last
	stable  bool      // recognition will not change text any more
	began   time.Time // its first word
	words   time.Time // its last word's end
	changed time.Time // when text changed last

	away   bool // the candidate cannot be reached
	muted  bool
	on     bool      // the voice is heard now
	since  time.Time // when it began, if on; zero = in a turn that is over
	quiet  time.Time // when it ended last, if not on
	fall   float64   // by how many dB it was quieter than usual then
	voiced bool      // it was heard since the line
	told   bool      // the candidate knows that this voice gives no words

	nudged time.Time // zero = not
	cut    bool      // the last reply was stopped, and no word has come since
	input  time.Time // when the last input came
}

// clearFloor forgets the turn but not the voice. One that is on still belongs
// to what is forgotten: it takes a new one, or words, to interrupt.
func (c *Conversation) clearFloor() {
	f := c.floor
	c.floor = floor{away: f.away, muted: f.muted, on: f.on, quiet: f.quiet, told: f.told, input: f.input}
}

// floorAlarms is what may end the candidate's having the floor.
func (c *Conversation) floorAlarms() []alarm {
	f := &c.floor
	if f.away {
		return nil
	}
	verdict := c.EndOfTurn.Decide(c.evidence())
	alarms := []alarm{{verdict.At, func(ctx context.Context) { c.decide(ctx, verdict) }}, c.draftAlarm(verdict)}
	if f.text == "" {
		alarms = append(alarms, alarm{c.limit, func(ctx context.Context) { c.end(ctx, nil) }}, c.goOnAlarm())
	}
	if f.on && !f.told && !f.since.IsZero() {
		alarms = append(alarms, alarm{later(f.since, f.changed).Add(c.Settings.Wordless), func(context.Context) { c.wordless() }})
	}
	return alarms
}

func (c *Conversation) evidence() Evidence {
	f := &c.floor
	return Evidence{
		Question: c.question.text, Asked: c.question.ended, Granted: c.question.granted, Hurried: c.question.reassured,
		Profile: c.progress.Profile, Longest: c.progress.Longest, Pauses: c.rhythm.pauses,
		Text: f.text, Stable: f.stable, Changed: f.changed, Began: f.began, Spoken: f.words,
		Voice: f.on, Since: f.since, Hushed: f.quiet, Fall: f.fall, Quiet: later(f.quiet, f.words), Nudged: f.nudged,
	}
}

// goOnAlarm is when the interviewer speaks although nothing was said: after a
// nudge, and after an interruption that was none.
func (c *Conversation) goOnAlarm() alarm {
	f := &c.floor
	goOn := func(ctx context.Context) {
		c.answer(ctx, Times{Allowed: time.Now(), Decided: time.Now()}, Ask{Silent: true})
	}
	switch {
	case !f.nudged.IsZero() && f.voiced:
		return alarm{f.nudged.Add(c.Settings.NudgeWait), goOn} // their words may be on the way
	case !f.nudged.IsZero():
		return alarm{f.nudged, goOn}
	case f.cut && !f.on:
		return alarm{f.quiet.Add(c.Settings.Resume), goOn}
	}
	return alarm{}
}

func (c *Conversation) wordless() {
	c.floor.told = true
	if c.Ears != nil {
		c.Ears.Renew()
	}
	c.notice(apperr.Unavailable, "I hear your voice, but I cannot make out words.")
}
