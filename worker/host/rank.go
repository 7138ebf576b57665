package host

import (
	"cmp"
	"slices"
	"time"

	"casey.internal/shared/interview"
)

// roomTrusted is for how long a heartbeat vouches for the free slots of its
// worker. The lease is far longer, but what waits must not wait for it: after
// one missed heartbeat the others step in.
const roomTrusted = interview.LeaseBeat + 1500*time.Millisecond

// Needed reports whether a worker should take sessions. Pulling by free slots
// alone would spread the sessions over all workers, and none would ever empty.
// So they rank each other by heartbeat, most sessions first, ties by id, and
// need as many slots as are active, waiting or to be kept warm: a worker beyond
// those that hold as many stops polling until it is needed again. Workers that
// drain or miss a heartbeat have no slot to offer.
func Needed(me interview.Worker, others []interview.Worker, waiting, warm int, now time.Time) bool {
	ranked := []interview.Worker{me}
	need := me.Active + waiting + warm
	for _, w := range others {
		if w.ID != me.ID && !w.Draining && now.Sub(w.Beat) < roomTrusted {
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
