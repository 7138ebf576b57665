package conversationtest

import (
	"context"
	"math"
	"strings"
	"time"

	"casey.internal/shared/clock"
	"casey.internal/shared/price"
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
	if err := clock.Sleep(ctx, j.delay); err != nil {
		return conversation.Judgement{}, err
	}
	says := conversation.Opinion(j.says)
	switch {
	case j.says == "fails":
		return conversation.Judgement{}, errThrottled
	case j.of != "" && j.of != text:
		says = conversation.Unfinished
	}
	return conversation.Judgement{Says: says, Weight: weight(says), Cost: conversation.Cost{Tokens: price.Tokens{Input: len(strings.Fields(text)), Output: 1}}}, nil
}

func weight(says conversation.Opinion) float64 {
	if says == conversation.Finished || says == conversation.Asks {
		return -sure
	}
	return sure
}

// mark is the mark that the script has drafts begin with.
type mark struct {
	says string // an opinion, or "none"
	of   string // these words alone, unfinished of any others; empty = of any
}

// Mark implements Marker.
func (m mark) Mark(text string) conversation.Opinion {
	switch {
	case m.says == "none":
		return ""
	case m.of != "" && m.of != text:
		return conversation.Unfinished
	}
	return conversation.Opinion(m.says)
}

// Weight implements Marker.
func (m mark) Weight(says conversation.Opinion) float64 { return weight(says) }

// weights returns how much the marks of a script count; nil = there are none.
func (s *Script) weights() func(conversation.Opinion) float64 {
	if s.Marks == nil {
		return nil
	}
	return s.Marks.Weight
}

// mark is what a reply begins with; empty = nothing.
func (s *Script) mark(a conversation.Ask) conversation.Opinion {
	if !a.Marked {
		return ""
	}
	return s.Marks.Mark(a.History[len(a.History)-1].Text)
}
