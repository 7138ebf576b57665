package bedrock

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/document"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"

	"casey.internal/shared/foundation"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/servicefailure"
)

// inputOf translates a request with its cache points. The error is a servicefailure.Refused:
// a tool's schema or input that is not JSON.
func (c *Client) inputOf(r interviewer.Request, points []Point) (*bedrockruntime.ConverseStreamInput, error) {
	in := &bedrockruntime.ConverseStreamInput{
		ModelId:         &c.config.Model,
		InferenceConfig: &types.InferenceConfiguration{MaxTokens: aws.Int32(int32(cmp.Or(r.MaxTokens, c.config.MaxTokens)))},
	}
	if foundation.Thinks(c.config.Model) {
		in.AdditionalModelRequestFields = document.NewLazyDocument(map[string]any{"thinking": map[string]any{"type": "disabled"}})
	}
	if strings.TrimSpace(r.System) != "" {
		in.System = []types.SystemContentBlock{&types.SystemContentBlockMemberText{Value: r.System}}
	}
	for _, m := range r.Messages {
		message, err := messageOf(m)
		if err != nil {
			return nil, err
		}
		in.Messages = append(in.Messages, message)
	}
	for _, p := range points {
		if p.Before == 0 {
			in.System = append(in.System, &types.SystemContentBlockMemberCachePoint{Value: point})
			continue
		}
		m := &in.Messages[p.Before-1]
		m.Content = append(m.Content, &types.ContentBlockMemberCachePoint{Value: point})
	}
	if notes := strings.TrimSpace(r.Notes); notes != "" {
		last := &in.Messages[len(in.Messages)-1]
		last.Content = append(last.Content, &types.ContentBlockMemberText{Value: notes})
	}
	var err error
	in.ToolConfig, err = toolsOf(r.Tools)
	return in, err
}

func messageOf(m interviewer.Message) (types.Message, error) {
	out := types.Message{Role: types.ConversationRole(m.Role)}
	for _, r := range m.Results {
		status := types.ToolResultStatusSuccess
		if r.Error {
			status = types.ToolResultStatusError
		}
		out.Content = append(out.Content, &types.ContentBlockMemberToolResult{Value: types.ToolResultBlock{
			ToolUseId: aws.String(r.ID), Status: status,
			Content: []types.ToolResultContentBlock{&types.ToolResultContentBlockMemberText{Value: r.Text}},
		}})
	}
	if text := strings.TrimSpace(m.Text); text != "" { // a blank one is refused
		out.Content = append(out.Content, &types.ContentBlockMemberText{Value: text})
	}
	for _, u := range m.Uses {
		input, err := documentOf(u.Input)
		if err != nil {
			return out, err
		}
		out.Content = append(out.Content, &types.ContentBlockMemberToolUse{Value: types.ToolUseBlock{
			ToolUseId: aws.String(u.ID), Name: aws.String(u.Name), Input: input,
		}})
	}
	return out, nil
}

func toolsOf(tools []interviewer.Tool) (*types.ToolConfiguration, error) {
	if len(tools) == 0 {
		return nil, nil
	}
	var config types.ToolConfiguration
	for _, t := range tools {
		schema, err := documentOf(t.Schema)
		if err != nil {
			return nil, err
		}
		config.Tools = append(config.Tools, &types.ToolMemberToolSpec{Value: types.ToolSpecification{
			Name: aws.String(t.Name), Description: aws.String(t.Description),
			InputSchema: &types.ToolInputSchemaMemberJson{Value: schema},
		}})
	}
	return &config, nil
}

func documentOf(raw json.RawMessage) (document.Interface, error) {
	var v map[string]any
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, servicefailure.New(service, servicefailure.Refused, "not a JSON object: %w", err)
	}
	return document.NewLazyDocument(v), nil
}
