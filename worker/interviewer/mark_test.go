package interviewer_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
)

// TestADraftSaysFirstWhetherTheyHaveFinished: what a model makes of being asked for a mark is never
// said, whatever it is.
func TestADraftSaysFirstWhetherTheyHaveFinished(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer []any
		marked bool
		says   conversation.Opinion
		said   []string
	}{
		{"finished", []any{"✓", " I see. How long?"}, true, conversation.Finished, []string{"I see.", "How long?"}},
		{"finished, in one piece with the reply", []any{"✓I see.", " How long?"}, true, conversation.Finished, []string{"I see.", "How long?"}},
		{"after blank text", []any{" \n", "✓ How long?"}, true, conversation.Finished, []string{"How long?"}},
		{"unfinished", []any{"○"}, true, conversation.Unfinished, nil},
		{"unfinished, and on it goes", []any{"○ I see.", " How long?"}, true, conversation.Unfinished, nil},
		{"no mark", []any{"I see. How long?"}, true, "", []string{"I see.", "How long?"}},
		{"a mark in the middle", []any{"I see ○ that. ✓ How long?"}, true, "", []string{"I see  that.", "How long?"}},
		{"another after the first", []any{"✓○ How long?"}, true, conversation.Finished, []string{"How long?"}},
		{"a mark that nobody asked for", []any{"✓ How long?"}, false, "", []string{"How long?"}},
		{"nothing but a mark that nobody asked for", []any{"○ ", "How long?"}, false, "", []string{"How long?"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := &model{answers: [][]any{c.answer, {"Once more?"}}}
			said, _, parts, err := reply(t, "coach", m, conversation.Ask{History: history, Marked: c.marked})
			var says conversation.Opinion
			for _, p := range parts {
				if p.Says != "" {
					says = p.Says
				}
			}
			if err != nil || says != c.says || !slices.Equal(said, c.said) {
				t.Errorf("%s: says %q and %q, %v; want %q and %q", c.name, says, said, err, c.says, c.said)
			}
			if len(m.requests) != 1 {
				t.Errorf("%s: asked %d times", c.name, len(m.requests))
			}
			if got := strings.Contains(m.requests[0].Notes, "✓"); got != c.marked {
				t.Errorf("%s: a mark is asked for: %v", c.name, got)
			}
		})
	}
}

// TestNobodyListensAfterAMark: whoever asked has what they wanted.
func TestNobodyListensAfterAMark(t *testing.T) {
	for _, mark := range []string{"✓ How long?", "○"} {
		m := &model{answers: [][]any{{mark}}}
		for part, err := range interviewer.New(load(t, "coach"), m).Reply(t.Context(), conversation.Ask{History: history, Marked: true}) {
			if err != nil {
				t.Fatal(err)
			}
			if part.Says != "" {
				break // to go on after it panics
			}
		}
	}
}
