package soak

import (
	"context"
	"fmt"
	"sync"
	"time"

	"casey.internal/cdk/client"
)

const (
	visitLimit    = time.Minute // one visit, with all that a busy machine adds
	progressEvery = 5 * time.Second
)

// crowd counts the visits.
type crowd struct {
	mu    sync.Mutex
	begun int
	over  int
	again int // that were tried again
	bad   int
	first error // of those that went wrong
}

func (s *soak) wrong() int {
	s.crowd.mu.Lock()
	defer s.crowd.mu.Unlock()
	return s.crowd.bad
}

// open opens and closes n interviews, Parallel at a time, each in the next way.
func (s *soak) open(ctx context.Context, n int) error {
	s.crowd = crowd{first: s.crowd.first}
	reporting, stop := context.WithCancel(ctx)
	var visiting, report sync.WaitGroup
	report.Go(func() { s.report(reporting, n) })
	for range min(n, s.Parallel) {
		visiting.Go(func() {
			for {
				i, more := s.crowd.next(n)
				if !more || ctx.Err() != nil {
					return
				}
				s.visit(ctx, s.visits[i%len(s.visits)])
			}
		})
	}
	visiting.Wait()
	stop()
	report.Wait()
	return context.Cause(ctx)
}

// next is the number of the next visit; false = there have been n.
func (c *crowd) next(n int) (i int, more bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.begun == n {
		return 0, false
	}
	c.begun++
	return c.begun - 1, true
}

// visit makes a visit, and once more where it fails, as the page does: a visitor
// may get the port of one who vanished lately, which the worker still listens
// to.
func (s *soak) visit(ctx context.Context, v visit) {
	err := s.try(ctx, v)
	again := err != nil && ctx.Err() == nil
	if again {
		s.Progress("%s, tried again: %v", v.name, err)
		err = s.try(ctx, v)
	}
	s.crowd.mu.Lock()
	defer s.crowd.mu.Unlock()
	s.crowd.over++
	if again {
		s.crowd.again++
	}
	if err == nil || ctx.Err() != nil {
		return
	}
	err = fmt.Errorf("%s: %w", v.name, err)
	s.Progress("%v", err)
	if s.crowd.bad++; s.crowd.first == nil {
		s.crowd.first = err
	}
}

// try makes a visit once.
func (s *soak) try(ctx context.Context, v visit) error {
	ctx, cancel := context.WithTimeout(ctx, visitLimit)
	defer cancel()
	road, err := client.NewRoad()
	if err != nil {
		return err
	}
	defer func() { _ = road.Close() }() // the candidate has closed it, if there was one
	return v.stay(ctx, client.Config{URL: s.stack.WS, Road: road})
}

// report tells now and then how far it is.
func (s *soak) report(ctx context.Context, n int) {
	every := time.NewTicker(progressEvery)
	defer every.Stop()
	for {
		select {
		case <-every.C:
		case <-ctx.Done():
			return
		}
		worker, err := s.worker(ctx)
		if err != nil {
			continue // it is told in the end
		}
		s.crowd.mu.Lock()
		over := s.crowd.over
		s.crowd.mu.Unlock()
		s.Progress("%d of %d interviews over, the worker has %d, %d goroutines, %d files, %.1f MB in use",
			over, n, worker.active, worker.goroutines, worker.files, float64(worker.heap)/(1<<20))
	}
}
