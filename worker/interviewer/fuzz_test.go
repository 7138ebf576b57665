package interviewer_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"unicode"

	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
)

// always gives one answer, whatever it is asked.
type always []interviewer.Delta

func (a always) Converse(context.Context, interviewer.Request) iter.Seq2[interviewer.Delta, error] {
	return func(yield func(interviewer.Delta, error) bool) {
		for _, d := range a {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// FuzzReport: whatever is written as a report, what is read of it is within its limits,
// and a text beside it is never lost.
func FuzzReport(f *testing.F) {
	f.Add(`{"summary":"Well.","scores":{"Structure":{"score":"4/5"},"Evidence":[1]},"good":"[\"a\"]"}`, "")
	f.Add(`{"summary":"We`, "You did well.")
	f.Add(`{"scores":[{"name":"Structure","score":-1e309}],'x`, "[")
	i, err := interviewer.BuiltIn().Find("coach")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, input, text string) {
		m := always{{Text: text}, {Tool: &interviewer.ToolUse{ID: "t1", Name: "report", Unread: input + " "}}}
		r, err := interviewer.New(i, m).Report(t.Context(), []interview.Turn{{Role: interview.Candidate, Text: "A bridge."}})
		if err == nil && r.Summary == "" && len(r.Scores)+len(r.Good)+len(r.Better) == 0 {
			t.Error("an empty report without an error")
		}
		if err != nil && !strings.ContainsAny(text, "<[{◁") && strings.TrimSpace(text) != "" {
			t.Errorf("%q is lost: %v", text, err)
		}
		for _, s := range r.Scores {
			if s.Score < 1 || s.Score > s.Of {
				t.Errorf("score %+v", s)
			}
		}
	})
}

// FuzzReply: whatever a model writes, nothing blank is said and nothing of a thought.
func FuzzReply(f *testing.F) {
	f.Add("I see. ", "a thought. Yes?", "next_phase", `{"x":1}`, "max_tokens")
	f.Add("Candidate: ", "\n", "show_exhibit", `{"number":"two"}`, "")
	i, err := interviewer.BuiltIn().Find("case")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text, thought, tool, input, stop string) {
		if strings.ContainsAny(text+thought, "<>[]◁▷") {
			t.Skip("tags of its own")
		}
		m := always{{Text: text}, {Text: "<thi"}, {Text: "nk>SECRET " + thought}, {Text: "</think>"}, {Tool: use(tool, input)}, {Stop: stop}}
		iv := interviewer.New(i, m)
		_, at := iv.Greeting(nil)
		for part, err := range iv.Reply(t.Context(), conversation.Ask{Progress: at}) {
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			if part.Text != "" && !strings.ContainsFunc(part.Text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
				t.Errorf("said %q", part.Text)
			}
			if strings.Contains(part.Text, "SECRET") && !strings.Contains(text, "SECRET") {
				t.Errorf("said the thought %q", part.Text)
			}
			if p := part.Progress; p != nil && (p.Phase.Index < 1 || p.Phase.Index > 3) {
				t.Errorf("phase %+v", p.Phase)
			}
		}
	})
}
