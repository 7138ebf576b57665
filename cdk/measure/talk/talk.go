// Package talk measures how whatever thinks for the interviewer behaves where a talk
// leaves its road: it is told the awkward lines (worker/interviewer/awkward), and
// what follows is held to what must and must not.
package talk

import (
	"context"
	"sync"
	"time"

	"casey.internal/worker/interviewer"
	"casey.internal/worker/interviewer/awkward"
)

// Result is what followed one line.
type Result struct {
	Line   awkward.Line
	Reply  awkward.Reply
	Faults []string // a sentence each
	Took   time.Duration
}

// Measure has a model reply to lines, some of them at a time. Results are in the
// order of the lines. A call that fails is a fault of its line: a model that
// answers nothing is not good company either.
func Measure(ctx context.Context, m interviewer.Model, lines []awkward.Line, atOnce int) ([]Result, error) {
	results := make([]Result, len(lines))
	next := make(chan int)
	var talks sync.WaitGroup
	for range atOnce {
		talks.Go(func() {
			for n := range next {
				results[n] = measure(ctx, m, lines[n])
			}
		})
	}
	for n := range lines {
		if ctx.Err() != nil {
			break
		}
		next <- n
	}
	close(next)
	talks.Wait()
	return results, context.Cause(ctx)
}

func measure(ctx context.Context, m interviewer.Model, l awkward.Line) Result {
	began := time.Now()
	reply, err := l.Ask(ctx, m)
	r := Result{Line: l, Reply: reply, Took: time.Since(began)}
	if err != nil {
		r.Faults = []string{err.Error()}
		return r
	}
	r.Faults = l.Faults(reply)
	return r
}
