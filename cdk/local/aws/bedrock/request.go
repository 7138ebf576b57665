package bedrock

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"casey.internal/cdk/local/aws/awswire"
	"casey.internal/cdk/local/aws/bedrock/rules"
)

// input is ConverseStream's body, as far as it matters here.
type input struct {
	System []struct {
		Text string `json:"text"`
	} `json:"system"`
	Messages        []message `json:"messages"`
	InferenceConfig struct {
		MaxTokens int `json:"maxTokens"`
	} `json:"inferenceConfig"`
	ToolConfig struct {
		Tools []struct {
			ToolSpec *struct {
				Name        string `json:"name"`
				InputSchema struct {
					JSON map[string]any `json:"json"`
				} `json:"inputSchema"`
			} `json:"toolSpec"`
		} `json:"tools"`
		ToolChoice struct {
			Any  *struct{} `json:"any"`
			Tool *struct {
				Name string `json:"name"`
			} `json:"tool"`
		} `json:"toolChoice"`
	} `json:"toolConfig"`
}

type message struct {
	Role    string    `json:"role"`
	Content []content `json:"content"`
}

type content struct {
	Text    *string `json:"text"`
	ToolUse *struct {
		ID string `json:"toolUseId"`
	} `json:"toolUse"`
	ToolResult *struct {
		ID string `json:"toolUseId"`
	} `json:"toolResult"`
}

// parse reads and checks a request's body as the real service does, which refuses conversations that do not alternate.
func parse(body []byte) (input, error) {
	var in input
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(&in); err != nil {
		return in, awswire.BadRequest("SerializationException", "The body is not the JSON of a request.")
	}
	if len(in.Messages) == 0 {
		return in, invalid("A conversation must start with a user message. Try again with a conversation that starts with a user message.")
	}
	for i, m := range in.Messages {
		if want := []string{rules.User, rules.Assistant}[i%2]; m.Role != want {
			return in, invalid("A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.")
		}
		if err := in.checkContent(i); err != nil {
			return in, err
		}
	}
	if len(in.Messages)%2 == 0 {
		return in, invalid("The conversation must end with a user message.")
	}
	return in, in.checkTools()
}

func invalid(format string, values ...any) *awswire.Error {
	return awswire.BadRequest("ValidationException", fmt.Sprintf(format, values...))
}

// checkContent refuses empty messages and blank texts, and tool results that do not answer the uses of the message before.
func (in *input) checkContent(at int) error {
	m := in.Messages[at]
	if len(m.Content) == 0 {
		return invalid("The content field in the Message object at messages.%d is empty. Add a ContentBlock object to the content field and try again.", at)
	}
	var uses, results []string
	for i, c := range m.Content {
		if c.Text != nil && strings.TrimSpace(*c.Text) == "" {
			return invalid("The text field in the ContentBlock object at messages.%d.content.%d is blank. Add text to the text field, and try again.", at, i)
		}
		if c.ToolResult != nil {
			results = append(results, c.ToolResult.ID)
		}
	}
	if at > 0 {
		for _, c := range in.Messages[at-1].Content {
			if c.ToolUse != nil {
				uses = append(uses, c.ToolUse.ID)
			}
		}
	}
	if m.Role == rules.User && !equalSets(uses, results) {
		return invalid("Expected toolResult blocks at messages.%d.content for the following Ids: %s", at, strings.Join(uses, ", "))
	}
	return nil
}

func equalSets(a, b []string) bool {
	seen := map[string]int{}
	for _, s := range a {
		seen[s]++
	}
	for _, s := range b {
		seen[s]--
	}
	for _, n := range seen {
		if n != 0 {
			return false
		}
	}
	return true
}

// checkTools refuses a conversation about tools without their specification, and a choice of one that is not offered.
func (in *input) checkTools() error {
	offered := map[string]bool{}
	for _, t := range in.ToolConfig.Tools {
		if t.ToolSpec != nil {
			offered[t.ToolSpec.Name] = true
		}
	}
	if choice := in.ToolConfig.ToolChoice.Tool; choice != nil && !offered[choice.Name] {
		return invalid("The tool choice %q is not among the tools.", choice.Name)
	}
	for _, m := range in.Messages {
		for _, c := range m.Content {
			if c.ToolUse != nil && len(offered) == 0 {
				return invalid("The toolConfig field must be defined when using toolUse and toolResult content blocks.")
			}
		}
	}
	return nil
}

// request is the same for the interviewer.
func (in *input) request() rules.Request {
	var r rules.Request
	for _, s := range in.System {
		r.System += s.Text + "\n"
	}
	for _, m := range in.Messages {
		out := rules.Message{Role: m.Role}
		for _, c := range m.Content {
			if c.Text != nil {
				out.Text = strings.TrimSpace(out.Text + " " + *c.Text)
			}
			out.ToolResult = out.ToolResult || c.ToolResult != nil
		}
		r.Messages = append(r.Messages, out)
	}
	for _, t := range in.ToolConfig.Tools {
		if t.ToolSpec != nil {
			r.Tools = append(r.Tools, rules.Tool{Name: t.ToolSpec.Name, Schema: t.ToolSpec.InputSchema.JSON})
		}
	}
	r.Force = in.forced(r.Tools)
	return r
}

func (in *input) forced(tools []rules.Tool) string {
	choice := in.ToolConfig.ToolChoice
	if choice.Tool != nil {
		return choice.Tool.Name
	}
	if choice.Any != nil && len(tools) > 0 {
		return tools[0].Name
	}
	return ""
}
