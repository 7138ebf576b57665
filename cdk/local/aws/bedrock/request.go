package bedrock

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"casey.internal/cdk/local/aws/awswire"
	"casey.internal/cdk/local/aws/bedrock/converse"
)

// input is ConverseStream's body, as far as it matters here.
type input struct {
	System []struct {
		Text       string    `json:"text"`
		CachePoint *struct{} `json:"cachePoint"`
	} `json:"system"`
	Messages        []message `json:"messages"`
	InferenceConfig struct {
		MaxTokens int `json:"maxTokens"`
	} `json:"inferenceConfig"`
	ToolConfig struct {
		Tools []struct {
			ToolSpec *struct {
				Name        string `json:"name"`
				Description string `json:"description"`
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
	Text       *string   `json:"text"`
	CachePoint *struct{} `json:"cachePoint"`
	ToolUse    *struct {
		ID    string         `json:"toolUseId"`
		Name  string         `json:"name"`
		Input map[string]any `json:"input"`
	} `json:"toolUse"`
	ToolResult *struct {
		ID      string `json:"toolUseId"`
		Status  string `json:"status"`
		Content []struct {
			Text string `json:"text"`
		} `json:"content"`
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
		if want := []string{converse.User, converse.Assistant}[i%2]; m.Role != want {
			return in, invalid("A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.")
		}
		if err := in.checkContent(i); err != nil {
			return in, err
		}
	}
	if len(in.Messages)%2 == 0 {
		return in, invalid("The conversation must end with a user message.")
	}
	if err := in.checkPoints(); err != nil {
		return in, err
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
	if m.Role == converse.User && !equalSets(uses, results) {
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
	used := map[string]bool{}
	for _, m := range in.Messages {
		for _, c := range m.Content {
			switch {
			case c.ToolUse == nil:
			case len(offered) == 0:
				return invalid("The toolConfig field must be defined when using toolUse and toolResult content blocks.")
			case !identifier.MatchString(c.ToolUse.ID) || !identifier.MatchString(c.ToolUse.Name):
				return invalid("Value '%s', '%s' at a toolUse failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+", c.ToolUse.ID, c.ToolUse.Name)
			case used[c.ToolUse.ID]:
				return invalid("The toolUse blocks contain duplicate Ids: %s", c.ToolUse.ID)
			default:
				used[c.ToolUse.ID] = true
			}
		}
	}
	return nil
}

// said is what was said last: the first text of the last message, behind which notes may stand.
func (in *input) said() string {
	for _, c := range in.Messages[len(in.Messages)-1].Content {
		if c.Text != nil {
			return *c.Text
		}
	}
	return ""
}

// checkPoints refuses more cache points than a request may have.
func (in *input) checkPoints() error {
	n := 0
	for _, s := range in.System {
		if s.CachePoint != nil {
			n++
		}
	}
	for _, m := range in.Messages {
		for _, c := range m.Content {
			if c.CachePoint != nil {
				n++
			}
		}
	}
	if n > mostPoints {
		return invalid("A request may have at most %d cache points; found %d.", mostPoints, n)
	}
	return nil
}

// mostPoints is how many cache points a request may have (Bedrock user guide, prompt caching).
const mostPoints = 4

// identifier is what names and ids of tools may be (Bedrock API reference, ToolUseBlock).
var identifier = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

// request is the same for a model.
func (in *input) request() converse.Request {
	r := converse.Request{MaxTokens: in.InferenceConfig.MaxTokens}
	for _, s := range in.System {
		if s.Text != "" {
			r.System += s.Text + "\n"
		}
	}
	for _, m := range in.Messages {
		r.Messages = append(r.Messages, m.message())
	}
	for _, t := range in.ToolConfig.Tools {
		if t.ToolSpec != nil {
			r.Tools = append(r.Tools, converse.Tool{
				Name: t.ToolSpec.Name, Description: t.ToolSpec.Description, Schema: t.ToolSpec.InputSchema.JSON,
			})
		}
	}
	r.Force = in.forced(r.Tools)
	return r
}

func (m message) message() converse.Message {
	out := converse.Message{Role: m.Role}
	for _, c := range m.Content {
		switch {
		case c.Text != nil:
			out.Text = strings.TrimSpace(out.Text + "\n\n" + *c.Text)
		case c.ToolUse != nil:
			out.Uses = append(out.Uses, converse.Use{ID: c.ToolUse.ID, Name: c.ToolUse.Name, Input: c.ToolUse.Input})
		case c.ToolResult != nil:
			out.Results = append(out.Results, c.result())
		}
	}
	return out
}

func (c content) result() converse.Result {
	r := converse.Result{ID: c.ToolResult.ID, Error: c.ToolResult.Status == "error"}
	for _, part := range c.ToolResult.Content {
		r.Text = strings.TrimSpace(r.Text + " " + part.Text)
	}
	return r
}

func (in *input) forced(tools []converse.Tool) string {
	choice := in.ToolConfig.ToolChoice
	if choice.Tool != nil {
		return choice.Tool.Name
	}
	if choice.Any != nil && len(tools) > 0 {
		return tools[0].Name
	}
	return ""
}
