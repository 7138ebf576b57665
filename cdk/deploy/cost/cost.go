// Package cost says roughly what a deployment will cost.
package cost

import (
	"fmt"
	"time"

	"casey.internal/cdk/options"
	"casey.internal/shared/price"
)

const (
	monthHours = 730.0
	// sweep is a month of the function that runs all the time: 128 MB on arm64,
	// at $0.0000133334 for a GB-second.
	sweep = 0.125 * monthHours * 3600 * 0.0000133334
	// rest is what the small things come to in an idle month: alarms and metrics
	// ($0.10 and $0.30 each, prorated while nothing is emitted), log storage,
	// reads of the sweep.
	rest       = 4.0
	secretCost = 0.40 // a secret a month
)

// Estimate is in US dollars, of us-east-1, before tax.
type Estimate struct {
	IdleMonth float64       // nobody speaks
	Interview float64       // one, of the length below
	Length    time.Duration // half an hour
}

// Of estimates what options cost.
func Of(o options.Options) Estimate {
	task := price.Fargate(o.Arch == "arm64", float64(o.CPU)/1024, float64(o.Memory)/1024)
	idle := float64(o.MinTasks)*task*monthHours + sweep + rest
	if o.Access == options.Ticket {
		idle += secretCost
	}
	const length = 30 * time.Minute
	return Estimate{IdleMonth: idle, Interview: price.Interview(length, o.Services()), Length: length}
}

// String is two lines for people.
func (e Estimate) String() string {
	return fmt.Sprintf("about $%.0f a month when nobody speaks\nabout $%.2f for an interview of %.0f minutes (nearly all of it Transcribe, Polly and Bedrock)",
		e.IdleMonth, e.Interview, e.Length.Minutes())
}
