package canned_test

import (
	"strings"
	"testing"

	"casey.internal/cdk/local/aws/bedrock/rules"
	"casey.internal/cdk/local/aws/canned"
)

func TestAScriptGoesOnWhereTheConversationIs(t *testing.T) {
	model, err := canned.Script(strings.NewReader("# replies\nOne. And two.\n\nThree.\n"), canned.Reply)
	if err != nil {
		t.Fatal(err)
	}
	you := interviewer.Message{Role: interviewer.User, Text: "yes"}
	request := interviewer.Request{Messages: []interviewer.Message{you}}
	for _, want := range []string{"One. And two.", "Three.", canned.Reply(request).Text} {
		for range 2 { // a reply that was thrown away is asked for again
			if got := model(request); got.Text != want {
				t.Errorf("said %q, want %q", got.Text, want)
			}
		}
		request.Messages = append(request.Messages, interviewer.Message{Role: interviewer.Assistant, Text: want}, you)
	}
	report := interviewer.Request{Messages: []interviewer.Message{you}, Tools: []interviewer.Tool{{Name: "report"}}}
	if got := model(report); got.Text != canned.Reply(report).Text {
		t.Errorf("the report is %q", got.Text)
	}
}
