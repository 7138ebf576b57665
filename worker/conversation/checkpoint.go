package conversation

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
)

// Why a conversation stops that has not come to its end.
var (
	// ErrHandedOver says that another conversation continues from the checkpoint.
	ErrHandedOver = errors.New("conversation: handed over")
	// ErrParted says that the candidate was told that it stops here.
	ErrParted = errors.New("conversation: parted")
)

// Checkpoint holds all that is needed, beside the history, to continue a conversation
// elsewhere.
type Checkpoint struct {
	Progress Progress
	Spent    time.Duration // of the interview's time
	// Pauses are the candidate's own, so that they are known elsewhere too.
	Pauses []time.Duration `json:",omitempty"`
	// Granted says that they have been given the time to think that they asked for.
	Granted bool `json:",omitempty"`
	// Handed says that the conversation before ended its sentence for this one,
	// so that the candidate need not notice. Without it something broke.
	Handed bool     `json:",omitempty"`
	Rest   []string `json:",omitempty"` // of a reply: sentences yet to be said, or to be said again
	After  int      `json:",omitempty"` // the last turn in which anything was heard, when there was this Rest
	Due    bool     `json:",omitempty"` // a reply to the candidate's last words is
	Open   bool     `json:",omitempty"` // the candidate's last words may not be all yet
	// Report is what the interview came to, once it is over.
	Report *channel.Report `json:",omitempty"`
}

// resumes reports whether there was a conversation before this one.
func (c Checkpoint) resumes() bool { return c.Progress.Phase.Index > 0 }

// saveCheckpoint saves what another conversation would need to continue now.
func (c *Conversation) saveCheckpoint() {
	if c.Save != nil {
		c.Save(c.checkpoint())
	}
}

func (c *Conversation) checkpoint() Checkpoint {
	return Checkpoint{
		Progress: c.progress, Spent: c.Settings.Limit - time.Until(c.limit),
		Pauses: slices.Clone(c.rhythm.pauses), Granted: c.question.granted,
		Rest: c.again, After: lastOf(c.turns.history()),
	}
}

// handOver stops for another conversation: after the sentence that is being
// said, when the candidate's turn is over, or at once where nobody speaks and no
// words are owed; those that are being recognised would be lost otherwise. Last words are not handed
// over.
func (c *Conversation) handOver() {
	switch {
	case c.ending != nil || !c.handOverBy.IsZero():
		return
	case c.state == Speaking:
		c.reply.enough.Store(true)
	case c.state == Thinking || c.floor.turn == 0 && !c.floor.voice && !c.owed():
		c.stopForHandOver()
		return
	}
	c.handOverBy = time.Now().Add(c.Settings.HandOver)
}

// handOverAlarm ends the wait for the candidate before a hand-over.
func (c *Conversation) handOverAlarm() alarm {
	return alarm{c.handOverBy, func(context.Context) { c.stopForHandOver() }}
}

// stopForHandOver stops between two sentences and saves what is left to do.
func (c *Conversation) stopForHandOver() {
	carry, r, s := c.checkpoint(), c.reply, c.stage
	carry.Handed = true
	follows := s.begun || c.repeats()
	switch {
	case r == nil:
		carry.Due = c.decided
		carry.Open = !c.decided && (c.floor.turn != 0 || c.floor.cut)
	case follows:
		carry.Rest = s.unsaid
	default:
		carry.Due = r.kind != greeting
		carry.Handed = carry.Due
	}
	c.endReply(ErrHandedOver)
	if follows {
		carry.Rest = append(carry.Rest, r.unspoken()...)
	}
	if s.begun { // it was not cut: the rest follows
		t := c.turns.get(r.turn)
		c.turns.change(r.turn, t.Text, t.Ended, false)
	}
	c.endTurn(time.Now())
	if c.Save != nil {
		c.Save(carry)
	}
	c.stopped = ErrHandedOver
	c.enterState(Ended)
}

// repeats reports whether the reply is a welcome, or says again what is known: nobody
// can think of that anew.
func (c *Conversation) repeats() bool {
	r := c.reply
	return r != nil && (r.kind == greeting || r.kind == answer) && c.stage.lines != "" && len(c.turns.all) > 0
}

// sayFarewell says that it has to stop here, and does.
func (c *Conversation) sayFarewell(ctx context.Context) {
	if c.ending != nil {
		return
	}
	c.endReply(errEnding)
	c.endTurn(time.Now())
	c.saveCheckpoint()
	c.ending = &ending{why: ErrParted, cancel: func() {}} // there is no report yet
	c.startLines(ctx, closing, c.Speaker, c.Settings.Parting)
}

// continueInterview begins where another conversation was, instead of a greeting; lines is
// what is said to somebody who comes back.
func (c *Conversation) continueInterview(ctx context.Context, lines []string) {
	if c.Checkpoint.Handed {
		c.Settings.BargeIn.Warm = 0 // the same page has heard the voice all the time
	}
	switch carry := c.Checkpoint; {
	case carry.Progress.Over:
		c.endInterview(ctx, nil)
	case !carry.Handed:
		c.continueAfterBreak(ctx, lines)
	case len(carry.Rest) > 0:
		c.startLines(ctx, answer, c.Speaker, carry.Rest...)
	case carry.Due:
		c.startAnswer(ctx, Times{Allowed: time.Now(), Decided: time.Now()}, Ask{})
	default:
		c.floor.cut = carry.Open // goes on by itself if nothing more is said
		c.Screen.Show(c.stateEvent())
	}
}

// continueAfterBreak goes on after a break that the candidate noticed: it says again what
// may not have been heard or was not answered, or answers what was said last.
func (c *Conversation) continueAfterBreak(ctx context.Context, lines []string) {
	history := c.turns.history()
	if again := c.unanswered(history, lines); len(again) > 0 || len(history) == 0 {
		c.startLines(ctx, greeting, c.Speaker, slices.Concat(lines, again)...)
		return
	}
	ask := c.newAsk()
	ask.Silent = history[len(history)-1].Role == interview.Interviewer
	c.startReply(ctx, answer, c.Speaker, func(ctx context.Context) iter.Seq2[Part, error] {
		return func(yield func(Part, error) bool) {
			if !yield(Part{Text: lines[0]}, nil) {
				return
			}
			for p, err := range c.Interviewer.Reply(ctx, ask) {
				if !yield(p, err) {
					return
				}
			}
		}
	})
}

// unanswered returns what is to be said again after a break: what was taken back of the
// interviewer's last words, if nothing was said since, or the question that ends the history.
// The welcome is not: it is said anyhow.
func (c *Conversation) unanswered(history []interview.Turn, welcome []string) []string {
	rest := slices.DeleteFunc(slices.Clone(c.Checkpoint.Rest), func(s string) bool { return slices.Contains(welcome, s) })
	if len(rest) > 0 && c.Checkpoint.After == lastOf(history) {
		return rest
	}
	if question := openQuestion(history); question != "" {
		return []string{question}
	}
	return nil
}

// lastOf is the number of a history's last turn; 0 = there is none.
func lastOf(history []interview.Turn) int {
	if len(history) == 0 {
		return 0
	}
	return history[len(history)-1].Number
}

// openQuestion is the question that ends the history, if it ends with one.
func openQuestion(history []interview.Turn) string {
	if len(history) == 0 {
		return ""
	}
	last := history[len(history)-1]
	text := strings.TrimSpace(last.Text)
	if last.Role != interview.Interviewer || last.Cut || !strings.HasSuffix(text, "?") {
		return ""
	}
	if i := strings.LastIndexAny(text[:len(text)-1], ".!?"); i >= 0 {
		text = text[i+1:]
	}
	return strings.TrimSpace(text)
}
