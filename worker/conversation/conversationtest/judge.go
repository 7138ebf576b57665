package conversationtest

import (
	"context"
	"math"
	"strings"
	"time"

	"casey.internal/worker/conversation"
)

// judge says what the script has it say.
type judge struct {
	says  string // an opinion, or "fails"
	delay time.Duration
	of    string // these words alone; empty = any
}

// sure is the weight of an opinion that is right nineteen times of twenty.
var sure = math.Log(19)

// Judge implements conversation.Judge.
func (j *judge) Judge(ctx context.Context, _, text string) (conversation.Judgement, error) {
	if err := sleep(ctx, j.delay); err != nil {
		return conversation.Judgement{}, err
	}
	says := conversation.Opinion(j.says)
	switch {
	case j.says == "fails":
		return conversation.Judgement{}, errThrottled
	case j.of != "" && j.of != text:
		says = conversation.Unfinished
	}
	return conversation.Judgement{Says: says, Weight: weight(says), Cost: conversation.Cost{InputTokens: len(strings.Fields(text)), OutputTokens: 1}}, nil
}

func weight(says conversation.Opinion) float64 {
	if says == conversation.Finished || says == conversation.Asks {
		return -sure
	}
	return sure
}

// weights returns how much the marks of a script count; nil = there are none.
func (s *Script) weights() func(conversation.Opinion) float64 {
	if s.Marks == nil {
		return nil
	}
	return weight
}

// mark is what a reply begins with; empty = nothing.
func (s *Script) mark(a conversation.Ask) conversation.Opinion {
	switch {
	case !a.Marked || s.Marks.Says == "none":
		return ""
	case s.Marks.Of != "" && s.Marks.Of != a.History[len(a.History)-1].Text:
		return conversation.Unfinished
	}
	return conversation.Opinion(s.Marks.Says)
}
