package judges

import (
	"context"
	"fmt"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/judge"
)

// Marks judges as CASEY_JUDGE=own has it: by the mark that the interviewer's own model
// begins a draft with.
type Marks struct {
	Interview *interviewer.Interview // whose instruction the model has
	Model     interviewer.Model
	Name      string // of the model: by it the cost is estimated
}

// Judge implements conversation.Judge. A draft without a mark is judge.ErrNonsense. The cost
// is an estimate, since nothing is read after the mark.
func (m Marks) Judge(ctx context.Context, question, text string) (conversation.Judgement, error) {
	iv := interviewer.New(m.Interview, m.Model).Named(m.Name)
	_, progress := iv.Greeting(nil)
	ask := conversation.Ask{Progress: progress, Left: time.Hour, Marked: true, History: []interview.Turn{
		{Role: interview.Interviewer, Text: question}, {Role: interview.Candidate, Text: text},
	}}
	var j conversation.Judgement
	for part, err := range iv.Reply(ctx, ask) {
		if err != nil {
			return j, err
		}
		j.Cost = j.Cost.Plus(part.Estimate)
		if j.Says = part.Says; j.Says != "" {
			j.Cost.Output++
			return j, nil
		}
		if part.Text != "" {
			break
		}
	}
	return j, fmt.Errorf("%w: no mark", judge.ErrNonsense)
}
