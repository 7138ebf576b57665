package pacing

import (
	"bytes"
	"context"
	"log/slog"
	"runtime"
	"runtime/metrics"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestCause(t *testing.T) {
	const ms = time.Millisecond
	for want, all := range map[Cause][]evidence{
		GarbageCollection: {{pause: 30 * ms}, {pause: 30 * ms, write: 32 * ms}, {pause: 30 * ms, wait: 35 * ms}},
		BusyCPU:           {{wait: 15 * ms}, {wait: 40 * ms, write: 45 * ms, pause: ms}, {cpu: 0.97}},
		SlowSocket:        {{write: 200 * ms}, {write: 60 * ms, pause: 2 * ms, wait: 12 * ms, cpu: 0.5}},
		Elsewhere:         {{}, {pause: ms, wait: 2 * ms, write: ms, cpu: 0.4}},
	} {
		for _, e := range all {
			if got := e.cause(); got != want {
				t.Errorf("%+v: %s, want %s", e, got, want)
			}
		}
	}
}

// watched returns what a wheel logs in minutes in which each packet of one of
// two tickers takes a time to write.
func watched(t *testing.T, write time.Duration, minutes int) (log string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := New()
		ctx, cancel := context.WithCancel(t.Context())
		quiet := &metrics.Float64Histogram{Counts: []uint64{0}, Buckets: []float64{0, 1}}
		var out bytes.Buffer
		var running sync.WaitGroup
		running.Go(func() { _ = w.Run(ctx) }) // both end with ctx
		running.Go(func() {
			_ = w.watch(ctx, slog.New(slog.NewTextHandler(&out, nil)), func() reading { return reading{at: time.Now(), pauses: quiet, waits: quiet} })
		})
		w.NewTicker(func(time.Time) bool { return true }).Start(Late)
		w.NewTicker(func(time.Time) bool { time.Sleep(write); return true }).Start(Late)
		time.Sleep(time.Duration(minutes)*time.Minute + time.Second)
		cancel()
		running.Wait()
		log = out.String()
	})
	return log
}

func TestASlowSocketIsNamedOnceAMinute(t *testing.T) {
	log := watched(t, 45*time.Millisecond, 3)
	if n := strings.Count(log, "audio is sent late"); n != 3 {
		t.Errorf("said %d times in three minutes:\n%s", n, log)
	}
	if !strings.Contains(log, `cause="a slow socket"`) || !strings.Contains(log, "longest_write=45ms") {
		t.Errorf("said\n%s", log)
	}
}

func TestNothingIsSaidOfPacketsInTime(t *testing.T) {
	if log := watched(t, 0, 3); log != "" {
		t.Errorf("said\n%s", log)
	}
}

// The runtime tells of pauses and waits under the names that are asked for.
func TestReading(t *testing.T) {
	before := read()
	runtime.GC()
	for end := time.Now().Add(20 * time.Millisecond); time.Now().Before(end); {
		runtime.Gosched()
	}
	e := read().since(before, 1)
	if e.pause <= 0 || e.cpu <= 0 || e.wait < 0 {
		t.Errorf("%+v after a collection", e)
	}
	if got := (reading{pauses: before.pauses, waits: before.waits}).since(before, 1); got.pause != 0 || got.wait != 0 {
		t.Errorf("%+v when nothing happened", got)
	}
}
