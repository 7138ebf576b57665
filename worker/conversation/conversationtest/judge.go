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
	weight := sure
	if says == conversation.Finished || says == conversation.Asks {
		weight = -sure
	}
	return conversation.Judgement{Says: says, Weight: weight, Cost: conversation.Cost{InputTokens: len(strings.Fields(text)), OutputTokens: 1}}, nil
}
