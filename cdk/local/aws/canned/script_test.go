package canned_test

import (
	"strings"
	"testing"

	"casey.internal/cdk/local/aws/bedrock/converse"
	"casey.internal/cdk/local/aws/canned"
)

func TestAScriptGoesOnWhereTheConversationIs(t *testing.T) {
	model, err := canned.Script(strings.NewReader("# replies\nOne. And two.\n\nThree.\n"), canned.Reply)
	if err != nil {
		t.Fatal(err)
	}
	you := converse.Message{Role: converse.User, Text: "yes"}
	request := converse.Request{Messages: []converse.Message{you}}
	for _, want := range []string{"One. And two.", "Three.", canned.Reply(request).Text} {
		for range 2 { // a reply that was thrown away is asked for again
			if got := model(request); got.Text != want {
				t.Errorf("said %q, want %q", got.Text, want)
			}
		}
		request.Messages = append(request.Messages, converse.Message{Role: converse.Assistant, Text: want}, you)
	}
	report := converse.Request{Messages: []converse.Message{you}, Tools: []converse.Tool{{Name: "report"}}}
	if got := model(report); got.Text != canned.Reply(report).Text {
		t.Errorf("the report is %q", got.Text)
	}
}

func TestANumberInAReplyIsNeverTheSame(t *testing.T) {
	model, err := canned.Script(strings.NewReader("Number {n} is it.\nMore.\n"), canned.Reply)
	if err != nil {
		t.Fatal(err)
	}
	you := converse.Message{Role: converse.User, Text: "yes"}
	request := converse.Request{Messages: []converse.Message{you}}
	first, second := model(request).Text, model(request).Text
	if first != "Number 0001 is it." || second != "Number 0002 is it." {
		t.Errorf("said %q and %q", first, second)
	}
	request.Messages = append(request.Messages, converse.Message{Role: converse.Assistant, Text: first}, you)
	for _, want := range []string{"More.", "Number 0004 is it.", "Number 0005 is it."} {
		got := model(request).Text
		if got != want {
			t.Errorf("said %q, want %q", got, want)
		}
		request.Messages = append(request.Messages, converse.Message{Role: converse.Assistant, Text: got}, you)
	}
}
