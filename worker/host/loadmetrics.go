package host

import (
	"context"
	"time"

	"casey.internal/shared/clock"
	"casey.internal/shared/metrics"
)

// differences are the load metrics that are counted since they were emitted
// last, by their keys in Metrics.
var differences = map[metrics.Name]string{
	metrics.Answers:        "answers",
	metrics.SessionsEnded:  "sessions_ended",
	metrics.SessionsFailed: "sessions_given_up",

	metrics.MicrophoneFill:      "microphone_filled_ms",
	metrics.MicrophoneDrops:     "microphone_dropped",
	metrics.RecognitionRestarts: "recognition_restarts",
	metrics.SilenceWithheld:     "silence_withheld_ms",
	metrics.PacketsLate:         "packets_late",
}

// EmitLoad emits the load at the half of every minute until ctx is done: all
// workers at once, and each once in every minute of CloudWatch's, so that sums
// are right. counts is Host.Metrics.
func EmitLoad(ctx context.Context, counts func() map[string]int64, w *metrics.Writer) error {
	last := map[string]int64{}
	for {
		now := time.Now()
		next := now.Truncate(time.Minute).Add(30 * time.Second)
		if !next.After(now) {
			next = next.Add(time.Minute)
		}
		if err := clock.Sleep(ctx, next.Sub(now)); err != nil {
			return err
		}
		c := counts()
		w.Emit(loadMetrics(c, last))
		last = c
	}
}

func loadMetrics(now, last map[string]int64) metrics.Values {
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
