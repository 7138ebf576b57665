package signaling_test

import (
	"context"
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
			time.Sleep(10 * time.Second)
		}
		must(sweeper.Sweep(ctx))
		if len(told) != 4 || told[0] != 0 || told[1] != 1 || told[2] != 2 || told[3] != 2 || oldest != 20*time.Second {
			t.Errorf("told %v, the oldest has waited %v", told, oldest)
		}
	})
}
