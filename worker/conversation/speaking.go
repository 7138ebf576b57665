package conversation

import (
	"context"
	"strings"
	"time"

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
	estimate  Cost     // of a request that is not counted yet
	cutIn     bool     // it cuts a long answer short
	drafted   bool     // it was thought of before the turn was over
	why       string   // the turn was taken to be over
	hold      hold     // what a voice does to it
	lines     string   // all of it, where that is known
	unsaid    []string // sentences thought of and not yet heard, the one being heard first
}

// answer starts a reply by the interviewer, or has the one be heard that was
// thought of before. Of ask, what the conversation knows is filled in.
func (c *Conversation) answer(ctx context.Context, times Times, ask Ask) {
	answering, text := 0, ""
	if last := len(c.heard.spans) - 1; !ask.Silent && last >= 0 {
		answering = c.heard.spans[last].turn
		text = c.turns.get(answering).Text
	}
	c.clearFloor()
	if ask.CutIn || ask.Silent || !c.adopt(text) {
		c.dropDraft()
		known := c.ask()
		known.Silent, known.CutIn = ask.Silent, ask.CutIn
		c.say(ctx, answer, c.Speaker, c.replying(known))
	}
	s := &c.stage
	s.answering = answering
	s.times.EndOfSpeech, s.times.Allowed, s.times.Decided = times.EndOfSpeech, times.Allowed, times.Decided
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
	close(c.reply.due)
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
	c.stage.take(p)
	if c.stage.begun {
		c.settle()
	}
	c.patience()
}

// take adds a part that has yet to be heard.
func (s *stage) take(p Part) {
	if p.Progress != nil {
		s.pending = p.Progress
	}
	if s.times.Completed.IsZero() && p.Text != "" {
		s.times.Asked, s.times.FirstToken, s.times.Completed = p.Asked, p.FirstToken, p.Completed
	}
	s.estimate = s.estimate.Plus(p.Estimate)
	if p.Cost.InputTokens > 0 {
		s.estimate = Cost{}
	}
	s.cost = s.cost.Plus(p.Cost)
	s.cost.Characters += len(p.Text)
	if p.Text != "" {
		s.ready++
		s.unsaid = append(s.unsaid, p.Text)
	}
}

// sounds takes note that a sentence begins to be heard.
func (c *Conversation) sounds(o Onset) {
	s := &c.stage
	s.playing = true
	if c.sounded.IsZero() {
		c.sounded = time.Now()
	}
	if !s.begun {
		s.begun = true
		s.times.Requested, s.times.FirstPacket = o.Requested, o.FirstPacket
		s.times.FirstAudio = later(o.FirstAudio, o.Requested) // what was said before was there already
		c.turns.begin(interview.Interviewer, "", o.FirstPacket)
		c.settle()
		c.enter(Speaking)
		if c.floor.on && c.reply.kind == greeting {
			c.floor.since = time.Now() // voice from before is no interruption of it
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
	if !s.begun {
		return
	}
	s.playing = false
	s.ready--
	s.unsaid = s.unsaid[min(1, len(s.unsaid)):]
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
	c.keep()
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
	alarms := c.holdAlarms()
	if c.stage.hold.since.IsZero() {
		alarms = append(alarms, alarm{c.stage.until, func(ctx context.Context) { c.finish(ctx, errStalled) }})
	}
	return alarms
}

// interruptible reports whether a voice alone has the reply pause: not the last
// words, and not a greeting of which nothing was heard yet.
func (c *Conversation) interruptible() bool {
	return c.ending == nil && !c.insists() && (c.state == Speaking || c.reply.kind != greeting)
}

func (c *Conversation) audible(a Audible) {
	if c.reply != nil && c.reply.turn == a.Turn && !c.stage.times.EndOfSpeech.IsZero() {
		c.stage.times.Audible = c.stage.times.EndOfSpeech.Add(a.After)
	}
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}
