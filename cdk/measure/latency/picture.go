package latency

import (
	"fmt"
	"math"
	"time"

	"casey.internal/cdk/measure/chart"
	"casey.internal/cdk/measure/report"
)

// What the axes end at.
const (
	mostWait     = 7000 // ms
	mostSessions = 80
)

// run is what a number of interviews at a time waited, in ms.
type run struct {
	sessions int
	ms       float64
}

// peers are what was measured of others with the same sentence, delays and processor, p50. More at a
// time than are here left most turns unanswered.
var peers = []chart.Line{
	line("Pipecat 1.14.0", "#c2410c", false, run{1, 3085}, run{5, 3237}, run{10, 6000}),
	line("LiveKit Agents 1.8.9", "#1d4ed8", false, run{1, 2348}, run{5, 2635}, run{10, 4200}),
}

// Picture draws, as SVG, how long a reply is waited for, by how many talk at a time.
func Picture(runs []Run) string {
	var across []chart.Tick
	for _, n := range []int{1, 5, 10, 20, 60} {
		across = append(across, chart.Tick{At: at(n), Text: fmt.Sprint(n)})
	}
	return chart.Lines(chart.Plot{
		Title: "From the last sound of an answer to the first of the reply", Below: "interviews at a time, on two cores; Pipecat and LiveKit: p50",
		Across: across, Up: chart.Every(1000, mostWait, func(ms float64) string { return fmt.Sprintf("%.0f s", ms/1000) }),
	}, append(measured(runs), peers...))
}

// measured are casey's lines: p50 and p95 of each lag.
func measured(runs []Run) (all []chart.Line) {
	colours := []string{"#0b6e4f", "#7c3aed", "#0891b2", "#444444"}
	var lags []time.Duration
	for _, r := range runs {
		if n := len(lags); n == 0 || lags[n-1] != r.Lag {
			lags = append(lags, r.Lag)
			name := "casey"
			if r.Lag > 0 {
				name = fmt.Sprintf("casey, words recognised %v late", r.Lag)
			}
			colour := colours[n%len(colours)]
			all = append(all, line(name+", p50", colour, false), line(name+", p95", colour, true))
		}
		middle, tail := &all[len(all)-2], &all[len(all)-1]
		middle.Points = append(middle.Points, place(run{r.Sessions, report.Percentile(r.Waits, 50)}))
		tail.Points = append(tail.Points, place(run{r.Sessions, report.Percentile(r.Waits, 95)}))
	}
	return all
}

func line(name, colour string, dashed bool, runs ...run) chart.Line {
	l := chart.Line{Name: name, Colour: colour, Dashed: dashed}
	for _, r := range runs {
		l.Points = append(l.Points, place(r))
	}
	return l
}

func place(r run) [2]float64 { return [2]float64{at(r.sessions), min(r.ms, mostWait) / mostWait} }

// at is where a number of interviews is, from 0 to 1: its logarithm.
func at(sessions int) float64 {
	const edge = 0.03
	return edge + (1-edge)*math.Log(float64(max(1, sessions)))/math.Log(mostSessions)
}
