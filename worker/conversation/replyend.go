package conversation

import (
	"context"
	"strings"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/usage"
)

// takeFloor gives the floor to the candidate: a reply that is being heard is
// cut there; one that is not is dropped, and the turn it was for goes on.
func (c *Conversation) takeFloor() {
	begun, answering := c.stage.begun, c.stage.answering
	c.endReply(errInterrupted)
	if begun || answering == 0 {
		c.floor.cut, c.floor.voiced = true, true
	} else {
		c.reopen(answering)
	}
	c.enterState(Listening)
}

// reopen takes the decision back that a turn was over.
func (c *Conversation) reopen(turn int) {
	c.words.Reopen()
	said := c.words.Open()
	f := &c.floor
	f.turn, f.text, f.stable, f.began, f.lastWord, f.changed = turn, said.Text, said.Stable, said.Began, said.Ended, time.Now()
	c.turns.change(turn, said.Text, time.Time{}, false)
}

// finishReply ends the reply that is over, or has to be.
func (c *Conversation) finishReply(ctx context.Context, err error) {
	if !c.handOverBy.IsZero() {
		c.stopForHandOver()
		return
	}
	k, s := c.reply.kind, c.stage
	if !s.begun && err == nil {
		err = errEmpty
	}
	c.endReply(err)
	if err != nil && s.lines != "" {
		c.showLine(s.lines)
	}
	switch {
	case k == closing:
		c.enterState(Ended)
	case err != nil:
		c.handleFailure(ctx, k, err)
	case c.progress.Over:
		c.endInterview(ctx, nil)
	default:
		if k == answer {
			c.failures = 0
		}
		c.giveFloor()
	}
}

// giveFloor listens, also to what was said already.
func (c *Conversation) giveFloor() {
	c.enterState(Listening)
	c.updateTurn()
}

// endReply stops the reply and puts what was heard of it on record.
func (c *Conversation) endReply(cause error) {
	c.dropDraft()
	r, s := c.reply, c.stage
	if r == nil {
		return
	}
	text, complete := r.stop(cause)
	c.resume()
	c.reply, c.stage = nil, stage{}
	if !s.begun {
		if r.kind == answer {
			c.discard(s)
		}
		return
	}
	c.said.end(strings.TrimSpace(strings.TrimPrefix(text, s.text)), false)
	if time.Since(c.sounded) < c.Settings.BargeIn.Warm {
		c.sounded = time.Time{}
	}
	c.setQuestion(r.kind, text, time.Now())
	c.turns.change(r.turn, text, time.Now(), !complete)
	c.Screen.Show(channel.Caption{Turn: r.turn, Role: interview.Interviewer, Text: text, Final: true})
	c.Log.Info("turn", "turn", r.turn, "role", interview.Interviewer, "cut", !complete, "pii.text", text)
	c.measureReply(r, s, complete)
}

// measureReply tells what a reply that was heard took.
func (c *Conversation) measureReply(r *reply, s stage, complete bool) {
	now := time.Now()
	c.Screen.Measure(Metrics{
		Turn: r.turn, Answers: s.answering, Times: s.times, Why: s.why, Cost: s.cost, Discarded: c.discarded, Judged: c.judged,
		Drafted: s.drafted, Interrupted: !complete, Pauses: s.bargeIn.pauses, Yielded: s.bargeIn.yielded,
		Listened: now.Sub(c.billed),
	})
	c.discarded, c.judged, c.billed = Discarded{}, Judged{}, now
	if own, ok := s.times.Own(); ok {
		c.Log.Info("reply timed", "turn", r.turn, "after_speech", s.times.FirstPacket.Sub(s.times.EndOfSpeech),
			"decide", own.Decide, "ask", own.Ask, "voice", own.Voice, "send", own.Send, "why", s.why, "drafted", s.drafted,
			"decided_at", s.times.Decided, "asked_at", s.times.Asked, "completed_at", s.times.Completed, "packet_at", s.times.FirstPacket)
	}
}

// handleFailure says that a reply failed, or gives up.
func (c *Conversation) handleFailure(ctx context.Context, k kind, err error) {
	c.failures++
	c.Log.Warn("reply failed", "error", err, "failures", c.failures)
	switch {
	case c.failures >= c.Settings.MaxFailures:
		c.endInterview(ctx, errGaveUp)
	case k != answer: // the voice is what fails: nothing more can be said now
		c.giveFloor()
	default:
		ready := preparedSpeaker{c.apology}
		c.apology = c.prepareApology(ctx)
		c.startLines(ctx, apology, ready, c.Settings.Apology)
	}
}

// prepareApology prepares what is said when a reply fails.
func (c *Conversation) prepareApology(ctx context.Context) Utterance {
	return c.Speaker.Prepare(usage.InTurn(ctx, c.turns.next()), c.Settings.Apology)
}

// showLine shows a line that could not be said.
func (c *Conversation) showLine(line string) {
	c.showNotice(apperr.Unavailable, c.Settings.Voiceless)
	c.Screen.Show(channel.Caption{Role: interview.Interviewer, Text: line, Final: true})
}
