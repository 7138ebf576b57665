package simulate

import (
	"context"
	"errors"
	"runtime"
	"sync"
)

// RunAll plays scenarios, as many at a time as there are processors, and
// returns their results in the same order.
func RunAll(ctx context.Context, scenarios []Scenario) ([]Result, error) {
	results := make([]Result, len(scenarios))
	err := each(len(scenarios), func(i int) (err error) {
		results[i], err = Run(ctx, scenarios[i])
		return err
	})
	return results, err
}

// TryAll tries knobs, as many candidates at a time as there are processors.
func TryAll(ctx context.Context, knobs []Knob) error {
	var candidates []*Candidate
	for i := range knobs {
		for j := range knobs[i].Candidates {
			candidates = append(candidates, &knobs[i].Candidates[j])
		}
	}
	err := each(len(candidates), func(i int) error { return candidates[i].try(ctx) })
	for i := range knobs {
		knobs[i].pick()
	}
	return err
}

// each calls do for 0 to n-1, from as many goroutines as there are processors,
// and joins the errors.
func each(n int, do func(i int) error) error {
	errs := make([]error, n)
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := range next {
				errs[i] = do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	workers.Wait()
	return errors.Join(errs...)
}
