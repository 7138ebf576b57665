package openai

import (
	"encoding/json"
	"fmt"
	"strings"

	"casey.internal/cdk/local/aws/bedrock/converse"
)

// none is the tool's name in a JSON answer that uses none.
const none = "none"

// answerByJSON is what a model without tools is told.
const answerByJSON = `

# The form of your answer
Answer with one JSON object and nothing else: {"say": what you say aloud, "tool": the tool that you use afterwards or "none", "input": its input}.
The tools are:
`

// asJSON is a request for an answer by JSON, for models that have no tools. What
// was used before stands in the history in the same form.
func asJSON(r converse.Request) body {
	var tools strings.Builder
	for _, t := range r.Tools {
		fmt.Fprintf(&tools, "- %s: %s Its input is an object by this schema: %s\n", t.Name, t.Description, encoded(t.Schema))
	}
	b := body{
		Messages: []message{{Role: "system", Content: strings.TrimSpace(r.System) + answerByJSON + tools.String()}},
		Format: map[string]any{"type": "json_schema", "json_schema": map[string]any{
			"name": "answer", "strict": true, "schema": schema(r),
		}},
	}
	for _, m := range r.Messages {
		text := m.Text
		if m.Role == converse.Assistant {
			text = earlier(m)
		}
		for _, result := range m.Results {
			text = fmt.Sprintf("(Result of the tool: %s)\n%s", result.Text, text)
		}
		b.Messages = append(b.Messages, message{Role: m.Role, Content: strings.TrimSpace(text)})
	}
	return b
}

// earlier is what the model answered before.
func earlier(m converse.Message) string {
	past := answerObject{Say: m.Text, Tool: none}
	if len(m.Uses) > 0 {
		past.Tool, past.Input = m.Uses[0].Name, m.Uses[0].Input
	}
	data, err := json.Marshal(past)
	if err != nil {
		return m.Text // it came out of JSON
	}
	return string(data)
}

// schema admits an answer. Say comes first, so that it can be said while the
// rest is being written. A tool that is alone or demanded has to be used.
func schema(r converse.Request) map[string]any {
	names, input := []string{none}, map[string]any{"type": "object"}
	for _, t := range r.Tools {
		names = append(names, t.Name)
	}
	for _, t := range r.Tools {
		if t.Name == r.Force || len(r.Tools) == 1 && r.Force == "" && t.Name == "report" {
			names, input = []string{t.Name}, t.Schema
		}
	}
	return map[string]any{
		"type": "object", "required": []string{"say", "tool"},
		"properties": map[string]any{
			"say": map[string]any{"type": "string"}, "tool": map[string]any{"type": "string", "enum": names}, "input": input,
		},
	}
}

type answerObject struct {
	Say   string         `json:"say"`
	Tool  string         `json:"tool"`
	Input map[string]any `json:"input,omitempty"`
}

// spoken reads a JSON answer as it comes: what is to be said is given away at
// once, the tool at the end. An answer that is no JSON is said as it is.
type spoken struct {
	all   strings.Builder
	given int // bytes of say that were given away
	plain bool
}

// add takes a piece and returns what of it is to be said.
func (s *spoken) add(text string) string {
	s.all.WriteString(text)
	have := s.all.String()
	if start := strings.TrimLeft(have, " \t\r\n"); !s.plain && start != "" && !strings.HasPrefix(start, "{") && !strings.HasPrefix("```json", start) && !strings.HasPrefix(start, "```") {
		s.plain = true
		return have
	}
	if s.plain {
		return text
	}
	said := saying(have)
	fresh := said[min(s.given, len(said)):]
	s.given = max(s.given, len(said))
	return fresh
}

// saying is as much of the value of "say" as is complete to the letter.
func saying(object string) string {
	_, rest, ok := strings.Cut(object, `"say"`)
	if !ok {
		return ""
	}
	rest = strings.TrimLeft(rest, " \t\r\n")
	rest, ok = strings.CutPrefix(rest, ":")
	rest = strings.TrimLeft(rest, " \t\r\n")
	if !ok || !strings.HasPrefix(rest, `"`) {
		return ""
	}
	end := 1
	for end < len(rest) && rest[end] != '"' {
		width := escape(rest[end:])
		if end+width > len(rest) {
			break // an escape that is not complete
		}
		end += width
	}
	var said string
	if json.Unmarshal([]byte(rest[:end]+`"`), &said) != nil {
		return ""
	}
	return said
}

// escape is how many bytes a character takes in a JSON string. A half of a pair of
// surrogates waits for the other.
func escape(s string) int {
	switch {
	case s[0] != '\\':
		return 1
	case len(s) < 2 || s[1] != 'u':
		return 2
	case len(s) >= 4 && (s[2] == 'd' || s[2] == 'D') && strings.ContainsRune("89abAB", rune(s[3])):
		return 12
	}
	return 6
}

// use is the tool that a complete answer uses; nil where there is none, or no
// object could be read.
func (s *spoken) use() (*converse.Use, bool) {
	if s.plain {
		return nil, true
	}
	text := s.all.String()
	first, last := strings.Index(text, "{"), strings.LastIndex(text, "}")
	var answer answerObject
	if first < 0 || last < first || json.Unmarshal([]byte(text[first:last+1]), &answer) != nil {
		return nil, false
	}
	if answer.Tool == "" || answer.Tool == none {
		return nil, true
	}
	if answer.Input == nil {
		answer.Input = map[string]any{}
	}
	return &converse.Use{Name: answer.Tool, Input: answer.Input}, true
}
