package conversation_test

import (
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"

	"casey.internal/worker/conversation/conversationtest"
)

// TestWhatWasTakenBackIsSaidElsewhere has a worker die in a break, and another one go on
// from what it left.
func TestWhatWasTakenBackIsSaidElsewhere(t *testing.T) {
	tests := []struct {
		name, first, want string
	}{
		{"nothing of the reply arrived", `
			reply "Interesting." "And why did you do it?"
			1.5-2.5 candidate: "I sold the company"
			broken 5 silent since 3.8 back 60
			hang up 10`,
			"Welcome back. Interesting. And why did you do it?"},
		{"they nodded during the reply", `
			reply "That is very interesting." "And why did you sell it then?" "Tell me more."
			1.5-2.5 candidate: "I sold the company"
			4.6-4.9 candidate: "mm-hm"
			broken 8 silent since 5.8 back 60
			hang up 10`,
			"Welcome back. And why did you sell it then? Tell me more."},
		{"they spoke before it was said again", `
			reply "Interesting." "And why did you do it?"
			1.5-2.5 candidate: "I sold the company"
			broken 5 silent since 3.8 back 6
			5.1-7.5 candidate: "I did it for my family"
			hang up 8`,
			"Welcome back. Good. Go on."},
		{"it was not yet said again", `
			reply "Interesting." "And why did you do it?"
			1.5-2.5 candidate: "I sold the company"
			broken 5 silent since 3.8 back 6
			away 6.05-60
			hang up 10`,
			"Welcome back. Interesting. And why did you do it?"},
		{"the welcome did not arrive", `
			greeting "Welcome back."
			history interviewer: "That is very interesting. And why"
			carry phase 2 "And why did you sell it then?" "Tell me more."
			broken 1.5 silent since 0.2 back 60
			hang up 10`,
			"Welcome back. And why did you sell it then? Tell me more."},
		{"the greeting did not arrive", `
			greeting "Welcome back." "What did you build?"
			broken 1.5 silent since 0.05 back 60
			hang up 10`,
			"Welcome back. What did you build?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				first := parse(t, tt.first)
				got := conversationtest.Play(t.Context(), first, slog.New(slog.DiscardHandler))
				second := parse(t, `greeting "Welcome back."`)
				second.History, second.Carry = append(first.History, got.Turns...), got.Left
				got = conversationtest.Play(t.Context(), second, slog.New(slog.DiscardHandler))
				var said []string
				for _, w := range got.Said {
					said = append(said, w.Word)
				}
				if said := strings.Join(said, " "); said != tt.want {
					t.Errorf("said %q, want %q; to it was left %+v", said, tt.want, second.Carry)
				}
			})
		})
	}
}

// parse reads a script of which nothing is expected.
func parse(t *testing.T, text string) *conversationtest.Script {
	s, _, err := conversationtest.Parse(text + "\n---\n")
	if err != nil {
		t.Fatal(err)
	}
	return s
}
