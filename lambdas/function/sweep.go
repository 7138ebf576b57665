package function

import (
	"context"
	"errors"
	"time"

	"casey.internal/lambdas/signaling"
	"casey.internal/shared/clock"
	"casey.internal/shared/metrics"
	"casey.internal/shared/post"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
)

// schedule is the event that a rule may hand to the sweep. Rules run once a minute at
// most, and nobody should wait that long: with both fields set one invocation
// sweeps again and again. An event without them is one pass.
type schedule struct {
	EverySeconds int `json:"everySeconds"` // from the begin of a pass to the next
	ForSeconds   int `json:"forSeconds"`   // how long new passes begin
}

// lastPass is the time before the invocation's deadline in which no pass begins.
const lastPass = 5 * time.Second

// Sweep serves the schedule.
func Sweep(d deps) Handler {
	s := signaling.NewSweeper(signaling.SweepConfig{
		Store:   store.New(d.aws, d.settings.Table),
		Queue:   queue.New(d.aws, d.settings.DispatchURL),
		Poster:  post.New(d.aws),
		MaxWait: d.settings.MaxWait,
		Log:     d.log,
		Waiting: func(sessions int, oldest time.Duration) {
			d.metrics.Emit(metrics.Values{metrics.Waiting: float64(sessions), metrics.OldestOffer: oldest.Seconds()})
		},
		Failed: d.givenUp,
	})
	return func(ctx context.Context, when schedule) error {
		err := when.repeat(ctx, s.Sweep)
		if err != nil {
			d.log.ErrorContext(ctx, "function failed", "function", "sweep", "error", err)
		}
		return err
	}
}

// repeat makes the passes; a failure does not keep the next from trying.
func (w schedule) repeat(ctx context.Context, pass func(context.Context) error) error {
	end := time.Now().Add(time.Duration(w.ForSeconds) * time.Second)
	if deadline, limited := ctx.Deadline(); limited && deadline.Add(-lastPass).Before(end) {
		end = deadline.Add(-lastPass)
	}
	every := time.Duration(max(1, w.EverySeconds)) * time.Second
	var errs []error
	for {
		next := time.Now().Add(every)
		errs = append(errs, pass(ctx))
		if !next.Before(end) {
			return errors.Join(errs...)
		}
		if err := clock.Sleep(ctx, time.Until(next)); err != nil {
			return errors.Join(append(errs, err)...)
		}
	}
}
