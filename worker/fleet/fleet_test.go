package fleet_test

import (
	"testing"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/worker/fleet"
)

func TestOnlyAsManyWorkersPollAsAreNeeded(t *testing.T) {
	now := time.Unix(1000, 0)
	w := func(id string, active int) interview.Worker {
		return interview.Worker{ID: interview.WorkerID(id), Slots: 10, Active: active, Beat: now}
	}
	draining, lost := w("a", 9), w("a", 9)
	draining.Draining = true
	lost.Beat = now.Add(-interview.LeaseBeat - 2*time.Second)
	for name, c := range map[string]struct {
		me            interview.Worker
		others        []interview.Worker
		waiting, warm int
		want          bool
	}{
		"alone":                                    {w("a", 0), nil, 0, 1, true},
		"alone, nothing to be kept warm":           {w("a", 0), nil, 0, 0, false},
		"both empty, first by id":                  {w("a", 0), []interview.Worker{w("b", 0)}, 0, 1, true},
		"both empty, second by id":                 {w("b", 0), []interview.Worker{w("a", 0)}, 0, 1, false},
		"more sessions come first":                 {w("b", 3), []interview.Worker{w("a", 0)}, 0, 1, true},
		"the other has room":                       {w("a", 0), []interview.Worker{w("b", 9)}, 0, 1, false},
		"the other's last slot is the warm one":    {w("b", 0), []interview.Worker{w("a", 9)}, 0, 2, true},
		"the other is full":                        {w("b", 0), []interview.Worker{w("a", 10)}, 0, 1, true},
		"the waiting need it":                      {w("b", 0), []interview.Worker{w("a", 5)}, 5, 1, true},
		"the waiting fit elsewhere":                {w("b", 0), []interview.Worker{w("a", 5)}, 4, 1, false},
		"its own row is old":                       {w("b", 0), []interview.Worker{w("b", 9), w("a", 1)}, 0, 1, false},
		"one that drains has no slots":             {w("b", 0), []interview.Worker{draining}, 0, 1, true},
		"one that is lost has no slots":            {w("b", 0), []interview.Worker{lost}, 0, 1, true},
		"third, two are enough":                    {w("c", 0), []interview.Worker{w("a", 10), w("b", 3)}, 0, 1, false},
		"third, needed, with sessions of its own":  {w("c", 2), []interview.Worker{w("a", 10), w("b", 8)}, 0, 1, true},
		"third, beyond what they have, holds some": {w("c", 1), []interview.Worker{w("a", 9), w("b", 5)}, 0, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := fleet.Needed(c.me, c.others, c.waiting, c.warm, now); got != c.want {
				t.Errorf("needed = %t", got)
			}
		})
	}
}
