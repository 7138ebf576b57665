package conversation

import (
	"context"
	"iter"
	"slices"
	"time"
)

// draft is a reply to a turn that is likely to be over: thought of, its first
// sentence being synthesised, but not to be heard before the turn is over. It
// takes no step of the interview, since those count only when they are heard.
type draft struct {
	reply *reply
	stage stage
	text  string // what it answers
}

// drafts counts the drafts of one turn, also when it was taken to be over and
// was not.
type drafts struct{ turn, count int }

func (d drafts) of(turn int) int {
	if d.turn != turn {
		return 0
	}
	return d.count
}

// Thrown is what replies have cost that nobody heard.
type Thrown struct {
	Replies int
	Cost    Cost // estimated where the service did not come to count it
}

// progress is where news of the draft comes from; a nil draft has none.
func (d *draft) progress() <-chan news {
	if d == nil {
		return nil
	}
	return d.reply.progress()
}

// draftAlarm is when it pays to think of a reply already.
func (c *Conversation) draftAlarm(v Verdict) alarm {
	f := &c.floor
	if v.Soon.IsZero() || v.Then != Answer || f.on || c.draft != nil || c.drafts.of(f.turn) >= c.Settings.Drafts {
		return alarm{}
	}
	return alarm{v.Soon, c.think}
}

// think starts a draft.
func (c *Conversation) think(ctx context.Context) {
	c.drafts = drafts{c.floor.turn, c.drafts.of(c.floor.turn) + 1}
	c.turns.change(c.floor.turn, c.floor.text, time.Time{}, false) // which it is asked with
	ask := c.ask()
	c.draft = &draft{
		reply: startReply(ctx, answer, c.turns.next(), c.replying(ask), c.Speaker),
		text:  c.floor.text,
	}
}

// ask is what the interviewer is told now.
func (c *Conversation) ask() Ask {
	return Ask{History: c.turns.history(), Progress: c.progress, Left: max(time.Until(c.limit), 1)}
}

// replying is the interviewer's thought on what it is asked.
func (c *Conversation) replying(ask Ask) thought {
	return func(ctx context.Context) iter.Seq2[Part, error] { return c.Interviewer.Reply(ctx, ask) }
}

// drafted handles news of the draft. One that fails is dropped: the reply itself
// will tell.
func (c *Conversation) drafted(n news) {
	switch {
	case n.part != nil:
		c.draft.stage.take(*n.part)
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
	c.waste(d.stage)
}

// waste counts a reply that nobody will hear.
func (c *Conversation) waste(s stage) {
	c.thrown.Replies++
	c.thrown.Cost = c.thrown.Cost.Plus(s.cost).Plus(s.estimate)
}

// adopt makes the draft the reply, if it still answers what was said.
func (c *Conversation) adopt(text string) bool {
	d := c.draft
	if d == nil || !slices.Equal(bare(d.text), bare(text)) || d.reply.turn != c.turns.next() {
		c.dropDraft()
		return false
	}
	c.draft, c.reply, c.stage = nil, d.reply, d.stage
	c.stage.drafted = true
	close(c.reply.due)
	c.patience()
	c.enter(Thinking)
	return true
}

// outdated drops a draft that answers other words than these.
func (c *Conversation) outdated(text string) {
	if c.draft != nil && !slices.Equal(bare(c.draft.text), bare(text)) {
		c.dropDraft()
	}
}
