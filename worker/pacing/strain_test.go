package pacing

import (
	"runtime"
	"runtime/metrics"
	"testing"
	"testing/synctest"
	"time"
)

// TestStrain: late packets count where the CPU is busy, a full CPU counts without any, and
// the verdict goes when they do.
func TestStrain(t *testing.T) {
	for name, c := range map[string]struct {
		late, packets int
		cpu           float64 // of those that it may use
		limit         float64
		want          bool
	}{
		"late and busy":            {20, 1000, 0.6, 0, true},
		"late, but not busy":       {20, 1000, 0.2, 0, false},
		"busy and in time":         {5, 1000, 0.75, 0, false},
		"full, in time yet":        {5, 1000, 0.85, 0, true},
		"too few to tell":          {20, 60, 0.7, 0, false},
		"all late, all of it":      {500, 500, 1, 0, true},
		"a full quarter of one":    {5, 1000, 0.85, 0.25, true},
		"half of a quarter of one": {5, 1000, 0.5, 0.25, false},
		"more than there are":      {5, 1000, 0.85, 1000, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, used := New(), time.Duration(0)
				w.Limit(c.limit)
				may := float64(runtime.GOMAXPROCS(0))
				if c.limit > 0 {
					may = min(may, c.limit)
				}
				none := &metrics.Float64Histogram{Counts: []uint64{0}, Buckets: []float64{0, 1}}
				s := w.strain(func() reading { return reading{at: time.Now(), cpu: used, pauses: none, waits: none} })
				for i := range c.packets {
					late := time.Duration(0)
					if i < c.late {
						late = Late
					}
					w.lateness.count(late)
				}
				time.Sleep(lookEvery)
				used += time.Duration(c.cpu * float64(lookEvery) * may)
				if got := s.TooMuch(); got != c.want {
					t.Errorf("too much: %v", got)
				}
				time.Sleep(lookEvery / 2)
				if got := s.TooMuch(); got != c.want {
					t.Errorf("soon after: %v", got)
				}
				time.Sleep(lookEvery)
				if s.TooMuch() {
					t.Error("it is too much though nothing is sent")
				}
			})
		})
	}
}
