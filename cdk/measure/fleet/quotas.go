package fleet

import (
	"fmt"
	"io"
	"text/tabwriter"

	"casey.internal/cdk/options"
	"casey.internal/shared/price"
)

// Need is the demand of so many interviews at a time on an account and on the
// stack.
type Need struct {
	Interviews int     `json:"interviews"`
	Streams    int     `json:"streams"`      // of Transcribe at a time
	Speech     float64 `json:"speech"`       // calls of Polly a second
	Tokens     int     `json:"tokensMinute"` // of Bedrock
	VCPU       int     `json:"vcpu"`         // of Fargate; a deployment runs twice as many workers for a while
	MaxTasks   int     `json:"maxTasks"`
}

// NeedOf returns what so many interviews at a time need.
func NeedOf(interviews int) Need {
	o, a := Raised(interviews, options.Defaults())
	return Need{interviews, a.Streams, a.Speech, interviews * price.TokensAMinute, a.VCPU, o.MaxTasks}
}

// PrintNeeds writes a table of needs.
func PrintNeeds(w io.Writer, needs []Need) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	lines := []string{"interviews at a time\tTranscribe streams\tPolly calls/s\tBedrock tokens/min\tFargate vCPU\tdeploy with\t"}
	for _, n := range needs {
		lines = append(lines, fmt.Sprintf("%d\t%d\t%.0f\t%d\t%d\t-c streams=%d -c maxTasks=%d\t", n.Interviews, n.Streams, n.Speech, n.Tokens, n.VCPU, n.Streams, n.MaxTasks))
	}
	return flush(out, lines)
}
