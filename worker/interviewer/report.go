package interviewer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
)

// The limits of a report.
const (
	reportTokens = 1500
	bestScore    = 5
)

const reporter = `The interview below is over. You are an experienced interview coach and write the feedback report for the candidate, by the tool "report".
Judge only what the candidate said, by the rubric; quote a few of their words as evidence. Be honest, specific and kind, and address them as you.
[interrupted] marks where the candidate cut the interviewer off. Speech recognition may have got words wrong: do not hold that against them.
Give each criterion a score from 1 to 5, or 0 where the interview gave no occasion to judge it.`

// over is the last message of a request for a report.
const over = "(The interview is over. Write the feedback report.)"

var errNoReport = errors.New("interviewer: the model wrote no report")

// reportInput is the input of the report tool.
type reportInput struct {
	Summary string                `json:"summary"`
	Scores  map[string]assessment `json:"scores"`
	Good    []string              `json:"good"`
	Better  []string              `json:"better"`
}

type assessment struct {
	Score   int    `json:"score"`
	Comment string `json:"comment"`
}

// Report implements conversation.Interviewer: feedback by the rubric. A model
// that only talks instead of using the tool is taken at its word.
func (iv *Interviewer) Report(ctx context.Context, history []interview.Turn) (channel.Report, error) {
	a := new(answer)
	asked := messages(history, over)
	if last := &asked[len(asked)-1]; !strings.HasSuffix(last.Text, over) {
		last.Text += "\n" + over
	}
	request := Request{
		System: iv.interview.reporting(history), Messages: asked,
		Tools: []Tool{iv.interview.reportTool()}, MaxTokens: reportTokens,
	}
	for _, err := range a.texts(iv.model.Converse(ctx, request)) {
		if err != nil {
			return channel.Report{}, fmt.Errorf("report: %w", err)
		}
	}
	if len(a.uses) > 0 {
		return iv.interview.reportOf(a.uses[0])
	}
	if text := strings.TrimSpace(a.text.String()); text != "" {
		return channel.Report{Summary: text}, nil
	}
	return channel.Report{}, errNoReport
}

func (i *Interview) reporting(history []interview.Turn) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", reporter)
	section(&b, headBrief, i.Brief)
	var rubric []string
	for _, c := range i.Rubric {
		rubric = append(rubric, c.Name+": "+c.LooksFor)
	}
	section(&b, headRubric, list(rubric))
	section(&b, headDelivery, list(delivery(history)))
	return b.String()
}

// reportTool has a place for each criterion, so that none is left out.
func (i *Interview) reportTool() Tool {
	type schema map[string]any
	text := schema{"type": "string"}
	texts := schema{"type": "array", "items": text}
	scores, names := schema{}, []string{}
	for _, c := range i.Rubric {
		names = append(names, c.Name)
		scores[c.Name] = schema{
			"type": "object", "required": []string{"score", "comment"},
			"properties": schema{"score": schema{"type": "integer", "minimum": 0, "maximum": bestScore}, "comment": text},
		}
	}
	data, err := json.Marshal(schema{
		"type": "object", "required": []string{"summary", "scores", "good", "better"},
		"properties": schema{
			"summary": text, "good": texts, "better": texts,
			"scores": schema{"type": "object", "required": names, "properties": scores},
		},
	})
	if err != nil {
		panic(err) // maps of strings and numbers
	}
	return Tool{Name: "report", Description: "Write the feedback report.", Schema: data}
}

// reportOf puts what was written in the rubric's order and within its limits.
func (i *Interview) reportOf(u ToolUse) (channel.Report, error) {
	var w reportInput
	if err := json.Unmarshal(u.Input, &w); err != nil {
		return channel.Report{}, fmt.Errorf("report: %w", err)
	}
	r := channel.Report{Summary: w.Summary, Good: w.Good, Better: w.Better}
	for _, c := range i.Rubric {
		a, ok := w.Scores[c.Name]
		if !ok || a.Score <= 0 {
			continue
		}
		r.Scores = append(r.Scores, channel.Score{Name: c.Name, Score: min(a.Score, bestScore), Of: bestScore, Comment: a.Comment})
	}
	return r, nil
}

var _ conversation.Interviewer = (*Interviewer)(nil)
