package interviewer

import (
	"cmp"
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

// inWriting is what a report and a review are told of another language than English.
const inWriting = "Write everything in %s, and keep quotes and the names of criteria as they are."

// over is the last message of a request for a report.
const over = "(The interview is over. Write the feedback report.)"

var errNoReport = errors.New("interviewer: the model wrote no report")

// unread is added to the request when nothing of a report could be read.
const unread = "(Nothing of your report could be read. Write it again, by the tool \"report\", shorter.)"

// Report writes the whole report, feedback by the rubric, at once. A model
// that only talks instead of using the tool is taken at its word, and one of whose
// report nothing can be read is asked once more.
func (iv *Interviewer) Report(ctx context.Context, history []interview.Turn) (channel.Report, error) {
	asked := messages(history, over)
	last := &asked[len(asked)-1]
	if !strings.HasSuffix(last.Text, over) {
		last.Text += "\n" + over
	}
	request := Request{
		System: iv.interview.reporting(history, iv.briefing), Messages: asked,
		Tools: []Tool{iv.interview.reportTool()}, MaxTokens: reportTokens,
	}
	for range 2 {
		r, err := iv.askReport(ctx, request)
		if !errors.Is(err, errNoReport) {
			return r, err
		}
		last.Text += "\n" + unread
	}
	return channel.Report{}, errNoReport
}

// askReport asks for a report once. The error is errNoReport where nothing can be read.
func (iv *Interviewer) askReport(ctx context.Context, request Request) (r channel.Report, err error) {
	a := new(answer)
	for _, err := range a.texts(iv.model.Converse(ctx, request)) {
		if err != nil {
			return r, fmt.Errorf("report: %w", err)
		}
	}
	text := strings.TrimSpace(a.text.String())
	for _, u := range a.uses {
		if r = iv.interview.reportOf(cmp.Or(u.Unread, string(u.Input))); !empty(r) {
			r.Summary = cmp.Or(r.Summary, text)
			return r, nil
		}
	}
	if r = iv.interview.reportOf(text); r.Summary != "" {
		return r, nil // it wrote the tool's input as text
	}
	if r = (channel.Report{Summary: text}); empty(r) {
		return r, errNoReport
	}
	return r, nil
}

func empty(r channel.Report) bool {
	return r.Summary == "" && len(r.Scores)+len(r.Good)+len(r.Better) == 0
}

// judging is how an instruction to judge the interview begins: who judges, what it was, by what.
func (i *Interview) judging(who string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s\n\n", who, i.inItsLanguage(inWriting))
	section(&b, headBrief, i.Brief)
	var rubric []string
	for _, c := range i.Rubric {
		rubric = append(rubric, c.Name+": "+c.LooksFor)
	}
	section(&b, headRubric, list(rubric))
	return b.String()
}

// reporting is the instruction for a report, to a candidate who told of the job or did not.
func (i *Interview) reporting(history []interview.Turn, told *Briefing) string {
	var b strings.Builder
	b.WriteString(i.judging(reporter))
	section(&b, headDelivery, list(delivery(history)))
	if lines := told.lines(); lines != "" {
		section(&b, headJob, judgeJob+"\n"+lines)
	}
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

// reportOf reads what was written, whatever can be read of it, and puts it in the
// rubric's order and within its limits.
func (i *Interview) reportOf(written string) (r channel.Report) {
	v, _ := read(written, "{")
	w := reportIn(v)
	r.Summary, r.Good, r.Better = w.get("summary").text(), w.get("good").texts(), w.get("better").texts()
	scores := w.get("scores").named()
	for _, c := range i.Rubric {
		a := scores.get(c.Name)
		score, ok := a.get("score").number(bestScore)
		if !ok {
			score, ok = a.number(bestScore)
		}
		if ok && score >= 0.5 {
			r.Scores = append(r.Scores, channel.Score{
				Name: c.Name, Score: int(min(score+0.5, bestScore)), Of: bestScore, Comment: a.get("comment").text(),
			})
		}
	}
	return r
}

// reportIn returns the object with a report's fields: v, or one within it.
func reportIn(v value) value {
	object, _ := v.object()
	if len(object) != 1 || v.get("summary").any != nil || v.get("scores").any != nil {
		return v
	}
	for _, inner := range object {
		if _, ok := inner.object(); ok {
			return reportIn(inner)
		}
	}
	return v
}

var _ conversation.Interviewer = (*Interviewer)(nil)
