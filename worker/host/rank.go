package host

import (
	"cmp"
	"slices"
	"time"

	"casey.internal/shared/interview"
)

// Needed reports whether a worker should take sessions. Pulling by free slots
// alone would spread the sessions over all workers, and none would ever empty.
// So they rank each other by heartbeat, most sessions first, ties by id, and
// need as many slots as are active, waiting or to be kept warm: a worker beyond
// those that hold as many stops polling until it is needed again. Workers that
// drain or whose lease is lost hold sessions, but have no slot to offer.
func Needed(me interview.Worker, others []interview.Worker, waiting, warm int, now time.Time) bool {
	ranked := []interview.Worker{me}
	need := me.Active + waiting + warm
	for _, w := range others {
		if w.ID != me.ID && !w.Draining && now.Sub(w.Beat) < interview.LeaseLost {
			ranked = append(ranked, w)
			need += w.Active
		}
	}
	slices.SortFunc(ranked, func(a, b interview.Worker) int {
		return cmp.Or(cmp.Compare(b.Active, a.Active), cmp.Compare(a.ID, b.ID))
	})
	for _, w := range ranked {
		if w.ID == me.ID {
			break
		}
		need -= w.Slots
	}
	return need > 0
}
