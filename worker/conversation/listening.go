package conversation

import (
	"context"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/transcript"
)

// addHearing adds what recognition understood: it may correct turns that are over,
// continue the open one, or take the floor.
func (c *Conversation) addHearing(h Hearing) {
	c.words.Add(transcript.Hearing(h))
	if c.floor.turn == 0 {
		c.words.Absorb()
	}
	more := c.correctTurns()
	if c.ending != nil {
		return
	}
	if c.state != Listening && !c.claimsFloor(more) {
		return
	}
	c.updateTurn()
}

// claimsFloor reports whether the candidate goes on, and gives them the floor then.
// more = there are more words in the turn that is being answered.
func (c *Conversation) claimsFloor(more bool) bool {
	text := c.words.Open().Text
	switch {
	case c.isCuttingIn():
		c.words.Extend(time.Now())
		c.correctTurns()
		return false
	case text == "" && (!more || c.state != Thinking || c.stage.answering == 0):
		return false
	case text != "" && c.state == Speaking && !c.yields(text):
		return false
	}
	c.takeFloor()
	return true
}

// isCuttingIn reports whether the interviewer is cutting in: what the candidate
// still says belongs to the answer that became too long.
func (c *Conversation) isCuttingIn() bool {
	s := &c.stage
	return s.cutIn && (!s.begun || time.Since(s.times.FirstPacket) < c.Settings.Insist)
}

// updateTurn adds what was said to the open turn.
func (c *Conversation) updateTurn() {
	said := c.words.Open()
	if c.state != Listening || said.Text == "" {
		return
	}
	f := &c.floor
	f.stable, f.lastWord, f.cut = said.Stable, said.Ended, false
	if said.Text == f.text {
		return
	}
	c.dropOutdatedDraft(said.Text)
	c.dropOutdatedJudging(said.Text)
	c.rhythm.confirmPause()
	f.text, f.changed = said.Text, time.Now()
	if f.turn == 0 {
		c.again = nil // who speaks is answered instead
		f.began = said.Began
		f.turn = c.turns.begin(interview.Candidate, said.Text, said.Began)
		c.Screen.Show(c.stateEvent())
	}
	c.showWords(f.turn, said.Text, false)
}

// correctTurns lets recognition change its mind about turns that are over. It
// reports whether the last of them has more words now.
func (c *Conversation) correctTurns() (more bool) {
	for turn, said := range c.words.Closed() {
		c.turns.weigh(turn, said)
		was, text := c.turns.get(turn), said.Text
		if text == was.Text || text == "" {
			continue
		}
		more = turn == c.words.Last() && countWords(text) > countWords(was.Text)
		c.turns.change(turn, text, was.Ended, was.Cut)
		c.showWords(turn, text, true)
	}
	return more
}

func (c *Conversation) noteVoice(v Voice) {
	f := &c.floor
	switch {
	case f.muted && v.On || f.voice == v.On:
		return
	case v.On:
		if f.turn != 0 || c.state == Thinking && c.stage.answering != 0 {
			c.rhythm.notePause(v.At.Sub(f.quiet))
		}
		f.voice, f.since, f.voiced = true, v.At, true
		f.apart = f.apart && !c.stage.bargeIn.paused.IsZero() // the next piece of the same one
		c.stage.bargeIn.forgetVoice()
	default:
		f.voice, f.quiet, f.fall, f.wordlessTold = false, v.At, v.Fall, false
	}
}

// noteBehind notes that words are to come of what was said long ago, or that they have come.
func (c *Conversation) noteBehind(on bool) {
	if on {
		c.behind = time.Now()
		return
	}
	c.behind, c.caughtUp = time.Time{}, time.Now()
}

// noteMuted takes a muted microphone for quiet: a microphone that is off says nothing.
func (c *Conversation) noteMuted(on bool) {
	if on && c.floor.voice {
		c.noteVoice(Voice{At: time.Now()})
	}
	c.floor.muted = on
}

func (c *Conversation) noteNudge() {
	if c.state == Listening && c.floor.nudged.IsZero() {
		c.floor.nudged = time.Now()
	}
}

// decide acts on the verdict that the candidate's turn is over.
func (c *Conversation) decide(ctx context.Context, v Verdict) {
	if v.Then == Reassure {
		c.reassure(ctx, v)
		return
	}
	turn, times := c.closeTurn(v)
	switch {
	case !c.handOverBy.IsZero():
		c.decided = true
		c.stopForHandOver()
	case times.Decided.After(c.limit):
		c.endInterview(ctx, nil)
	case v.Then == Grant:
		c.grantTime(ctx, turn)
	default:
		c.startAnswer(ctx, times, Ask{CutIn: v.Then == CutIn})
		c.stage.why, c.stage.cutIn = v.Why, v.Then == CutIn
	}
}

// closeTurn draws a line after the open turn.
func (c *Conversation) closeTurn(v Verdict) (turn int, times Times) {
	f, now := &c.floor, time.Now()
	times = Times{EndOfSpeech: later(f.quiet, f.lastWord), Allowed: later(v.At, f.input), Decided: now}
	if f.voice {
		times.EndOfSpeech = now
	}
	c.Log.Debug("end of turn", "turn", f.turn, "why", v.Why)
	c.words.Close(f.turn, times.EndOfSpeech.Add(now.Sub(times.EndOfSpeech)/2), now)
	turn = f.turn
	c.endTurn(times.EndOfSpeech)
	return turn, times
}

// endTurn completes the open turn, if there is one, as heard.
func (c *Conversation) endTurn(at time.Time) {
	f := &c.floor
	if f.turn == 0 {
		return
	}
	c.turns.change(f.turn, f.text, at, false)
	if said := c.words.Open(); said.Text == f.text { // no line was drawn after it
		c.turns.weigh(f.turn, said)
	}
	c.showWords(f.turn, f.text, true)
	c.Log.Info("turn", "turn", f.turn, "role", interview.Candidate, "pii.text", f.text)
	c.clearFloor()
}

// showWords shows what the candidate said in a turn.
func (c *Conversation) showWords(turn int, text string, final bool) {
	c.Screen.Show(channel.Caption{Turn: turn, Role: interview.Candidate, Text: text, Final: final})
}
