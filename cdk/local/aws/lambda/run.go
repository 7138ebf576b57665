package lambda

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// drainLimit is the longest that a retired environment may take to finish
	// what it holds.
	drainLimit = 30 * time.Second
	// slowest is the longest pause before a function that keeps dying is
	// started again.
	slowest = 5 * time.Second
)

// Run keeps the function's environments running until ctx is done, and returns
// when all of them are gone. It fails only if the binary cannot be started at
// all.
func (f *Function) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var slots sync.WaitGroup
	for range f.cfg.Environments {
		slots.Go(func() {
			if err := f.slot(ctx); err != nil {
				cancel(fmt.Errorf("run %s: %w", f.cfg.Name, err))
			}
		})
	}
	slots.Wait()
	if err := context.Cause(ctx); !errors.Is(err, ctx.Err()) {
		return err
	}
	return nil
}

// slot keeps one environment running. Retired ones finish beside their successor.
func (f *Function) slot(ctx context.Context) error {
	var retired sync.WaitGroup
	defer retired.Wait()
	for failures := 0; ctx.Err() == nil; {
		e, err := f.launch(ctx)
		if ctx.Err() != nil && err != nil {
			break
		}
		if err != nil {
			return err
		}
		f.track(e, true)
		select {
		case <-e.process.Done():
			failures = f.died(e, failures)
			f.pause(ctx, failures)
		case <-e.retired:
			f.track(e, false)
			retired.Go(func() { e.drain(ctx) })
		case <-ctx.Done():
			f.track(e, false)
			e.close()
		}
	}
	return nil
}

// died cleans up after a process that ended by itself; it returns how often in
// a row that has happened during init.
func (f *Function) died(e *environment, failures int) int {
	f.track(e, false)
	e.close()
	f.cfg.Log.Warn("function ended, starting it again", "function", f.cfg.Name, "error", e.process.Wait())
	if e.wasReady() {
		return 0
	}
	f.failWaiting()
	return failures + 1
}

// failWaiting answers those who wait for an environment that cannot be: its
// init failed.
func (f *Function) failWaiting() {
	for {
		select {
		case inv := <-f.queue:
			inv.finish(result{err: ErrCrashed})
		default:
			return
		}
	}
}

// pause waits before the next start, longer each time that init fails.
func (f *Function) pause(ctx context.Context, failures int) {
	if failures == 0 {
		return
	}
	timer := time.NewTimer(min(slowest, 100*time.Millisecond<<min(failures, 10)))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (f *Function) track(e *environment, running bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if running {
		f.envs[e] = struct{}{}
	} else {
		delete(f.envs, e)
	}
}

// drain lets a retired environment finish what it holds, then ends it.
func (e *environment) drain(ctx context.Context) {
	timer := time.NewTimer(drainLimit)
	defer timer.Stop()
	select {
	case <-e.idle:
	case <-e.process.Done():
	case <-timer.C:
	case <-ctx.Done():
	}
	e.close()
}
