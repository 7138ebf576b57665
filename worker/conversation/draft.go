package conversation

import (
	"context"
	"iter"
	"slices"
	"time"

	"casey.internal/worker/transcript"
)

// draft is a reply to a turn that is likely to be over: thought of, its first
// sentence being synthesised, but not to be heard before the turn is over. It
// takes no step of the interview, since those count only when they are heard.
type draft struct {
	reply *reply
	stage stage
	text  string // what it answers
	marks bool   // it has yet to say whether they have finished
}

// drafts counts the drafts of one turn, also of one that was taken to be over and
// was not.
type drafts struct{ turn, count int }

func (d drafts) of(turn int) int {
	if d.turn != turn {
		return 0
	}
	return d.count
}

// Discarded counts replies that nobody heard.
type Discarded struct {
	Replies int
	Cost    Cost // estimated where the service did not come to count it
}

// progress returns the channel of the draft's news; a nil draft has none.
func (d *draft) progress() <-chan news {
	if d == nil {
		return nil
	}
	return d.reply.progress()
}

// draftAlarm starts a draft when the end of the turn is likely.
func (c *Conversation) draftAlarm(v Verdict) alarm {
	f := &c.floor
	at := v.Soon
	if c.marking() {
		at = v.Mark // one that says that they go on is short
	}
	if v.Soon.IsZero() || v.Then != Answer || f.voice || c.draft != nil || c.drafts.of(f.turn) >= c.Settings.Drafts {
		return alarm{}
	}
	return alarm{at, c.startDraft}
}

// startDraft starts a draft.
func (c *Conversation) startDraft(ctx context.Context) {
	c.drafts = drafts{c.floor.turn, c.drafts.of(c.floor.turn) + 1}
	c.turns.change(c.floor.turn, c.floor.text, time.Time{}, false) // which it is asked with
	ask := c.newAsk()
	ask.Marked = c.marking()
	c.draft = &draft{
		reply: newReply(ctx, answer, c.turns.next(), c.askInterviewer(ask), c.Speaker),
		text:  c.floor.text,
		marks: ask.Marked,
	}
}

// newAsk returns what the interviewer is told now.
func (c *Conversation) newAsk() Ask {
	return Ask{History: c.turns.history(), Progress: c.progress, Left: max(time.Until(c.limit), 1)}
}

// askInterviewer returns the parts that the interviewer answers an ask with.
func (c *Conversation) askInterviewer(ask Ask) partSource {
	return func(ctx context.Context) iter.Seq2[Part, error] { return c.Interviewer.Reply(ctx, ask) }
}

// handleDraftNews handles news of the draft. One that fails is dropped: the reply
// itself will tell.
func (c *Conversation) handleDraftNews(n news) {
	switch {
	case n.part != nil && n.part.Says != "":
		c.noteMark(n.part.Says)
	case n.part != nil:
		c.draft.stage.addPart(*n.part)
		if c.draft.marks && n.part.Text != "" {
			c.draft.marks = false
			c.countJudgeFailure()
			c.Log.Warn("a draft did not begin with a mark", "turn", c.floor.turn)
		}
	case n.end != nil:
		c.drafts.count = c.Settings.Drafts // no use in asking again at once
		c.dropDraft()
	}
}

// dropDraft throws the draft away.
func (c *Conversation) dropDraft() {
	d := c.draft
	if d == nil {
		return
	}
	d.reply.stop(errOutdated)
	c.draft = nil
	c.discard(d.stage)
}

// discard counts a reply that nobody will hear.
func (c *Conversation) discard(s stage) {
	c.discarded.Replies++
	c.discarded.Cost = c.discarded.Cost.Plus(s.cost).Plus(s.estimate)
}

// adoptDraft makes the draft the reply, if it still answers what was said.
func (c *Conversation) adoptDraft(text string) bool {
	d := c.draft
	if d == nil || !sameWords(d.text, text) || d.reply.turn != c.turns.next() {
		c.dropDraft()
		return false
	}
	c.keepAgain(nil)
	c.draft, c.reply, c.stage = nil, d.reply, d.stage
	c.stage.drafted = true
	close(c.reply.due)
	c.extendDeadline()
	c.enterState(Thinking)
	return true
}

// dropOutdatedDraft drops a draft that answers other words than these.
func (c *Conversation) dropOutdatedDraft(text string) {
	if c.draft != nil && !sameWords(c.draft.text, text) {
		c.dropDraft()
	}
}

// sameWords reports whether two texts differ in case and punctuation at most.
func sameWords(a, b string) bool { return slices.Equal(transcript.Words(a), transcript.Words(b)) }
