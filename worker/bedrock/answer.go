package bedrock

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"

	"casey.internal/worker/interviewer"
	"casey.internal/worker/servicefailure"
)

// errBrokenOff is the error of an answer whose reader wanted no more of it.
var errBrokenOff = errors.New("bedrock: answer broken off")

// answer assembles deltas from the events of a ConverseStream.
type answer struct {
	yield    func(interviewer.Delta, error) bool
	attempts int
	begun    bool // a piece was given away: no retry any more

	tools map[int32]*toolUse // by content block
	stop  string
	usage interviewer.Usage
}

type toolUse struct {
	id, name string
	input    strings.Builder
}

func newAnswer(yield func(interviewer.Delta, error) bool) *answer {
	return &answer{yield: yield}
}

// beginAttempt forgets what a failed attempt left.
func (a *answer) beginAttempt() {
	a.attempts++
	a.tools = map[int32]*toolUse{}
}

// handleEvent passes on what event completes. Kinds of event and of block that casey
// did not ask for (reasoning, images, citations) are ignored.
func (a *answer) handleEvent(event types.ConverseStreamOutput) error {
	switch e := event.(type) {
	case *types.ConverseStreamOutputMemberContentBlockStart:
		a.blockStart(e.Value)
	case *types.ConverseStreamOutputMemberContentBlockDelta:
		return a.blockDelta(e.Value)
	case *types.ConverseStreamOutputMemberContentBlockStop:
		return a.blockStop(aws.ToInt32(e.Value.ContentBlockIndex))
	case *types.ConverseStreamOutputMemberMessageStop:
		a.stop = string(e.Value.StopReason) // given away with the usage, which follows
	case *types.ConverseStreamOutputMemberMetadata:
		a.metadata(e.Value)
	}
	return nil
}

func (a *answer) yieldDelta(d interviewer.Delta) error {
	a.begun = true
	if !a.yield(d, nil) {
		return errBrokenOff
	}
	return nil
}

func (a *answer) blockStart(e types.ContentBlockStartEvent) {
	if tool, ok := e.Start.(*types.ContentBlockStartMemberToolUse); ok {
		a.tools[aws.ToInt32(e.ContentBlockIndex)] = &toolUse{
			id: aws.ToString(tool.Value.ToolUseId), name: aws.ToString(tool.Value.Name),
		}
	}
}

func (a *answer) blockDelta(e types.ContentBlockDeltaEvent) error {
	switch d := e.Delta.(type) {
	case *types.ContentBlockDeltaMemberText:
		if d.Value != "" {
			return a.yieldDelta(interviewer.Delta{Text: d.Value})
		}
	case *types.ContentBlockDeltaMemberToolUse:
		if tool := a.tools[aws.ToInt32(e.ContentBlockIndex)]; tool != nil {
			tool.input.WriteString(aws.ToString(d.Value.Input))
		}
	}
	return nil
}

// blockStop gives away a tool use when its input is complete.
func (a *answer) blockStop(index int32) error {
	tool := a.tools[index]
	if tool == nil {
		return nil
	}
	delete(a.tools, index)
	input := tool.input.String()
	if strings.TrimSpace(input) == "" {
		input = "{}" // a tool without parameters
	}
	if !json.Valid([]byte(input)) || !strings.HasPrefix(strings.TrimSpace(input), "{") {
		return servicefailure.New(service, servicefailure.Broken, "input of tool %q is not an object", tool.name)
	}
	return a.yieldDelta(interviewer.Delta{Tool: &interviewer.ToolUse{ID: tool.id, Name: tool.name, Input: json.RawMessage(input)}})
}

func (a *answer) metadata(e types.ConverseStreamMetadataEvent) {
	if e.Usage != nil {
		a.usage.InputTokens = int(aws.ToInt32(e.Usage.InputTokens))
		a.usage.OutputTokens = int(aws.ToInt32(e.Usage.OutputTokens))
	}
	if e.Metrics != nil {
		a.usage.Latency = time.Duration(aws.ToInt64(e.Metrics.LatencyMs)) * time.Millisecond
	}
}

// yieldLast gives away the last delta.
func (a *answer) yieldLast() error {
	last := interviewer.Delta{Stop: a.stop}
	if a.usage != (interviewer.Usage{}) {
		last.Usage = &a.usage
	}
	return a.yieldDelta(last)
}
