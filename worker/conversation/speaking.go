package conversation

import (
	"context"
	"strings"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
)

// stage holds how far a reply has come.
type stage struct {
	answering int       // number of the candidate's turn; 0 = none
	begun     bool      // its turn has begun: something is being heard
	ready     int       // sentences thought of and not yet heard
	playing   bool      // a sentence is being heard
	deadline  time.Time // when it must have come further
	text      string    // what was heard of it
	pending   *Progress // counts once something is heard
	times     Times
	cost      Cost
	estimate  Cost   // of a request that is not counted yet
	cutIn     bool   // it cuts a long answer short
	drafted   bool   // it was thought of before the turn was over
	why       string // the turn was taken to be over
	bargeIn   bargeIn
	lines     string   // all of it, where that is known
	unsaid    []string // sentences thought of and not yet heard, the one being heard first
}

// startAnswer starts a reply by the interviewer, or has the one be heard that was
// thought of before. Of ask, what the conversation knows is filled in.
func (c *Conversation) startAnswer(ctx context.Context, times Times, ask Ask) {
	answering, text := 0, ""
	if last := c.words.Last(); !ask.Silent && last != 0 {
		answering, text = last, c.turns.get(last).Text
	}
	c.clearFloor()
	if ask.CutIn || ask.Silent || !c.adoptDraft(text) {
		c.dropDraft()
		known := c.newAsk()
		known.Silent, known.CutIn = ask.Silent, ask.CutIn
		c.startReply(ctx, answer, c.Speaker, c.askInterviewer(known))
	}
	s := &c.stage
	s.answering = answering
	s.times.EndOfSpeech, s.times.Allowed, s.times.Decided = times.EndOfSpeech, times.Allowed, times.Decided
}

// startLines starts a reply whose lines are known.
func (c *Conversation) startLines(ctx context.Context, k kind, s Speaker, lines ...string) {
	c.startReply(ctx, k, s, fixedParts(lines...))
	c.stage.lines = strings.Join(lines, " ")
}

// startReply starts a reply.
func (c *Conversation) startReply(ctx context.Context, k kind, s Speaker, parts partSource) {
	c.keepAgain(nil)
	c.stage = stage{deadline: time.Now().Add(c.Settings.Model)}
	c.reply = newReply(ctx, k, c.turns.next(), parts, s)
	close(c.reply.due)
	c.enterState(Thinking)
}

// handleNews handles news of the reply.
func (c *Conversation) handleNews(ctx context.Context, n news) {
	switch {
	case n.part != nil:
		c.notePart(*n.part)
	case n.onset != nil:
		c.noteOnset(*n.onset)
	case n.heard != nil:
		c.noteHeard(*n.heard)
	case n.end != nil:
		c.finishReply(ctx, n.end.err)
	}
}

// notePart notes a part that has yet to be heard.
func (c *Conversation) notePart(p Part) {
	c.stage.addPart(p)
	if c.stage.begun {
		c.settleProgress()
	}
	c.extendDeadline()
}

// addPart adds a part that has yet to be heard.
func (s *stage) addPart(p Part) {
	if p.Progress != nil {
		s.pending = p.Progress
	}
	if s.times.Completed.IsZero() && p.Text != "" {
		s.times.Asked, s.times.FirstToken, s.times.Completed = p.Asked, p.FirstToken, p.Completed
	}
	s.estimate = s.estimate.Plus(p.Estimate)
	if p.Cost.Input > 0 {
		s.estimate = Cost{}
	}
	s.cost = s.cost.Plus(p.Cost)
	s.cost.Characters += len(p.Text)
	if p.Text != "" {
		s.ready++
		s.unsaid = append(s.unsaid, p.Text)
	}
}

// noteOnset notes that a sentence begins to be heard.
func (c *Conversation) noteOnset(o Onset) {
	s := &c.stage
	if !s.playing && len(s.unsaid) > 0 {
		if !s.begun {
			c.said = delivery{turn: c.reply.turn}
		}
		c.said.begin(s.unsaid[0], o.FirstPacket)
	}
	s.playing = true
	if c.sounded.IsZero() {
		c.sounded = time.Now()
	}
	if !s.begun {
		s.begun = true
		s.times.Requested, s.times.FirstPacket = o.Requested, o.FirstPacket
		s.times.FirstAudio = later(o.FirstAudio, o.Requested) // what was said before was there already
		c.turns.begin(interview.Interviewer, "", o.FirstPacket)
		c.settleProgress()
		c.enterState(Speaking)
		if c.floor.voice && c.reply.kind == greeting {
			c.floor.since = time.Now() // voice from before is no interruption of it
		}
	}
	c.Screen.Show(channel.Caption{
		Turn: c.reply.turn, Role: interview.Interviewer, Text: o.Text, Utterance: o.Utterance, Words: o.Words,
	})
	c.extendDeadline()
}

// noteHeard notes that a sentence was heard.
func (c *Conversation) noteHeard(text string) {
	s := &c.stage
	if !s.begun {
		return
	}
	c.said.end(text, true)
	s.playing = false
	s.ready--
	s.unsaid = s.unsaid[min(1, len(s.unsaid)):]
	s.text = join(s.text, text)
	c.turns.change(c.reply.turn, s.text, time.Time{}, false)
	c.extendDeadline()
}

// settleProgress makes the reply's steps count: it is being heard.
func (c *Conversation) settleProgress() {
	p := c.stage.pending
	if p == nil {
		return
	}
	if p.Phase != c.progress.Phase {
		c.showPhase(p.Phase)
	}
	if p.Exhibit != nil && (c.progress.Exhibit == nil || *p.Exhibit != *c.progress.Exhibit) {
		c.Screen.Show(*p.Exhibit)
	}
	c.progress, c.stage.pending = *p, nil
	c.saveCheckpoint()
}

// extendDeadline sets until when the reply must have come further.
func (c *Conversation) extendDeadline() {
	s, wait := &c.stage, c.Settings.Model
	switch {
	case s.playing:
		wait = c.Settings.Utterance
	case s.ready > 0:
		wait = c.Settings.Voice
	}
	s.deadline = time.Now().Add(wait)
}

// replyAlarms returns what may change or end the reply by itself.
func (c *Conversation) replyAlarms() []alarm {
	alarms := []alarm{c.bargeInAlarm()}
	if c.stage.bargeIn.paused.IsZero() {
		alarms = append(alarms, alarm{c.stage.deadline, func(ctx context.Context) { c.finishReply(ctx, errStalled) }})
	}
	return alarms
}

// interruptible reports whether a voice alone has the reply pause: not the last
// words, and not a greeting of which nothing was heard yet.
func (c *Conversation) interruptible() bool {
	return c.ending == nil && !c.isCuttingIn() && (c.state == Speaking || c.reply.kind != greeting)
}

func (c *Conversation) noteAudible(h *channel.Heard) {
	if c.reply != nil && c.reply.turn == h.Turn && !c.stage.times.EndOfSpeech.IsZero() {
		c.stage.times.Audible = c.stage.times.EndOfSpeech.Add(time.Duration(h.MS) * time.Millisecond)
	}
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}
