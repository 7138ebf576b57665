package modelcheck_test

import (
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/verify/modelcheck"
)

// explore reports what an exploration found.
func explore(t *testing.T, o modelcheck.Options) modelcheck.Result {
	t.Helper()
	began := time.Now()
	r := modelcheck.Explore(o)
	t.Logf("%d states, %d steps, %d ends, a word within %d ticks, in %v", r.States, r.Steps, r.Ends, r.Word, time.Since(began).Round(time.Millisecond))
	if r.Wrong != "" {
		t.Logf("%s:\n%s", r.Wrong, strings.Join(r.Trace, "\n"))
	}
	return r
}

// TestNoScheduleIsWrong goes through all of them.
func TestNoScheduleIsWrong(t *testing.T) {
	for name, o := range map[string]modelcheck.Options{
		"claims of slow workers":     {Ticks: 2, Turns: 1},
		"a move":                     {Turns: 2, Moves: true},
		"claims, a move and a crash": {Ticks: 1, Turns: 1, Moves: true, Crashes: 1},
	} {
		t.Run(name, func(t *testing.T) {
			if r := explore(t, o); r.Wrong != "" {
				t.Error(r.Wrong)
			}
		})
	}
}

// TestTheCheckFindsMutations: for each rule that is left out there is a
// schedule that is wrong.
func TestTheCheckFindsMutations(t *testing.T) {
	for m, o := range map[modelcheck.Mutation]modelcheck.Options{
		modelcheck.AnyEpoch:           {Ticks: 1, Turns: 1, Crashes: 1},
		modelcheck.AnyClaim:           {Ticks: 1, Turns: 1},
		modelcheck.AnyHeartbeat:       {Ticks: 1, Crashes: 1},
		modelcheck.UnseenHeartbeat:    {Ticks: 2},
		modelcheck.Unmarked:           {Turns: 1, Crashes: 1},
		modelcheck.EverythingCounts:   {Turns: 1, Crashes: 1},
		modelcheck.SweepLooksOnce:     {Turns: 1, Crashes: 1},
		modelcheck.Unwanted:           {Turns: 1, Crashes: 1},
		modelcheck.OwnerSpeaksOn:      {Turns: 2, Moves: true},
		modelcheck.MessageDeletedSoon: {Turns: 1, Crashes: 1},
	} {
		t.Run(string(m), func(t *testing.T) {
			o.Mutation = m
			if r := explore(t, o); r.Wrong == "" {
				t.Error("nothing is wrong")
			}
		})
	}
}
