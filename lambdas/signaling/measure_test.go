package signaling_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/lambdas/signaling"
	"casey.internal/shared/interview"
)

// TestWhoWaitsIsMeasured: by the message function when it tells a browser, by
// the sweep with every pass.
func TestWhoWaitsIsMeasured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		so, qo := kind()
		w := newWorld(t, 1, so, qo)
		var told []int
		var oldest time.Duration
		service := signaling.New(signaling.Config{
			Store: w.store, Queue: w.queue, Poster: w.posts, MaxWait: time.Hour, Log: quiet(),
			Waiting: func(sessions int) { told = append(told, sessions) },
		})
		sweeper := signaling.NewSweeper(signaling.SweepConfig{
			Store: w.store, Queue: w.queue, Poster: w.posts, MaxWait: time.Hour, Log: quiet(),
			Waiting: func(sessions int, since time.Duration) { told, oldest = append(told, sessions), since },
		})
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		ctx := context.WithoutCancel(t.Context())
		must(sweeper.Sweep(ctx))
		for _, c := range []interview.ConnectionID{"c1", "c2"} {
			must(service.Connect(ctx, signaling.Arrival{Connection: c, At: time.Now()}))
			must(service.Message(ctx, c, []byte(encode(offerOf("p", sdp)))))
			time.Sleep(interview.Late - 1)
			must(sweeper.Sweep(ctx))
		}
		if want := []int{0, 1, 0, 2, 1}; !slices.Equal(told, want) || oldest != 2*interview.Late-2 {
			t.Errorf("told %v, the oldest has waited %v", told, oldest)
		}
	})
}
