package pacing

import (
	"testing"
	"time"
)

func TestPacketsDoNotAllocate(t *testing.T) {
	w := New()
	for range 300 {
		w.NewTicker(func(time.Time) bool { return true }).Start(20 * time.Millisecond)
	}
	tickers := w.tickersIn(nil, int(w.now()%slots))
	tick := w.now()
	if n := testing.AllocsPerRun(100, func() {
		tick += slots
		tickers = w.tickersIn(tickers[:0], int(tick%slots))
		for _, t := range tickers {
			t.sendDue(tick, time.Now())
		}
	}); n != 0 {
		t.Errorf("%v allocations a turn", n)
	}
}
