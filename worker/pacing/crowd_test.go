package pacing

import (
	"context"
	"runtime"
	"runtime/metrics"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestThoseInsideKeepTheirQuality: candidates come, each of whom costs a share of a core,
// as long as the worker takes them. It stops before a core is full, and the packets of
// those inside are in time; if it goes on they are late.
func TestThoseInsideKeepTheirQuality(t *testing.T) {
	const (
		cost     = 200 * time.Microsecond // of a packet: a core carries a hundred sessions
		capacity = 100
		come     = 200
	)
	for name, c := range map[string]struct {
		every  time.Duration // from one to the next
		refuse bool
	}{
		"one a second":  {time.Second, true},
		"five a second": {200 * time.Millisecond, true},
		"all of them":   {200 * time.Millisecond, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				w := New()
				var turning sync.WaitGroup
				turning.Go(func() { _ = w.Run(ctx) })
				defer turning.Wait()
				defer cancel()
				var mu sync.Mutex
				used, inside := time.Duration(0), 0
				work := func(time.Time) bool {
					time.Sleep(cost) // the wheel's goroutine is the core
					mu.Lock()
					defer mu.Unlock()
					used += cost
					return true
				}
				none := &metrics.Float64Histogram{Counts: []uint64{0}, Buckets: []float64{0, 1}}
				strain := w.strain(func() reading {
					mu.Lock()
					defer mu.Unlock()
					return reading{at: time.Now(), cpu: used * time.Duration(processors()), pauses: none, waits: none}
				})
				for range come {
					if !c.refuse || !strain.TooMuch() {
						inside++
						w.NewTicker(work).Start(20 * time.Millisecond)
					}
					time.Sleep(c.every)
				}
				before := w.Lateness()
				time.Sleep(time.Minute)
				late := w.Lateness().Sub(before).Over(Late)
				if c.refuse && (inside < capacity*3/4 || inside >= capacity || late > 0.01) {
					t.Errorf("%d are inside, and %.1f %% of their packets are late", inside, 100*late)
				}
				if !c.refuse && late < 0.9 {
					t.Errorf("%d are too many, but only %.1f %% of their packets are late: this test shows nothing", inside, 100*late)
				}
			})
		})
	}
}

func processors() int { return runtime.GOMAXPROCS(0) }
