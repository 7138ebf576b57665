package conversation

import (
	"context"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/worker/interruption"
)

// bargeIn holds what somebody who is heard during a reply has done to it.
type bargeIn struct {
	paused  time.Time     // when the reply was paused; zero = it is not
	cause   time.Time     // when the voice began that paused it
	pauses  int           // so far
	yielded time.Duration // from the voice to the first pause
	text    string        // words that may be no interruption; empty = none
	changed time.Time     // when that changed last
}

// forgetVoice forgets the voice for which a reply paused that has gone on since: another
// one is heard.
func (b *bargeIn) forgetVoice() {
	if b.paused.IsZero() {
		b.cause = time.Time{}
	}
}

// bargeInAlarm pauses, resumes or ends a reply because somebody is heard.
func (c *Conversation) bargeInAlarm() alarm {
	v := c.Settings.BargeIn.Decide(c.overheard())
	if v.Then == interruption.GoOn {
		return alarm{}
	}
	return alarm{v.At, func(context.Context) { c.react(v.Then) }}
}

// overheard returns the evidence of an interruption.
func (c *Conversation) overheard() interruption.Evidence {
	f, b, said := &c.floor, &c.stage.bargeIn, c.words.Open()
	return interruption.Evidence{
		Now: time.Now(), Sounded: c.sounded, Protected: !c.interruptible(),
		Voice: f.voice, Since: f.since, Quiet: f.quiet, Apart: f.apart,
		Paused: !b.paused.IsZero(), Cause: b.cause,
		Text: b.text, Changed: b.changed, Began: said.Began, Stable: said.Stable,
	}
}

// yields reports whether words that came during a reply interrupt it. Those that
// may be a nod do not yet.
func (c *Conversation) yields(text string) bool {
	b := &c.stage.bargeIn
	if b.text != text {
		b.text, b.changed = text, time.Now()
	}
	then := c.Settings.BargeIn.Hear(c.overheard())
	if then == interruption.Pause {
		c.pause()
	}
	return then == interruption.Yield
}

// react does what was decided about the reply.
func (c *Conversation) react(then interruption.Then) {
	switch then {
	case interruption.Pause:
		c.stage.bargeIn.cause = c.floor.since
		c.pause()
	case interruption.Resume:
		c.resume()
		c.floor.since = time.Time{} // a voice that is still heard is noise from now on
		c.extendDeadline()
	case interruption.Nod:
		c.recordNod()
	case interruption.Yield:
		c.takeFloor()
		c.updateTurn()
	}
}

// pause has the reply pause, if it does not.
func (c *Conversation) pause() {
	b := &c.stage.bargeIn
	if !b.paused.IsZero() {
		return
	}
	b.paused = time.Now()
	if b.pauses++; b.pauses == 1 {
		b.yielded = b.paused.Sub(b.cause)
	}
	if c.holder != nil {
		c.holder.Pause()
	}
}

// resume ends a pause, if there is one.
func (c *Conversation) resume() {
	b := &c.stage.bargeIn
	if b.paused.IsZero() {
		return
	}
	b.paused = time.Time{}
	if c.holder != nil {
		c.holder.Resume()
	}
}

// recordNod puts a nod on record: a turn of its own that nobody answers.
func (c *Conversation) recordNod() {
	said := c.words.Open()
	c.stage.bargeIn.text = ""
	if said.Text == "" {
		return
	}
	now := time.Now()
	turn := c.turns.begin(interview.Candidate, said.Text, said.Began)
	c.words.Close(turn, said.Ended.Add(now.Sub(said.Ended)/2), now)
	c.turns.change(turn, said.Text, said.Ended, false)
	c.showWords(turn, said.Text, true)
}
