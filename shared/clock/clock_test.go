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
		ends, takes time.Duration
		err         error
	}{
		"to its end": {time.Hour, time.Minute, nil},
		"until over": {time.Second, time.Second, early},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeoutCause(t.Context(), c.ends, early)
				defer cancel()
				began := time.Now()
				if err := clock.Sleep(ctx, time.Minute); !errors.Is(err, c.err) || time.Since(began) != c.takes {
					t.Errorf("%v after %v, want %v after %v", err, time.Since(began), c.err, c.takes)
				}
			})
		})
	}
}
