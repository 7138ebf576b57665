package recognition

import (
	"cmp"
	"math/rand/v2"
	"time"

	"casey.internal/worker/servicefailure"
)

// Patience has the limits within which recognition is tried again after a failure.
type Patience struct {
	// Pauses before the first, second… attempt; the last is repeated. Each is
	// made up to a quarter longer, so that sessions which failed together do not
	// come back together. Default 0, 200 ms, 500 ms, 1 s, 2 s.
	Pauses []time.Duration
	// Budget is how long recognition may be away; default 30 s.
	Budget time.Duration
	// Refusals is how many refusals in a row are too many; default 2.
	Refusals int
}

// A stream counts as one that worked when it lived this long, with or without a
// result.
const (
	healthy = 10 * time.Second // nobody said anything
	useful  = time.Second
)

// trouble counts failures since recognition worked last.
type trouble struct {
	Patience
	attempts, refusals int
	since              time.Time // when it began; zero = there is none
}

func (p Patience) newTrouble() *trouble {
	if p.Pauses == nil {
		p.Pauses = []time.Duration{0, 200 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second}
	}
	p.Budget = cmp.Or(p.Budget, 30*time.Second)
	p.Refusals = cmp.Or(p.Refusals, 2)
	return &trouble{Patience: p}
}

// nextAttempt takes the end of a stream that began at some time and returns how long to
// wait before the next, or that there shall be none.
func (t *trouble) nextAttempt(err error, worked bool, began time.Time) (wait time.Duration, giveUp bool) {
	now := time.Now()
	if lived := now.Sub(began); lived >= healthy || worked && lived >= useful {
		t.attempts, t.refusals, t.since = 0, 0, time.Time{}
	}
	if t.since.IsZero() {
		t.since = now
	}
	if servicefailure.KindOf(err) == servicefailure.Refused {
		t.refusals++
	}
	wait = t.Pauses[min(t.attempts, len(t.Pauses)-1)]
	if wait > 0 {
		wait += rand.N(wait/4 + 1)
	}
	t.attempts++
	return wait, t.refusals >= t.Refusals || now.Add(wait).Sub(t.since) > t.Budget
}
