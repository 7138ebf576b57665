// Package fleet is what workers agree on without talking to each other: who of
// them takes sessions, how many, and when one looks again. It is pure: host
// keeps to it in each worker, and the simulation of a whole fleet does too.
package fleet

import (
	"cmp"
	"slices"
	"time"

	"casey.internal/shared/interview"
)

// The times that workers keep.
const (
	LookAgain    = time.Second     // a worker that is full or not needed asks again after this
	BeatGap      = time.Second     // between two heartbeats at least
	RestFor      = 3 * time.Second // a worker that could not answer takes nothing for this long
	GuardedAfter = 2 * time.Minute // without a session before the guard is given back
	// RoomTrusted is for how long a heartbeat vouches for the free slots of its
	// worker. The lease is far longer, but what waits must not wait for it: after
	// one missed heartbeat the others step in.
	RoomTrusted = interview.LeaseBeat + 1500*time.Millisecond
)

// Needed reports whether a worker should take sessions, by the heartbeats of
// the others. Workers that drain or miss a heartbeat have no slot to offer.
func Needed(me interview.Worker, others []interview.Worker, waiting, warm int, now time.Time) bool {
	workers := []interview.Worker{me}
	for _, w := range others {
		if w.ID != me.ID && !w.Draining && now.Sub(w.Beat) < RoomTrusted {
			workers = append(workers, w)
		}
	}
	return slices.ContainsFunc(Takers(workers, waiting, warm), func(w interview.Worker) bool { return w.ID == me.ID })
}

// Takers returns those of the workers that should take sessions. Pulling by
// free slots alone would spread the sessions over all workers, and none would
// ever empty. So they are ranked, most sessions first, ties by id, and as many
// of them are needed as hold what is active, waiting or to be kept warm. The
// workers are sorted in place.
func Takers(workers []interview.Worker, waiting, warm int) []interview.Worker {
	need := waiting + warm
	for _, w := range workers {
		need += w.Active
	}
	slices.SortFunc(workers, func(a, b interview.Worker) int {
		return cmp.Or(cmp.Compare(b.Active, a.Active), cmp.Compare(a.ID, b.ID))
	})
	for i, w := range workers {
		if need <= 0 {
			return workers[:i]
		}
		need -= w.Slots
	}
	return workers
}

// Room returns how many more sessions a worker may take for the sake of the
// account's streams of recognition, of which all workers together hold so many;
// it is negative when they hold too many. 0 streams = any number, which is the
// worker's slots.
func Room(streams, held, slots int) int {
	if streams == 0 {
		return slots
	}
	return streams - held
}

// Offered returns the slots that a worker's heartbeat tells of: those it fills,
// and those that there is room for.
func Offered(slots, active, room int) int { return min(slots, active+max(0, room)) }
