// Package soak opens and closes many interviews on the local stack, in every
// way in which one can end, and looks whether anything of them is left: in the
// worker, in the Lambda functions, at the gateway, in queues and table.
package soak

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/cdk/measure/report"
)

// Config says how many interviews, and how.
type Config struct {
	Root     string
	Build    string // folder of the binaries; empty = Root/build
	Sessions int    // default 1000
	Parallel int    // visitors at a time; default 30
	// Brief leaves out those that a worker notices only after its time limits:
	// a peer that vanishes, and one that never connects.
	Brief bool
	// Settle is the longest that what is left may take to go; default 3 min,
	// since idle connections to services are kept for 90 s.
	Settle   time.Duration
	Progress func(format string, args ...any)
	Log      io.Writer // gets what all programs log; nil = nobody
}

func (c Config) complete() Config {
	c.Sessions = cmp.Or(c.Sessions, 1000)
	c.Parallel = cmp.Or(c.Parallel, 30)
	c.Settle = cmp.Or(c.Settle, 3*time.Minute)
	if c.Progress == nil {
		c.Progress = func(string, ...any) {}
	}
	return c
}

// What may be left: connections that the AWS clients keep for 90 s, at most 10
// to each service; and memory that is no session's.
const (
	slackGoroutines  = 6 // of connections with more than two
	slackFiles       = 2
	slackConnections = 40
	slackHeap        = 10 << 20 // bytes, 10 KB for each of 1,000 interviews
	slackResident    = 64 << 20
)

// Run soaks and returns its table: what there is more of than before.
func Run(ctx context.Context, c Config) (*report.Table, error) {
	c = c.complete()
	stack, err := local.Start(ctx, local.Config{
		Root: c.Root, Build: c.Build, Slots: 3 * c.Parallel, Streams: 1000, Log: c.Log, Standin: []string{"-canned"},
		// Garbage is collected often, so that what is in use is known.
		WorkerEnv: []string{"LOG_LEVEL=info", "GOGC=10"},
	})
	if err != nil {
		return nil, err
	}
	defer stack.Stop()
	s := &soak{Config: c, stack: stack, stores: newStores(stack.AWS()), visits: visits(c.Brief)}
	if err := s.warm(ctx); err != nil {
		return nil, err
	}
	before, err := s.census(ctx)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := s.open(ctx, c.Sessions); err != nil {
		return nil, err
	}
	took := time.Since(began)
	after, err := s.settle(ctx, before)
	if err != nil {
		return nil, err
	}
	t := report.NewTable("soak", c.Root)
	t.Note("interviews opened and closed", float64(c.Sessions), "")
	t.Note("that took", took.Seconds(), "s")
	t.AtMost("that were tried again", float64(s.crowd.again), math.Ceil(float64(c.Sessions)/100), "")
	t.AtMost("that went wrong", float64(s.wrong()), 0, "")
	after.compare(t, before)
	return t, nil
}

// soak is one run.
type soak struct {
	Config
	stack  *local.Stack
	stores stores
	visits []visit
	crowd  crowd
}

// warm opens as many interviews as are open later, so that the pools of every
// program have what they keep, and waits until they are gone.
func (s *soak) warm(ctx context.Context) error {
	if err := s.open(ctx, max(s.Parallel, len(s.visits))); err != nil {
		return err
	}
	if n := s.wrong(); n > 0 {
		return fmt.Errorf("%d of the first interviews went wrong, the first: %w", n, s.crowd.first)
	}
	ctx, cancel := context.WithTimeout(ctx, s.Settle)
	defer cancel()
	last := int64(0)
	return s.await(ctx, func(now *census) bool {
		steady := now.idle() && now.worker.goroutines == last
		last = now.worker.goroutines
		return steady
	})
}

// settle waits until nothing is left at all, unless it is brief for half of its
// time, and then until no more is left than may be; it returns what is left in
// the end.
func (s *soak) settle(ctx context.Context, before *census) (*census, error) {
	waiting, cancel := context.WithTimeout(ctx, s.Settle)
	defer cancel()
	began := time.Now()
	var last *census
	err := s.await(waiting, func(now *census) bool {
		last = now
		collected := now.worker.collections >= before.worker.collections+2
		exactly := !s.Brief && time.Since(began) < s.Settle/2
		return now.idle() && collected && len(now.left(before, exactly)) == 0
	})
	if ctx.Err() != nil || last == nil {
		return nil, errors.Join(err, ctx.Err())
	}
	return last, nil
}

// await takes a census every now and then until one is as wanted.
func (s *soak) await(ctx context.Context, want func(*census) bool) error {
	every := time.NewTicker(time.Second)
	defer every.Stop()
	for {
		now, err := s.census(ctx)
		if err != nil {
			return err
		}
		if want(now) {
			return nil
		}
		select {
		case <-every.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
