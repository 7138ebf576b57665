package pacing_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/worker/pacing"
)

const ms = time.Millisecond

// run starts a wheel that stops with the test's bubble.
func run(t *testing.T) *pacing.Wheel {
	t.Helper()
	w := pacing.New()
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(t.Context()))
	ended := errors.New("test ended")
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	t.Cleanup(func() {
		cancel(ended)
		if err := <-done; !errors.Is(err, ended) {
			t.Errorf("Run ended with %v", err)
		}
	})
	return w
}

// clock notes when packets are sent, up to a number of them.
type clock struct {
	start time.Time
	mu    sync.Mutex
	left  int // -1: no limit
	sent  []time.Duration
}

func (c *clock) send(time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left == 0 {
		return false
	}
	c.left--
	c.sent = append(c.sent, time.Since(c.start))
	return true
}

func (c *clock) at() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.sent)
}

func (c *clock) more(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left = n
}

func TestFirstPacketWaitsForNothing(t *testing.T) {
	for _, c := range []struct {
		frame time.Duration
		begin time.Duration
		want  []time.Duration
	}{
		{20 * ms, 0, []time.Duration{0, 20 * ms, 40 * ms, 60 * ms}},
		{20 * ms, 13 * ms, []time.Duration{13 * ms, 30 * ms, 50 * ms, 70 * ms}},
		{40 * ms, 13 * ms, []time.Duration{13 * ms, 50 * ms, 90 * ms, 130 * ms}},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := run(t)
			k := &clock{start: time.Now(), left: 4}
			time.Sleep(c.begin)
			w.NewTicker(k.send).Start(c.frame)
			if len(k.at()) != 1 {
				t.Fatal("the first packet was not sent at once")
			}
			time.Sleep(time.Second)
			synctest.Wait()
			if !slices.Equal(k.at(), c.want) {
				t.Errorf("frames of %v from %v: sent at %v, want %v", c.frame, c.begin, k.at(), c.want)
			}
		})
	}
}

func TestStopStopsTheNextPacket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := run(t)
		k := &clock{start: time.Now(), left: 1000}
		ticker := w.NewTicker(k.send)
		ticker.Start(20 * ms)
		time.Sleep(59 * ms)
		ticker.Stop()
		ticker.Stop()
		time.Sleep(time.Second)
		if len(k.at()) != 3 {
			t.Errorf("%d packets, want 3", len(k.at()))
		}
		ticker.Start(20 * ms)
		ticker.Start(20 * ms) // it runs already
		time.Sleep(59 * ms)
		ticker.Stop()
		if want := []time.Duration{1059 * ms, 1075 * ms, 1095 * ms, 1115 * ms}; !slices.Equal(k.at()[3:], want) {
			t.Errorf("after a rest at %v, want %v", k.at()[3:], want)
		}
	})
}

func TestLineRestsWhenItHasNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := run(t)
		k := &clock{start: time.Now(), left: 2}
		ticker := w.NewTicker(k.send)
		ticker.Start(20 * ms)
		time.Sleep(100 * ms)
		synctest.Wait()
		k.more(1)
		time.Sleep(time.Second)
		synctest.Wait()
		if len(k.at()) != 2 {
			t.Fatalf("a resting ticker was asked again: %v", k.at())
		}
		ticker.Start(20 * ms)
		if want := []time.Duration{0, 20 * ms, 1100 * ms}; !slices.Equal(k.at(), want) {
			t.Errorf("sent at %v, want %v", k.at(), want)
		}
	})
}

func TestManyLinesKeepTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := run(t)
		const tickers, seconds = 300, 10
		clocks := make([]*clock, tickers)
		for i := range clocks {
			clocks[i] = &clock{start: time.Now(), left: -1}
			w.NewTicker(clocks[i].send).Start(20 * ms)
			time.Sleep(time.Duration(i%7) * ms)
		}
		time.Sleep(seconds * time.Second)
		synctest.Wait()
		for i, k := range clocks {
			at := k.at()
			for j := 1; j < len(at); j++ {
				gap := at[j] - at[j-1]
				if gap > 20*ms || gap < 15*ms || j > 1 && gap != 20*ms {
					t.Fatalf("ticker %d, packet %d comes %v after the one before", i, j, gap)
				}
			}
		}
		h := w.Lateness()
		if late := h.Over(ms); late != 0 || h.Count() < tickers*seconds*50 {
			t.Errorf("%d packets, %v of them late", h.Count(), late)
		}
	})
}

func TestHistogram(t *testing.T) {
	h := pacing.Histogram{0: 91, 6: 4, 8: 3, 11: 2, 15: 1}.Sub(pacing.Histogram{0: 1})
	for d, want := range map[time.Duration]float64{0: 1, ms: 0.1, 5 * ms: 0.06, 7 * ms: 0.06, 10 * ms: 0.03, time.Second: 0.01} {
		if got := h.Over(d); got != want {
			t.Errorf("over %v: %v, want %v", d, got, want)
		}
	}
	if got := (pacing.Histogram{}).Over(ms); got != 0 {
		t.Errorf("of none: %v", got)
	}
}
