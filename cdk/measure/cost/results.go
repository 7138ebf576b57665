package cost

import (
	"context"
	"iter"
	"sync"

	"casey.internal/worker/recognition"
)

// results are what a stream has recognised, until it is closed. It is the half of a
// recognition.Stream that both ears share.
type results struct {
	given chan recognition.Result
	done  chan struct{}
	once  sync.Once
}

func newResults() results {
	return results{given: make(chan recognition.Result, 1000), done: make(chan struct{})}
}

// give gives a result, unless the stream is closed.
func (r *results) give(result recognition.Result) {
	select {
	case r.given <- result:
	case <-r.done:
	}
}

// end ends the results and does, once, what closing the stream is besides.
func (r *results) end(last func()) {
	r.once.Do(func() {
		close(r.done)
		last()
	})
}

// Results implements recognition.Stream.
func (r *results) Results() iter.Seq2[recognition.Result, error] {
	return func(yield func(recognition.Result, error) bool) {
		for {
			select {
			case result := <-r.given:
				if !yield(result, nil) {
					return
				}
			case <-r.done:
				yield(recognition.Result{}, context.Canceled)
				return
			}
		}
	}
}
