package host_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/metrics"
	"casey.internal/worker/host"
)

func TestLoadIsEmittedOnceAMinuteAtItsHalf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(42 * time.Second) // somewhere in a minute
		var out bytes.Buffer
		answers := int64(0)
		counts := func() map[string]int64 {
			answers += 3
			return map[string]int64{"active": 2, "slots": 25, "answers": answers, "sessions_ended": 1, "microphone_filled_ms": answers * 100, "packets_late": 7}
		}
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = host.EmitLoad(ctx, counts, metrics.New(&out, "casey")) })
		time.Sleep(2 * time.Minute)
		cancel()
		running.Wait()
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if len(lines) != 2 {
			t.Fatalf("%d times in two minutes", len(lines))
		}
		for i, want := range []string{`"Timestamp":946684890000`, `"Timestamp":946684950000`} {
			for _, part := range []string{want, `"Active":2`, `"Slots":25`, `"Workers":1`, `"Busy":1`, `"Answers":3`, `"MicrophoneFill":300`, `"MicrophoneDrops":0`, `"RecognitionRestarts":0`} {
				if !strings.Contains(lines[i], part) {
					t.Errorf("time %d lacks %s: %s", i, part, lines[i])
				}
			}
		}
		if !strings.Contains(lines[0], `"SessionsEnded":1`) || !strings.Contains(lines[0], `"PacketsLate":7`) || !strings.Contains(lines[1], `"SessionsEnded":0`) {
			t.Error("what is counted since the start is no difference")
		}
	})
}
