// Package converse is what a model is asked and what it answers behind the
// stand-in for ConverseStream, whoever the model is: rules, a script, or a
// server that people run.
package converse

import (
	"context"
	"iter"
)

// Roles of messages.
const (
	User      = "user"
	Assistant = "assistant"
)

// Request is what an answer is asked for. It was checked as AWS does: messages
// alternate, User is first and last, and each use of a tool has its result.
type Request struct {
	System   string
	Messages []Message
	Tools    []Tool
	// Force names a tool that has to be used, "" if none.
	Force string
	// MaxTokens bounds the answer; 0: it is not bounded.
	MaxTokens int
}

// Message is one message of a conversation.
type Message struct {
	// Role is User or Assistant.
	Role string
	// Text is what was said, all text blocks joined, with an empty line between them.
	Text string
	// Uses are of an Assistant, after Text; Results of a User, before it.
	Uses    []Use
	Results []Result
}

// Tool is a tool that is offered.
type Tool struct {
	Name        string
	Description string
	// Schema is the JSON schema of its input, decoded.
	Schema map[string]any
}

// Use is the use of a tool.
type Use struct {
	// ID ties it to its result; "" where it is for the protocol to invent one.
	ID    string
	Name  string
	Input map[string]any
	// Written is what stands in place of Input where it is no object; nil: nothing.
	Written *string
}

// Result is what came of a tool's use.
type Result struct {
	ID    string
	Text  string
	Error bool
}

// Reply is a whole answer: what to say and, after it, which tool to use.
type Reply struct {
	Text string
	Use  *Use
}

// Piece is a piece of an answer as it is thought of. Any of its fields may be
// set.
type Piece struct {
	Text  string
	Use   *Use
	Usage *Usage
	// Stop is why the answer ended; the last piece has it.
	Stop string
}

// The values of Piece.Stop.
const (
	StopEnd       = "end_turn"
	StopTool      = "tool_use"
	StopMaxTokens = "max_tokens"
)

// Usage is what an answer cost, in tokens. Those that were Cached, since the model had
// read them before, are not in Input.
type Usage struct{ Input, Cached, Output int }

// Model answers.
type Model interface {
	// Converse begins an answer. An error means that there is none, and those of
	// the iteration that it broke off: *awswire.Error where AWS has a word for it.
	// Breaking off the iteration, or ctx's end, frees what the answer held; the
	// iteration is ranged over once.
	Converse(ctx context.Context, r Request) (iter.Seq2[Piece, error], error)
}
