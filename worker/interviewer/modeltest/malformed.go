package modeltest

import (
	"slices"
	"strings"
	"testing"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
)

// Written is an answer as a model writes it: what a ConverseStream has of it.
type Written struct {
	Text []string // the deltas of a text block; none = there is no block
	Uses []Use
	Stop string // "" = as it fits
}

// Use is a tool's use as a model writes it, whatever its input is.
type Use struct{ ID, Name, Input string }

// Tell has a model give some answers next, and ends with the test.
type Tell func(t *testing.T, answers ...Written) interviewer.Model

// history is what was said before a malformed answer.
var history = []interview.Turn{
	{Role: interview.Interviewer, Text: "What did you build?"},
	{Role: interview.Candidate, Text: "A bridge in C++."},
}

// Malformed checks what becomes of answers that are not as they were asked for: in
// replies and in reports.
func Malformed(t *testing.T, tell Tell) {
	i, err := interviewer.BuiltIn().Find("case")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range replies {
		t.Run("reply/"+c.name, func(t *testing.T) { c.check(t, interviewer.New(i, tell(t, c.answers...))) })
	}
	coach, err := interviewer.BuiltIn().Find("coach")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range reports {
		t.Run("report/"+c.name, func(t *testing.T) { c.check(t, interviewer.New(coach, tell(t, c.answers...))) })
	}
}

// malformedReply is what a model writes, in one round or more, and what is made of it.
type malformedReply struct {
	name    string
	answers []Written
	said    string // the sentences, joined by "|"
	phase   int    // afterwards; 0 = the first
	exhibit int
}

func (c malformedReply) check(t *testing.T, iv *interviewer.Interviewer) {
	_, at := iv.Greeting(nil)
	var said []string
	for part, err := range iv.Reply(t.Context(), conversation.Ask{History: history, Progress: at}) {
		if err != nil {
			t.Fatalf("after %q: %v", said, err)
		}
		if part.Text != "" {
			said = append(said, part.Text)
		}
		if part.Progress != nil {
			at = *part.Progress
		}
	}
	exhibit := 0
	if at.Exhibit != nil {
		exhibit = at.Exhibit.Index
	}
	if got := strings.Join(said, "|"); got != c.said || at.Phase.Index != max(c.phase, 1) || exhibit != c.exhibit {
		t.Errorf("said %q in phase %d with exhibit %d; want %q, %d and %d", got, at.Phase.Index, exhibit, c.said, max(c.phase, 1), c.exhibit)
	}
}

// malformedReport is what a model writes and what is read of it; a zero report is none.
type malformedReport struct {
	name    string
	answers []Written
	summary string
	scores  string // the first letters of the criteria with their scores, as in "S4 E3"
	good    string // joined by "|"
	better  string
}

func (c malformedReport) check(t *testing.T, iv *interviewer.Interviewer) {
	r, err := iv.Report(t.Context(), history)
	var scores []string
	for _, s := range r.Scores {
		scores = append(scores, s.Name[:1]+string(rune('0'+s.Score)))
	}
	got := malformedReport{c.name, c.answers, r.Summary, strings.Join(scores, " "), strings.Join(r.Good, "|"), strings.Join(r.Better, "|")}
	if got.summary != c.summary || got.scores != c.scores || got.good != c.good || got.better != c.better {
		t.Errorf("read %q, %q, %q, %q, %v\nwant %q, %q, %q, %q", got.summary, got.scores, got.good, got.better, err, c.summary, c.scores, c.good, c.better)
	}
	if readable := c.summary+c.scores+c.good+c.better != ""; readable != (err == nil) {
		t.Errorf("the error is %v", err)
	}
	if slices.ContainsFunc(r.Scores, func(s channel.Score) bool { return s.Score < 1 || s.Score > s.Of }) {
		t.Errorf("scores %+v", r.Scores)
	}
}
