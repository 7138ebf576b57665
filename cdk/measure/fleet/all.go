package fleet

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

// TryAll tries knobs, as many alternatives at a time as there are processors, and
// picks. What is shipped is the same for every knob, and tried once.
func TryAll(ctx context.Context, knobs []Knob) error {
	shipped := &Alternative{apply: func(*choice) {}}
	alternatives := []*Alternative{shipped}
	for _, k := range knobs {
		for i := range k.Alternatives {
			if k.Alternatives[i].Value != k.Shipped {
				alternatives = append(alternatives, &k.Alternatives[i])
			}
		}
	}
	err := each(len(alternatives), func(i int) error { return alternatives[i].try(ctx) })
	for i := range knobs {
		knobs[i].pick(*shipped)
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
