package bedrock

import (
	"cmp"
	"encoding/json"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"

	"casey.internal/shared/price"
	"casey.internal/worker/interviewer"
)

// errBrokenOff is the error of an answer whose reader wanted no more of it.
var errBrokenOff = errors.New("bedrock: answer broken off")

// answer assembles deltas from the events of a ConverseStream.
type answer struct {
	yield    func(interviewer.Delta, error) bool
	attempts int
	opened   bool // the service took the request, and so it is paid for
	written  int  // bytes of what came
	alive    bool // pieces come, if only of a tool's input
	begun    bool // a piece was given away: no retry any more

	tools []*toolUse // in the order in which they began
	stop  string
	usage price.Tokens
}

type toolUse struct {
	block    int32
	id, name string
	input    strings.Builder
}

func newAnswer(yield func(interviewer.Delta, error) bool) *answer {
	return &answer{yield: yield}
}

// beginAttempt forgets what a failed attempt left.
func (a *answer) beginAttempt() {
	a.attempts++
	a.alive, a.tools = false, nil
}

// handleEvent passes on what event completes. Kinds of event and of block that casey
// did not ask for (reasoning, images, citations) are ignored.
func (a *answer) handleEvent(event types.ConverseStreamOutput) error {
	switch e := event.(type) {
	case *types.ConverseStreamOutputMemberContentBlockStart:
		a.blockStart(e.Value)
	case *types.ConverseStreamOutputMemberContentBlockDelta:
		return a.blockDelta(e.Value)
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
		a.tools = append(a.tools, &toolUse{
			block: aws.ToInt32(e.ContentBlockIndex), id: aws.ToString(tool.Value.ToolUseId), name: aws.ToString(tool.Value.Name),
		})
	}
}

func (a *answer) blockDelta(e types.ContentBlockDeltaEvent) error {
	switch d := e.Delta.(type) {
	case *types.ContentBlockDeltaMemberText:
		a.alive, a.written = a.alive || d.Value != "", a.written+len(d.Value)
		if a.begun && d.Value != "" || strings.TrimSpace(d.Value) != "" { // blanks begin no answer
			return a.yieldDelta(interviewer.Delta{Text: d.Value})
		}
	case *types.ContentBlockDeltaMemberToolUse:
		for _, tool := range a.tools {
			if tool.block == aws.ToInt32(e.ContentBlockIndex) {
				a.alive, a.written = true, a.written+len(aws.ToString(d.Value.Input))
				tool.input.WriteString(aws.ToString(d.Value.Input))
			}
		}
	}
	return nil
}

// yieldTools gives away the uses of tools: at the end, since only the reason for it tells
// whether the last one is whole.
func (a *answer) yieldTools() error {
	for n, tool := range a.tools {
		use := &interviewer.ToolUse{ID: tool.id, Name: tool.name}
		input := strings.TrimSpace(tool.input.String())
		cut := n == len(a.tools)-1 && a.stop == interviewer.StopMaxTokens
		switch {
		case input == "" && !cut:
			use.Input = json.RawMessage("{}") // a tool without parameters
		case json.Valid([]byte(input)) && strings.HasPrefix(input, "{"):
			use.Input = json.RawMessage(input)
		default:
			use.Unread = cmp.Or(input, "{")
		}
		if err := a.yieldDelta(interviewer.Delta{Tool: use}); err != nil {
			return err
		}
	}
	return nil
}

func (a *answer) metadata(e types.ConverseStreamMetadataEvent) {
	if e.Usage != nil {
		a.usage.Input = int(aws.ToInt32(e.Usage.InputTokens))
		a.usage.CacheRead = int(aws.ToInt32(e.Usage.CacheReadInputTokens))
		a.usage.CacheWrite = int(aws.ToInt32(e.Usage.CacheWriteInputTokens))
		a.usage.Output = int(aws.ToInt32(e.Usage.OutputTokens))
	}
}

// yieldLast gives away what an answer ends with.
func (a *answer) yieldLast() error {
	if err := a.yieldTools(); err != nil {
		return err
	}
	last := interviewer.Delta{Stop: a.stop}
	if a.usage != (price.Tokens{}) {
		last.Usage = &a.usage
	}
	return a.yieldDelta(last)
}
