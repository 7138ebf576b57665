package pacing

import (
	"testing"
	"time"
)

func TestPacketsDoNotAllocate(t *testing.T) {
	w := New()
	for range 300 {
		w.Line(func(time.Time) bool { return true }).Start(20 * time.Millisecond)
	}
	lines := w.at(nil, int(w.now()%slots))
	tick := w.now()
	if n := testing.AllocsPerRun(100, func() {
		tick += slots
		lines = w.at(lines[:0], int(tick%slots))
		for _, l := range lines {
			l.turn(tick, time.Now())
		}
	}); n != 0 {
		t.Errorf("%v allocations a turn", n)
	}
}
