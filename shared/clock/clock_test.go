package clock_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/clock"
)

func TestSleep(t *testing.T) {
	early := errors.New("early")
	for name, c := range map[string]struct {
		ends, sleeps, takes time.Duration
		err                 error
	}{
		"to its end":       {time.Hour, time.Minute, time.Minute, nil},
		"until over":       {time.Second, time.Minute, time.Second, early},
		"not at all":       {time.Hour, 0, 0, nil},
		"not if over then": {0, 0, 0, early},
		"until it was":     {time.Hour, -time.Second, 0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeoutCause(t.Context(), c.ends, early)
				defer cancel()
				began := time.Now()
				if err := clock.Sleep(ctx, c.sleeps); !errors.Is(err, c.err) || time.Since(began) != c.takes {
					t.Errorf("%v after %v, want %v after %v", err, time.Since(began), c.err, c.takes)
				}
			})
		})
	}
}
