package pacing_test

import (
	"context"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"casey.internal/worker/pacing"
)

// BenchmarkPacing compares the CPU time of a packet of 300 lines on one wheel
// with that of a goroutine and ticker each, and counts the wheel's allocations.
func BenchmarkPacing(b *testing.B) {
	const lines, frame, stretch = 300, 20 * time.Millisecond, 2 * time.Second
	var sent atomic.Int64
	send := func(time.Time) bool { sent.Add(1); return true }
	b.ReportAllocs()
	for b.Loop() {
		wheel := measure(&sent, func(ctx context.Context, wg *sync.WaitGroup) {
			w := pacing.New()
			wg.Go(func() { _ = w.Run(ctx) }) // ends with ctx
			for range lines {
				w.NewTicker(send).Start(frame)
				time.Sleep(frame / lines)
			}
		}, stretch)
		tickers := measure(&sent, func(ctx context.Context, wg *sync.WaitGroup) {
			for range lines {
				wg.Go(func() { tick(ctx, frame, send) })
				time.Sleep(frame / lines)
			}
		}, stretch)
		b.ReportMetric(float64(wheel.Nanoseconds()), "wheel-ns/packet")
		b.ReportMetric(float64(tickers.Nanoseconds()), "ticker-ns/packet")
		b.ReportMetric(float64(wheel)/float64(tickers), "ratio")
	}
}

func tick(ctx context.Context, frame time.Duration, send func(time.Time) bool) {
	t := time.NewTicker(frame)
	defer t.Stop()
	for {
		select {
		case now := <-t.C:
			send(now)
		case <-ctx.Done():
			return
		}
	}
}

// measure returns the CPU time that this process spends on one packet.
func measure(sent *atomic.Int64, start func(context.Context, *sync.WaitGroup), stretch time.Duration) time.Duration {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	start(ctx, &wg)
	before, count := cpu(), sent.Load()
	time.Sleep(stretch)
	spent, packets := cpu()-before, sent.Load()-count
	cancel()
	wg.Wait()
	return spent / time.Duration(max(1, packets))
}

func cpu() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
