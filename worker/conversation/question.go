package conversation

import (
	"context"
	"time"

	"casey.internal/shared/interview"
)

// question is the question being answered, and what the candidate was told since.
type question struct {
	text      string
	ended     time.Time // when it had been said
	granted   bool      // time to think, because they asked for it
	reassured bool      // that there is no hurry
}

// setQuestion takes what the interviewer has just said for what is answered next.
func (c *Conversation) setQuestion(k kind, text string, at time.Time) {
	switch {
	case text == "":
	case k == greeting, k == answer:
		c.question = question{text: text, ended: at}
	default:
		c.question.ended = at
	}
}

// grantTime tells somebody who asked for time that they have it; what they say then
// is a turn of its own.
func (c *Conversation) grantTime(ctx context.Context, turn int) {
	c.question.granted = true
	c.startLines(ctx, aside, c.Speaker, c.Settings.Grant)
	c.stage.answering = turn
}

// reassure tells somebody who has been silent for very long that there is no
// hurry.
func (c *Conversation) reassure(ctx context.Context, v Verdict) {
	c.question.reassured = true
	if c.floor.turn != 0 {
		c.closeTurn(v)
	}
	c.startLines(ctx, aside, c.Speaker, c.Settings.Reassure)
}

// lastQuestion returns the last question of a history.
func lastQuestion(history []interview.Turn, now time.Time) question {
	for i := len(history) - 1; i >= 0; i-- {
		if history[i].Role == interview.Interviewer {
			return question{text: history[i].Text, ended: now}
		}
	}
	return question{ended: now}
}
