package interviewer

import (
	"context"
	"encoding/json"
	"iter"

	"casey.internal/shared/price"
)

// Model is a language model that answers as it thinks: Bedrock ConverseStream
// in production, a script in tests.
type Model interface {
	// Converse asks for one answer and yields it piece by piece. It ends after
	// the Delta that carries Stop, after the first error, or when ctx ends.
	// Breaking off the iteration releases the call. An error that a person
	// may be told is an *apperr.Error.
	Converse(ctx context.Context, r Request) iter.Seq2[Delta, error]
}

// Request is one question to a Model. What changes from one request of a talk to the next
// stands at its end, so that a service can keep what it has read before.
type Request struct {
	System   string
	Messages []Message // alternating, User first and last; never empty
	// Notes are told to the model after the last message, and are no part of what was said.
	Notes string
	// Lasting is how many of the Messages, from the first, requests that follow within
	// minutes are likely to begin with too, after the same Tools and System: up to a
	// message of User. 0 = none follows.
	Lasting   int
	Tools     []Tool
	MaxTokens int // of the answer; 0 = the adapter's default
}

// Role says whose a Message is.
type Role string

// The roles of a Converse history.
const (
	User      Role = "user"
	Assistant Role = "assistant"
)

// Message is one message of the history: text, tool uses (Assistant) or tool
// results (User), any of them together but never nothing.
type Message struct {
	Role    Role
	Text    string
	Uses    []ToolUse    // after Text
	Results []ToolResult // before Text, one for each use of the message before
}

// Tool is something that a model may do besides talking.
type Tool struct {
	Name        string
	Description string
	Schema      json.RawMessage // JSON schema of the input, an object
}

// ToolUse is a model's wish to use a tool.
type ToolUse struct {
	ID    string
	Name  string
	Input json.RawMessage // a whole JSON object, never a fragment; nil where Unread is set

	// Unread is what a model wrote in place of an Input: the beginning of one that
	// the limit of tokens cut, or no JSON object.
	Unread string
}

// ToolResult tells a model what its ToolUse did.
type ToolResult struct {
	ID    string // of the ToolUse
	Text  string
	Error bool // the tool failed or was refused; Text says why
}

// Delta is a piece of an answer. Any of its fields may be set.
type Delta struct {
	Text  string
	Tool  *ToolUse // complete, or Unread
	Usage *price.Tokens
	Stop  string // why the answer ended, in the words of ConverseStream's messageStop
}

// The values of Delta.Stop that casey tells apart.
const (
	StopEnd       = "end_turn"
	StopToolUse   = "tool_use"
	StopMaxTokens = "max_tokens"
)

// Size is the length of a request in bytes.
func (r Request) Size() int { return r.SizeOf(len(r.Messages)) + len(r.Notes) }

// SizeOf is the length in bytes of all that stands before message n.
func (r Request) SizeOf(n int) int {
	size := len(r.System)
	for _, tool := range r.Tools {
		size += len(tool.Description) + len(tool.Schema)
	}
	for _, m := range r.Messages[:n] {
		size += len(m.Text)
		for _, u := range m.Uses {
			size += len(u.Input)
		}
		for _, result := range m.Results {
			size += len(result.Text)
		}
	}
	return size
}
