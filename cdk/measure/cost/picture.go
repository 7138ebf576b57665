package cost

import (
	"fmt"

	"casey.internal/cdk/measure/chart"
)

// Bill is what half an hour costs, in dollars, by what it is paid for.
type Bill struct{ Transcribe, Audio, Marks, Bedrock, Slot float64 }

// Sum returns the whole.
func (b Bill) Sum() float64 { return b.Transcribe + b.Audio + b.Marks + b.Bedrock + b.Slot }

// Bill returns what half an hour of the interview costs.
func (h Held) Bill() Bill {
	per := func(service, operation string) float64 { return PerHalfHour(h, h.Dollars(service, operation)) }
	return Bill{
		per("transcribe", ""), per("polly", audio), per("polly", marks), per("bedrock", ""), Slot(HalfHour),
	}
}

// Named is a bill, and what it is of.
type Named struct {
	Name string
	Bill
}

// Picture draws bills as SVG.
func Picture(title string, bills []Named) string {
	var bars []chart.Bar
	for _, b := range bills {
		bars = append(bars, chart.Bar{Name: b.Name, Sum: fmt.Sprintf("$%.2f", b.Sum()), Parts: []float64{b.Transcribe, b.Audio, b.Marks, b.Bedrock, b.Slot}})
	}
	return chart.Bars(title, []string{"Transcribe", "Polly, audio", "Polly, marks", "Bedrock", "worker, messages"}, bars)
}
