// Package rules is a language model's place held by rules: it greets, takes up a word of the last answer, asks a question that it has
// not asked for ten turns, uses the tools it is offered now and then, and reports at the end.
package rules

import (
	"fmt"
	"slices"
	"strings"
)

// Roles of messages.
const (
	User      = "user"
	Assistant = "assistant"
)

// Message is one message of a conversation.
type Message struct {
	// Role is User or Assistant.
	Role string
	// Text is what was said, all text blocks joined.
	Text string
	// ToolResult tells that the message answers a tool's use.
	ToolResult bool
}

// Tool is a tool that is offered.
type Tool struct {
	Name string
	// Schema is the JSON schema of its input, decoded.
	Schema map[string]any
}

// Request is what a reply is asked for.
type Request struct {
	System   string
	Messages []Message
	Tools    []Tool
	// Force names a tool that has to be used, "" if none.
	Force string
}

// Use is the use of a tool.
type Use struct {
	Name  string
	Input map[string]any
}

// Reply is what to say and, after it, which tool to use.
type Reply struct {
	Text string
	Use  *Use
}

const (
	// memory is for how many turns a question is not asked again.
	memory = 10
	// between is after how many turns a tool is used.
	between = 4
)

// Answer replies to a request. The same request is answered the same.
func Answer(r Request) Reply {
	last := r.Messages[len(r.Messages)-1]
	if r.Force != "" {
		return Reply{Use: use(r, r.Force)}
	}
	if reporting(r, last) {
		return report(r)
	}
	if last.ToolResult {
		return Reply{Text: r.ask(answerBefore(r.Messages))}
	}
	if !slices.ContainsFunc(r.Messages, func(m Message) bool { return m.Role == Assistant }) {
		return Reply{Text: "Hello, and welcome to your interview. It is good to have you here. " + r.ask("")}
	}
	said := r.acknowledge(last.Text)
	if tool := r.due(); tool != "" {
		return Reply{Text: said, Use: use(r, tool)}
	}
	return Reply{Text: said + " " + r.ask(last.Text)}
}

// answerBefore returns what the candidate said last, before the tool's result.
func answerBefore(messages []Message) string {
	for _, m := range slices.Backward(messages) {
		if m.Role == User && !m.ToolResult {
			return m.Text
		}
	}
	return ""
}

// turns counts the answers so far.
func (r Request) turns() int {
	n := 0
	for _, m := range r.Messages {
		if m.Role == User && !m.ToolResult {
			n++
		}
	}
	return n
}

// acknowledgements have a place for the word that is taken up.
var acknowledgements = []string{
	"Thank you, I would like to know more about the %s.",
	"I see, so it was about the %s.",
	"That is interesting, you mentioned the %s.",
	"All right, the %s sounds important.",
	"I understand, the %s is a good example.",
}

// acknowledge takes up a word of the answer.
func (r Request) acknowledge(answer string) string {
	word := subject(answer)
	if word == "" {
		return "All right, thank you."
	}
	return fmt.Sprintf(acknowledgements[r.turns()%len(acknowledgements)], word)
}

// ask returns the first of the questions that fit the answer best and were not asked lately.
func (r Request) ask(answer string) string {
	words := wordsOf(answer)
	best, fit := "What else should I know about you?", 0
	for _, q := range questions {
		if f := q.fits(words); f > fit && !r.asked(q.text) {
			best, fit = q.text, f
		}
	}
	return best
}

// asked tells whether a question was asked within the last turns.
func (r Request) asked(question string) bool {
	left := memory
	for _, m := range slices.Backward(r.Messages) {
		if m.Role != Assistant {
			continue
		}
		if strings.Contains(m.Text, question) {
			return true
		}
		if left--; left == 0 {
			return false
		}
	}
	return false
}
