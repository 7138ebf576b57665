package conversation

import (
	"context"
	"iter"
	"strings"
	"time"

	"casey.internal/shared/fault"
	"casey.internal/shared/interview"
)

// stage is how far a reply has come.
type stage struct {
	answering int       // number of the candidate's turn; 0 = none
	begun     bool      // its turn has begun: something is being heard
	ready     int       // sentences thought of and not yet heard
	playing   bool      // a sentence is being heard
	until     time.Time // when it must have come further
	text      string    // what was heard of it
	pending   *Progress // counts once something is heard
	times     Times
	cost      Cost
	lines     string // all of it, where that is known
}

// answer starts a reply by the interviewer.
func (c *Conversation) answer(ctx context.Context, times Times, silent bool) {
	turn := 0
	if last := len(c.heard.spans) - 1; !silent && last >= 0 {
		turn = c.heard.spans[last].turn
	}
	c.clearFloor()
	ask := Ask{History: c.turns.history(), Progress: c.progress, Silent: silent}
	c.say(ctx, answer, c.Speaker, func(ctx context.Context) iter.Seq2[Part, error] {
		return c.Interviewer.Reply(ctx, ask)
	})
	c.stage.answering, c.stage.times = turn, times
}

// recite starts a reply whose lines are known.
func (c *Conversation) recite(ctx context.Context, k kind, s Speaker, lines ...string) {
	c.say(ctx, k, s, fixed(lines...))
	c.stage.lines = strings.Join(lines, " ")
}

// say starts a reply.
func (c *Conversation) say(ctx context.Context, k kind, s Speaker, think thought) {
	c.stage = stage{until: time.Now().Add(c.Settings.Model)}
	c.reply = startReply(ctx, k, c.turns.next(), think, s)
	c.enter(Thinking)
}

// follow handles news of the reply.
func (c *Conversation) follow(ctx context.Context, n news) {
	switch {
	case n.part != nil:
		c.thought(*n.part)
	case n.onset != nil:
		c.sounds(*n.onset)
	case n.heard != nil:
		c.said(*n.heard)
	case n.end != nil:
		c.finish(ctx, n.end.err)
	}
}

// thought takes note of a part that has yet to be heard.
func (c *Conversation) thought(p Part) {
	s := &c.stage
	if p.Progress != nil {
		s.pending = p.Progress
	}
	if s.times.Completed.IsZero() && p.Text != "" {
		s.times.Asked, s.times.FirstToken, s.times.Completed = p.Asked, p.FirstToken, p.Completed
	}
	s.cost.InputTokens += p.Cost.InputTokens
	s.cost.OutputTokens += p.Cost.OutputTokens
	s.cost.Characters += len(p.Text)
	if p.Text != "" {
		s.ready++
	}
	if s.begun {
		c.settle()
	}
	c.patience()
}

// sounds takes note that a sentence begins to be heard.
func (c *Conversation) sounds(o Onset) {
	s := &c.stage
	s.playing = true
	if !s.begun {
		s.begun = true
		s.times.Requested, s.times.FirstPacket = o.Requested, o.FirstPacket
		s.times.FirstAudio = later(o.FirstAudio, o.Requested) // what was said before was there already
		c.turns.begin(interview.Interviewer, "", o.FirstPacket)
		c.settle()
		c.enter(Speaking)
		if c.floor.on {
			c.floor.since = time.Now() // voice from before is no answer to what is said now
		}
	}
	c.Screen.Show(CaptionEvent{
		Turn: c.reply.turn, Role: interview.Interviewer, Text: o.Text, Utterance: o.Utterance, Words: o.Words,
	})
	c.patience()
}

// said takes note that a sentence was heard.
func (c *Conversation) said(text string) {
	s := &c.stage
	s.playing = false
	s.ready--
	s.text = join(s.text, text)
	c.turns.change(c.reply.turn, s.text, time.Time{}, false)
	c.patience()
}

// settle makes the reply's steps count: it is being heard.
func (c *Conversation) settle() {
	p := c.stage.pending
	if p == nil {
		return
	}
	if p.Phase != c.progress.Phase {
		c.Screen.Show(PhaseEvent{p.Phase})
	}
	if p.Exhibit != nil && (c.progress.Exhibit == nil || *p.Exhibit != *c.progress.Exhibit) {
		c.Screen.Show(ExhibitEvent{*p.Exhibit})
	}
	c.progress, c.stage.pending = *p, nil
}

// patience says until when the reply must have come further.
func (c *Conversation) patience() {
	s, wait := &c.stage, c.Settings.Model
	switch {
	case s.playing:
		wait = c.Settings.Utterance
	case s.ready > 0:
		wait = c.Settings.Voice
	}
	s.until = time.Now().Add(wait)
}

// replyAlarms is what may end the reply.
func (c *Conversation) replyAlarms() []alarm {
	alarms := []alarm{{c.stage.until, func(ctx context.Context) { c.finish(ctx, errStalled) }}}
	if f := &c.floor; f.on && !f.since.IsZero() && c.interruptible() {
		alarms = append(alarms, alarm{f.since.Add(c.Settings.Confirm + c.Settings.Hang), func(context.Context) { c.takeFloor() }})
	}
	return alarms
}

// interruptible reports whether voice alone takes the floor: not from the last
// words, and not from a greeting of which nothing was heard yet.
func (c *Conversation) interruptible() bool {
	return c.ending == nil && (c.state == Speaking || c.reply.kind != greeting)
}

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
	c.enter(Listening)
}

// reopen takes the decision back that a turn was over.
func (c *Conversation) reopen(turn int) {
	c.heard.reopen()
	text, stable, began, ended := c.heard.current()
	f := &c.floor
	f.turn, f.text, f.stable, f.began, f.words, f.changed = turn, text, stable, began, ended, time.Now()
	c.turns.change(turn, text, time.Time{}, false)
}

// finish ends the reply that is over, or has to be.
func (c *Conversation) finish(ctx context.Context, err error) {
	k, s := c.reply.kind, c.stage
	if !s.begun && err == nil {
		err = errEmpty
	}
	c.endReply(err)
	if err != nil && s.lines != "" {
		c.write(s.lines)
	}
	switch {
	case k == closing:
		c.enter(Ended)
	case err != nil:
		c.failed(ctx, k, err)
	case c.progress.Over:
		c.end(ctx, nil)
	default:
		if k == answer {
			c.failures = 0
		}
		c.enter(Listening)
	}
}

// endReply stops the reply and puts what was heard of it on record.
func (c *Conversation) endReply(cause error) {
	r, s := c.reply, c.stage
	if r == nil {
		return
	}
	text, complete := r.stop(cause)
	c.reply, c.stage = nil, stage{}
	if !s.begun {
		return
	}
	c.turns.change(r.turn, text, time.Now(), !complete)
	c.Screen.Show(CaptionEvent{Turn: r.turn, Role: interview.Interviewer, Text: text, Final: true})
	c.Screen.Show(MetricsEvent{Turn: r.turn, Times: s.times, Cost: s.cost, Interrupted: !complete})
	c.Log.Info("turn", "turn", r.turn, "role", interview.Interviewer, "cut", !complete, "pii.text", text)
	if own, ok := s.times.Own(); ok {
		c.Log.Info("reply timed", "turn", r.turn, "after_speech", s.times.FirstPacket.Sub(s.times.EndOfSpeech),
			"decide", own.Decide, "ask", own.Ask, "voice", own.Voice, "send", own.Send)
	}
}

func (c *Conversation) audible(a Audible) {
	if c.reply != nil && c.reply.turn == a.Turn && !c.stage.times.EndOfSpeech.IsZero() {
		c.stage.times.Audible = c.stage.times.EndOfSpeech.Add(a.After)
	}
}

// failed says that a reply failed, or gives up.
func (c *Conversation) failed(ctx context.Context, k kind, err error) {
	c.failures++
	c.Log.Warn("reply failed", "err", err, "failures", c.failures)
	switch {
	case c.failures >= c.Settings.MaxFailures:
		c.end(ctx, errGaveUp)
	case k != answer: // the voice is what fails: nothing more can be said now
		c.enter(Listening)
	default:
		ready := inAdvance{c.apology}
		c.apology = c.Speaker.Prepare(ctx, c.Settings.Apology)
		c.recite(ctx, apology, ready, c.Settings.Apology)
	}
}

// write shows a line that could not be said.
func (c *Conversation) write(line string) {
	c.notice(fault.Unavailable, "The interviewer's voice failed; please read what it wanted to say.")
	c.Screen.Show(CaptionEvent{Role: interview.Interviewer, Text: line, Final: true})
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}
