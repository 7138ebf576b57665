package pacing

import (
	"iter"
	"sync/atomic"
	"time"
)

// bounds are the upper bounds of a Histogram's counts; the last count has none.
var bounds = [...]time.Duration{
	100 * time.Microsecond, 200 * time.Microsecond, 500 * time.Microsecond,
	time.Millisecond, 2 * time.Millisecond, 3 * time.Millisecond, 5 * time.Millisecond, 7 * time.Millisecond,
	10 * time.Millisecond, 15 * time.Millisecond, 20 * time.Millisecond, 30 * time.Millisecond,
	50 * time.Millisecond, 70 * time.Millisecond, 100 * time.Millisecond,
}

// Histogram counts packets by how late they were sent: below 0.1 ms, and so on to
// 100 ms, and the rest.
type Histogram [len(bounds) + 1]uint64

// Lateness returns the packets of the wheel's whole life; what happened between
// two calls is their difference (Sub).
func (w *Wheel) Lateness() Histogram {
	var h Histogram
	for i := range h {
		h[i] = w.lateness[i].Load()
	}
	return h
}

// Sub returns what was counted since the earlier histogram.
func (h Histogram) Sub(earlier Histogram) Histogram {
	for i := range h {
		h[i] -= earlier[i]
	}
	return h
}

// Count returns how many packets were counted.
func (h Histogram) Count() (n uint64) {
	for _, c := range h {
		n += c
	}
	return n
}

// All yields each bound with the number of packets that were less late than that,
// and later than the bound before; those beyond the last bound are not among them.
func (h Histogram) All() iter.Seq2[time.Duration, uint64] {
	return func(yield func(time.Duration, uint64) bool) {
		for i, b := range bounds {
			if !yield(b, h[i]) {
				return
			}
		}
	}
}

// Late returns how many packets were late by d or more, with d rounded down to
// one of the bounds.
func (h Histogram) Late(d time.Duration) (n uint64) {
	from := 0
	for from < len(bounds) && bounds[from] <= d {
		from++
	}
	for _, c := range h[from:] {
		n += c
	}
	return n
}

// Over returns the share, 0 to 1, of packets that were late by d or more, as Late
// counts them; 0 when none was counted.
func (h Histogram) Over(d time.Duration) float64 {
	return float64(h.Late(d)) / float64(max(1, h.Count()))
}

// lateness is a Histogram that is being counted.
type lateness [len(bounds) + 1]atomic.Uint64

func (l *lateness) count(late time.Duration) {
	for i, b := range bounds {
		if late < b {
			l[i].Add(1)
			return
		}
	}
	l[len(bounds)].Add(1)
}
