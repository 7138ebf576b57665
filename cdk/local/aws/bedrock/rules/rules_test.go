package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"casey.internal/cdk/local/aws/bedrock/rules"
)

// question returns the last sentence of a reply.
func question(text string) string {
	sentences := strings.SplitAfter(text, ". ")
	return sentences[len(sentences)-1]
}

func TestNoQuestionTwiceInTenTurns(t *testing.T) {
	answers := []string{"We had a problem with the database.", "The team tested the release.", "I do not know.", "The customer was happy with the product."}
	var r rules.Request
	var asked []string
	for turn := range 40 {
		r.Messages = append(r.Messages, rules.Message{Role: rules.User, Text: answers[turn%len(answers)]})
		reply := rules.Answer(r)
		r.Messages = append(r.Messages, rules.Message{Role: rules.Assistant, Text: reply.Text})
		q := question(reply.Text)
		if !strings.HasSuffix(q, "?") {
			t.Fatalf("turn %d asks nothing: %q", turn, reply.Text)
		}
		if recent := asked[max(0, len(asked)-10):]; slices.Contains(recent, q) {
			t.Errorf("turn %d asks again: %q", turn, q)
		}
		asked = append(asked, q)
	}
}

func TestReplyTakesUpAContentWord(t *testing.T) {
	for answer, word := range map[string]string{
		"We had a problem with the database because it was too slow.": "database",
		"I worked with three other people on that project.":           "project",
		"I studied mathematics at the university of Chicago.":         "mathematics",
	} {
		r := rules.Request{Messages: []rules.Message{
			{Role: rules.User, Text: "Hello"}, {Role: rules.Assistant, Text: "Hello. Who are you?"}, {Role: rules.User, Text: answer},
		}}
		if reply := rules.Answer(r); !strings.Contains(reply.Text, word) || strings.Count(reply.Text, " ") > 30 {
			t.Errorf("to %q: %q", answer, reply.Text)
		}
	}
}

func TestToolsNowAndThen(t *testing.T) {
	r := rules.Request{Tools: []rules.Tool{{Name: "next_phase"}, {Name: "show_exhibit"}}}
	var used []string
	for turn := 1; turn <= 12; turn++ {
		r.Messages = append(r.Messages, rules.Message{Role: rules.User, Text: fmt.Sprint("answer ", turn)})
		reply := rules.Answer(r)
		if reply.Use != nil {
			used = append(used, fmt.Sprint(turn, reply.Use.Name))
		}
		r.Messages = append(r.Messages, rules.Message{Role: rules.Assistant, Text: reply.Text})
	}
	if want := []string{"4next_phase", "8show_exhibit", "12next_phase"}; !slices.Equal(used, want) {
		t.Errorf("used %q", used)
	}
}

func TestReport(t *testing.T) {
	schema := map[string]any{"type": "object", "properties": map[string]any{
		"summary": map[string]any{"type": "string"},
		"scores": map[string]any{"type": "array", "items": map[string]any{"type": "object", "properties": map[string]any{
			"score": map[string]any{"type": "integer", "minimum": 1.0, "maximum": 5.0}}}},
	}}
	said := []rules.Message{
		{Role: rules.User, Text: "I wrote a compiler."}, {Role: rules.Assistant, Text: "I see."},
		{Role: rules.User, Text: "Now the feedback report, please."},
	}
	byTool := rules.Answer(rules.Request{Messages: said, Tools: []rules.Tool{{Name: "report", Schema: schema}}})
	if byTool.Use == nil || fmt.Sprint(byTool.Use.Input["scores"]) != "[map[score:3]]" || !strings.Contains(fmt.Sprint(byTool.Use.Input["summary"]), "compiler") {
		t.Errorf("report %+v", byTool.Use)
	}
	if byText := rules.Answer(rules.Request{Messages: said}); !strings.HasPrefix(byText.Text, "Feedback report.") {
		t.Errorf("report %q", byText.Text)
	}
}
