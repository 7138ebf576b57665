package storetest

import (
	"sync"
	"testing"
	"time"
)

// counters: each counts for itself, from 0, and loses nothing when many add at once.
func counters(t *testing.T, d *desk) {
	busy, idle := d.id("counter"), d.id("counter")
	var adding sync.WaitGroup
	for range 10 {
		adding.Go(func() {
			if _, err := d.Add(t.Context(), busy, 3, d.now.Add(time.Hour)); err != nil {
				t.Error(err)
			}
		})
	}
	adding.Wait()
	for counter, want := range map[string]int64{busy: 30, idle: 0} {
		if got, err := d.Add(t.Context(), counter, 0, d.now.Add(time.Hour)); err != nil || got != want {
			t.Errorf("%s is %d, %v, want %d", counter, got, err, want)
		}
	}
}
