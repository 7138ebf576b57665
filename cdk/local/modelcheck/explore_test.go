package modelcheck_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/local/modelcheck"
)

// explore reports what an exploration of so long found.
func explore(t *testing.T, o modelcheck.Options, limit time.Duration) modelcheck.Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	began := time.Now()
	r := modelcheck.Explore(ctx, o)
	t.Logf("%d states, %d ends, complete %v, in %v", r.States, r.Ends, r.Complete, time.Since(began).Round(time.Millisecond))
	return r
}

func TestNoScheduleIsWrong(t *testing.T) {
	for name, o := range map[string]modelcheck.Options{
		"claims":             {Ticks: 2, Turns: 1},
		"claims and a crash": {Ticks: 1, Turns: 1, Crashes: 1},
		"a move":             {Turns: 1, Moves: true},
		"a move and a crash": {Turns: 1, Moves: true, Crashes: 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := explore(t, o, 6*time.Second)
			if r.Wrong != "" {
				t.Errorf("%s:\n%s", r.Wrong, strings.Join(r.Trace, "\n"))
			}
			if r.States < 100 {
				t.Errorf("only %d states", r.States)
			}
		})
	}
}

// TestTheCheckFindsAMutation: without the condition on the epoch there is a
// schedule that loses what was heard.
func TestTheCheckFindsAMutation(t *testing.T) {
	r := explore(t, modelcheck.Options{Ticks: 1, Turns: 1, Careless: true}, 6*time.Second)
	if r.Wrong == "" {
		t.Fatal("nothing is wrong without the condition on the epoch")
	}
	t.Logf("%s:\n%s", r.Wrong, strings.Join(r.Trace, "\n"))
}
