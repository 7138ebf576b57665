// Package pulse emits a worker's load once a minute.
package pulse

import (
	"context"
	"time"

	"casey.internal/shared/metrics"
)

// Counts are what a host counts: its load of now, and since its start what is
// of interest by difference. The keys are those of host.Metrics.
type Counts = map[string]int64

// differences are the metrics that are counted since the last pulse.
var differences = map[metrics.Name]string{
	metrics.Answers:        "answers",
	metrics.SessionsEnded:  "sessions_ended",
	metrics.SessionsFailed: "sessions_given_up",

	metrics.MicrophoneFill:      "microphone_filled_ms",
	metrics.MicrophoneDrops:     "microphone_dropped",
	metrics.RecognitionRestarts: "recognition_restarts",
	metrics.PacketsLate:         "packets_late",
}

// Run emits at the half of every minute until ctx is done: all workers at
// once, and each once in every minute of CloudWatch's, so that sums are right.
func Run(ctx context.Context, counts func() Counts, w *metrics.Writer) error {
	last := Counts{}
	for {
		now := time.Now()
		next := now.Truncate(time.Minute).Add(30 * time.Second)
		if !next.After(now) {
			next = next.Add(time.Minute)
		}
		select {
		case <-time.After(next.Sub(now)):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		c := counts()
		w.Emit(values(c, last))
		last = c
	}
}

func values(now, last Counts) metrics.Values {
	v := metrics.Values{
		metrics.Workers: 1,
		metrics.Active:  float64(now["active"]),
		metrics.Slots:   float64(now["slots"]),
		metrics.Busy:    float64(min(now["active"], 1)),
	}
	for name, key := range differences {
		v[name] = float64(now[key] - last[key])
	}
	return v
}
