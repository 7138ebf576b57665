package standin_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/document"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"

	"casey.internal/cdk/local/aws/control"
)

// said is a conversation: what the candidate and the interviewer said, in turn.
func said(texts ...string) *bedrockruntime.ConverseStreamInput {
	in := &bedrockruntime.ConverseStreamInput{ModelId: aws.String("us.anthropic.claude-haiku-4-5-20251001-v1:0")}
	for i, text := range texts {
		role := types.ConversationRoleUser
		if i%2 == 1 {
			role = types.ConversationRoleAssistant
		}
		in.Messages = append(in.Messages, types.Message{Role: role, Content: []types.ContentBlock{&types.ContentBlockMemberText{Value: text}}})
	}
	return in
}

func offer(in *bedrockruntime.ConverseStreamInput, name string, schema map[string]any) {
	in.ToolConfig = &types.ToolConfiguration{Tools: []types.Tool{&types.ToolMemberToolSpec{Value: types.ToolSpecification{
		Name: &name, InputSchema: &types.ToolInputSchemaMemberJson{Value: document.NewLazyDocument(schema)},
	}}}}
}

// reply is what a stream had.
type reply struct {
	text, tool, input string
	stop              types.StopReason
	tokens            int32
	kinds             []string
	err               error
}

// converse reads a whole stream.
func converse(t *testing.T, s *stand, in *bedrockruntime.ConverseStreamInput) reply {
	t.Helper()
	out, err := s.model().ConverseStream(t.Context(), in)
	if err != nil {
		return reply{err: err}
	}
	var r reply
	for e := range out.GetStream().Events() {
		r.take(e)
	}
	r.err = errors.Join(out.GetStream().Err(), out.GetStream().Close())
	return r
}

func (r *reply) take(e types.ConverseStreamOutput) {
	switch e := e.(type) {
	case *types.ConverseStreamOutputMemberMessageStart:
		r.kinds = append(r.kinds, "start")
	case *types.ConverseStreamOutputMemberContentBlockStart:
		if use, ok := e.Value.Start.(*types.ContentBlockStartMemberToolUse); ok {
			r.tool = *use.Value.Name
		}
	case *types.ConverseStreamOutputMemberContentBlockDelta:
		switch d := e.Value.Delta.(type) {
		case *types.ContentBlockDeltaMemberText:
			r.text += d.Value
		case *types.ContentBlockDeltaMemberToolUse:
			r.input += *d.Value.Input
		}
	case *types.ConverseStreamOutputMemberContentBlockStop:
		r.kinds = append(r.kinds, "block")
	case *types.ConverseStreamOutputMemberMessageStop:
		r.kinds = append(r.kinds, "stop")
		r.stop = e.Value.StopReason
	case *types.ConverseStreamOutputMemberMetadata:
		r.kinds = append(r.kinds, "usage")
		r.tokens = *e.Value.Usage.OutputTokens
	}
}

func TestReplyTakesUpAWord(t *testing.T) {
	s := start(t, "-canned=false")
	first := converse(t, s, said("The candidate has joined."))
	if first.err != nil || !strings.Contains(first.text, "welcome") {
		t.Fatalf("greets with %q, %v", first.text, first.err)
	}
	second := converse(t, s, said("The candidate has joined.", first.text, answer))
	if !strings.Contains(second.text, "database") {
		t.Errorf("replies %q", second.text)
	}
	if got := strings.Join(second.kinds, " "); got != "start block stop usage" || second.stop != types.StopReasonEndTurn || second.tokens == 0 {
		t.Errorf("events %s, stop %s, %d tokens", got, second.stop, second.tokens)
	}
}

func TestToolIsUsed(t *testing.T) {
	s := start(t)
	in := said("I am here.", "Hello. Who are you?", "A programmer.", "What did you do?", "I wrote a compiler.", "Was it hard?", "The parser was.")
	offer(in, "next_phase", map[string]any{"type": "object", "properties": map[string]any{
		"phase": map[string]any{"type": "string", "enum": []string{"intro", "design"}}}})
	r := converse(t, s, in)
	if r.err != nil || r.tool != "next_phase" || r.stop != types.StopReasonToolUse || r.input != `{"phase":"intro"}` {
		t.Fatalf("%+v", r)
	}
}

func TestModelThrottles(t *testing.T) {
	s := start(t)
	s.tell(t, control.Bedrock, control.Fault{FailNext: 1})
	if r := converse(t, s, said("Hello")); !isThrottling(r.err) {
		t.Errorf("before the stream: %v", r.err)
	}
	if r := converse(t, s, said("Hello")); r.err != nil {
		t.Errorf("only the next call was to fail: %v", r.err)
	}
	s.tell(t, control.Bedrock, control.Fault{DieAfterEvents: 3, Error: "ThrottlingException"})
	if r := converse(t, s, said("Hello")); !isThrottling(r.err) || r.text == "" {
		t.Errorf("within the stream: %q, %v", r.text, r.err)
	}
	s.tell(t, control.Bedrock, control.Fault{DieAfterEvents: 3})
	// The SDK takes a connection that is cut between two events for the end of the stream: only the missing stop tells.
	if r := converse(t, s, said("Hello")); r.text == "" || r.stop != "" || isThrottling(r.err) {
		t.Errorf("cut stream: %+v", r)
	}
}

func isThrottling(err error) bool {
	_, ok := errors.AsType[*types.ThrottlingException](err)
	return ok
}

func TestModelRefusesWhatAWSRefuses(t *testing.T) {
	s := start(t)
	backwards := said("Hello", "Hello. Who are you?")
	points := said("Hello")
	for range 5 {
		points.System = append(points.System, &types.SystemContentBlockMemberCachePoint{Value: types.CachePointBlock{Type: types.CachePointTypeDefault}})
	}
	for name, in := range map[string]*bedrockruntime.ConverseStreamInput{"blank text": said(" "), "nothing": said(), "last word": backwards, "cache points": points} {
		r := converse(t, s, in)
		if _, ok := errors.AsType[*types.ValidationException](r.err); !ok {
			t.Errorf("%s: %v", name, r.err)
		}
	}
}
