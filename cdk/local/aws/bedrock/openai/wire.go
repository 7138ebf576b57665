package openai

import (
	"encoding/json"
	"strings"

	"casey.internal/cdk/local/aws/bedrock/converse"
)

// body is a request to chat/completions, as far as all servers know it.
type body struct {
	Model         string     `json:"model"`
	Messages      []message  `json:"messages"`
	Tools         []tool     `json:"tools,omitempty"`
	ToolChoice    any        `json:"tool_choice,omitempty"`
	Format        any        `json:"response_format,omitempty"`
	MaxTokens     int        `json:"max_tokens,omitempty"`
	Stream        bool       `json:"stream"`
	StreamOptions *streaming `json:"stream_options,omitempty"`
}

type streaming struct {
	IncludeUsage bool `json:"include_usage"`
}

type message struct {
	Role       string `json:"role"`
	Content    string `json:"content"`
	ToolCalls  []call `json:"tool_calls,omitempty"`
	ToolCallID string `json:"tool_call_id,omitempty"`
}

type call struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Function struct {
		Name      string `json:"name"`
		Arguments string `json:"arguments"`
	} `json:"function"`
}

type tool struct {
	Type     string `json:"type"`
	Function struct {
		Name        string         `json:"name"`
		Description string         `json:"description,omitempty"`
		Parameters  map[string]any `json:"parameters"`
	} `json:"function"`
}

// chunk is one event of a streamed answer, or an answer that is whole because the
// server does not stream, or an error in either's place.
type chunk struct {
	Choices []struct {
		Delta        delta  `json:"delta"`
		Message      *delta `json:"message"`
		FinishReason string `json:"finish_reason"`
	} `json:"choices"`
	Usage *struct {
		Prompt     int `json:"prompt_tokens"` // those that were cached among them
		Completion int `json:"completion_tokens"`
		Details    struct {
			Cached int `json:"cached_tokens"`
		} `json:"prompt_tokens_details"`
	} `json:"usage"`
	Error *problem `json:"error"`
}

// delta is a piece of an answer. Thoughts come as reasoning_content (llama.cpp,
// LM Studio, older vLLM) or as reasoning (Ollama, vLLM).
type delta struct {
	Content   string     `json:"content"`
	Reasoning string     `json:"reasoning"`
	Thoughts  string     `json:"reasoning_content"`
	ToolCalls []fragment `json:"tool_calls"`
}

// fragment is a piece of a tool's use: the first has id and name, and the
// arguments come bit by bit or at once.
type fragment struct {
	Index    *int   `json:"index"`
	ID       string `json:"id"`
	Function struct {
		Name      string    `json:"name"`
		Arguments arguments `json:"arguments"`
	} `json:"function"`
}

// arguments are a string of JSON, or with servers that know no better an object.
type arguments string

// UnmarshalJSON reads either.
func (a *arguments) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err == nil {
		*a = arguments(text)
		return nil
	}
	*a = arguments(data)
	return nil
}

// problem is what servers say is wrong: an object with a message, or a string.
type problem struct{ Message string }

// UnmarshalJSON reads either.
func (p *problem) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err == nil {
		p.Message = text
		return nil
	}
	var object struct {
		Message string `json:"message"`
	}
	err := json.Unmarshal(data, &object)
	p.Message = object.Message
	return err
}

// native is a request with tools as the API has them.
func native(r converse.Request) body {
	b := body{Messages: []message{{Role: "system", Content: strings.TrimSpace(r.System)}}}
	if r.System == "" {
		b.Messages = nil
	}
	for _, m := range r.Messages {
		for _, result := range m.Results {
			b.Messages = append(b.Messages, message{Role: "tool", Content: result.Text, ToolCallID: result.ID})
		}
		if out := (message{Role: m.Role, Content: m.Text, ToolCalls: calls(m.Uses)}); m.Text != "" || len(m.Uses) > 0 {
			b.Messages = append(b.Messages, out)
		}
	}
	for _, t := range r.Tools {
		out := tool{Type: "function"}
		out.Function.Name, out.Function.Description, out.Function.Parameters = t.Name, t.Description, t.Schema
		b.Tools = append(b.Tools, out)
	}
	if r.Force != "" {
		b.ToolChoice = map[string]any{"type": "function", "function": map[string]string{"name": r.Force}}
	}
	return b
}

func calls(uses []converse.Use) (all []call) {
	for _, u := range uses {
		c := call{ID: u.ID, Type: "function"}
		c.Function.Name, c.Function.Arguments = u.Name, encoded(u.Input)
		all = append(all, c)
	}
	return all
}

func encoded(v map[string]any) string {
	if v == nil {
		return "{}"
	}
	data, err := json.Marshal(v)
	if err != nil {
		return "{}" // it came out of JSON
	}
	return string(data)
}
