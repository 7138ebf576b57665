package conversation

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"casey.internal/shared/interview"
)

// Why a conversation stops that has not come to its end.
var (
	// ErrHandedOver says that another conversation goes on where Carry says.
	ErrHandedOver = errors.New("conversation: handed over")
	// ErrParted says that the candidate was told that it stops here.
	ErrParted = errors.New("conversation: parted")
)

// Carry is what it takes, beside the history, to go on with a conversation
// elsewhere.
type Carry struct {
	Progress Progress
	Spent    time.Duration // of the interview's time
	// Pauses are the candidate's own, so that they are known elsewhere too.
	Pauses []time.Duration `json:",omitempty"`
	// Granted says that they have been given the time to think that they asked for.
	Granted bool `json:",omitempty"`
	// Handed says that the conversation before ended its sentence for this one,
	// so that the candidate need not notice. Without it something broke.
	Handed bool     `json:",omitempty"`
	Rest   []string `json:",omitempty"` // of a reply: sentences yet to be said
	Due    bool     `json:",omitempty"` // a reply to the candidate's last words is
	Open   bool     `json:",omitempty"` // the candidate's last words may not be all yet
}

// known reports whether there was a conversation before.
func (c Carry) known() bool { return c.Progress.Phase.Index > 0 }

// keep tells what it would take to go on elsewhere now.
func (c *Conversation) keep() {
	if c.Keep != nil {
		c.Keep(c.carry())
	}
}

func (c *Conversation) carry() Carry {
	return Carry{
		Progress: c.progress, Spent: c.Settings.Limit - time.Until(c.limit),
		Pauses: slices.Clone(c.rhythm.pauses), Granted: c.question.granted,
	}
}

// handOver stops for another conversation: after the sentence that is being
// said, when the candidate's turn is over, or at once where nobody speaks; words
// that are being recognised would be lost otherwise. Last words are not handed
// over.
func (c *Conversation) handOver() {
	switch {
	case c.ending != nil || !c.leaveBy.IsZero():
		return
	case c.state == Speaking:
		c.reply.enough.Store(true)
	case c.state == Thinking || c.floor.turn == 0 && !c.floor.on:
		c.leave()
		return
	}
	c.leaveBy = time.Now().Add(c.Settings.HandOver)
}

// leaveAlarm is when the candidate is not waited for any longer.
func (c *Conversation) leaveAlarm() alarm {
	return alarm{c.leaveBy, func(context.Context) { c.leave() }}
}

// leave stops between two sentences and keeps what is left to do.
func (c *Conversation) leave() {
	carry, s := c.carry(), c.stage
	carry.Handed = true
	switch {
	case c.reply == nil:
		carry.Due = c.decided
		carry.Open = !c.decided && (c.floor.turn != 0 || c.floor.cut)
	case s.begun:
		carry.Rest = s.unsaid
	default:
		carry.Due = c.reply.kind != greeting
		carry.Handed = carry.Due || len(c.turns.all) > 0
	}
	r := c.reply
	c.endReply(ErrHandedOver)
	if r != nil && s.begun { // it was not cut: the rest follows
		carry.Rest = append(carry.Rest, r.rest()...)
		t := c.turns.get(r.turn)
		c.turns.change(r.turn, t.Text, t.Ended, false)
	}
	c.endTurn(time.Now())
	if c.Keep != nil {
		c.Keep(carry)
	}
	c.left = ErrHandedOver
	c.enter(Ended)
}

// part says that it has to stop here, and does.
func (c *Conversation) part(ctx context.Context) {
	if c.ending != nil {
		return
	}
	c.endReply(errEnding)
	c.endTurn(time.Now())
	c.keep()
	done := make(chan struct{})
	close(done) // there is no report yet
	c.ending = &ending{why: ErrParted, cancel: func() {}, done: done}
	c.recite(ctx, closing, c.Speaker, c.Settings.Parting)
}

// goOn begins where another conversation was, instead of a greeting; lines is
// what is said to somebody who comes back.
func (c *Conversation) goOn(ctx context.Context, lines []string) {
	if c.Carry.Handed {
		c.Settings.BargeIn.Warm = 0 // the same page has heard the voice all the time
	}
	switch carry := c.Carry; {
	case carry.Progress.Over:
		c.end(ctx, nil)
	case !carry.Handed:
		c.pickUp(ctx, lines)
	case len(carry.Rest) > 0:
		c.recite(ctx, answer, c.Speaker, carry.Rest...)
	case carry.Due:
		c.answer(ctx, Times{Allowed: time.Now(), Decided: time.Now()}, Ask{})
	default:
		c.floor.cut = carry.Open // goes on by itself if nothing more is said
		c.Screen.Show(c.doing())
	}
}

// pickUp goes on after a break that the candidate noticed: it asks again what
// was not answered, or answers what was said last.
func (c *Conversation) pickUp(ctx context.Context, lines []string) {
	history := c.turns.history()
	if question := openQuestion(history); question != "" || len(history) == 0 {
		if question != "" {
			lines = append(slices.Clone(lines), question)
		}
		c.recite(ctx, greeting, c.Speaker, lines...)
		return
	}
	ask := c.ask()
	ask.Silent = history[len(history)-1].Role == interview.Interviewer
	c.say(ctx, answer, c.Speaker, func(ctx context.Context) iter.Seq2[Part, error] {
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
