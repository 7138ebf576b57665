// Package modelcheck explores what can come of the protocol by which workers
// claim, answer, hand over and lose a session: two workers, a Lambda for each
// of two offers, the sweep and a browser take their steps in every order;
// processes die between any two writes.
//
// What decides is production's own: interview.Place, interview.Judge and
// signaling.Diagnose, on the store's twin, which enforces what DynamoDB's
// conditions do. Modelled here again, each in a file named for it, are the
// order of the steps between two decisions (host's and session's in worker.go
// and successor.go, signaling's in lambda.go, the sweep's in sweep.go), the
// dispatch queue, and the browser. An inbox loses nothing and takes no time,
// and a successor never says its answer twice.
package modelcheck

import (
	"time"

	"casey.internal/shared/interview"
)

// beginning is the time at which every history begins; a tick takes as long as
// a claim needs to grow stale, or a message to be seen again.
var beginning = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

const tick = interview.ClaimStale

// Options say how far to explore.
type Options struct {
	Crashes  int
	Ticks    int  // that may pass while somebody still has something to do
	Turns    int  // that a worker says in one epoch
	Moves    bool // workers go away
	Mutation Mutation
}

// Mutation is a rule that is left out, which the check must notice.
type Mutation string

// The mutations.
const (
	Unchanged          Mutation = ""
	AnyEpoch           Mutation = "an owner's write does not name its epoch"
	AnyClaim           Mutation = "a claim is never refused"
	AnyHeartbeat       Mutation = "a heartbeat vouches for an answer before it is posted"
	UnseenHeartbeat    Mutation = "the owner's heartbeat is not looked at before a session is given up"
	Unmarked           Mutation = "a claim leaves no watermark of the turns before it"
	EverythingCounts   Mutation = "turns count beyond their watermark"
	SweepLooksOnce     Mutation = "the sweep does not look again before it repairs"
	Unwanted           Mutation = "an offer does not say that it wants to go elsewhere"
	OwnerSpeaksOn      Mutation = "an owner speaks on once it has passed the session on"
	MessageDeletedSoon Mutation = "a dispatch message is deleted before its answer is posted"
)

// world is one state. It is copied, never shared.
type world struct {
	table
	opts    *Options
	now     int // ticks
	taken   int // steps, each a little later than the one before
	crashes int // that are left
	resting bool
	queue   [6]message
	lambdas [2]lambda
	workers [2]worker
	sweeper sweeper
	browser browser
	stored  turn   // the last of the newest epoch that has any
	wrong   string // what must never be; empty = nothing
}

// message is a dispatch message; of is 1 + the offer, 0 = there is none.
type message struct{ of, visible int }

func newWorld(o *Options) world {
	w := world{table: newTable(), opts: o, crashes: o.Crashes}
	for i := range w.workers {
		w.workers[i] = worker{alive: true, leg: none, message: none, beat: w.time()}
	}
	return w
}

// clone is a copy to take a step in.
func (w *world) clone() world {
	c := *w
	c.shared = true
	c.taken++
	return c
}

func (w *world) mutated(m Mutation) bool { return w.opts.Mutation == m }

// time is now; no two steps are taken at the same.
func (w *world) time() time.Time {
	return beginning.Add(time.Duration(w.now)*tick + time.Duration(w.taken)*time.Microsecond)
}

// age is for how many ticks something has been so.
func (w *world) age(since time.Time) int { return int(w.time().Sub(since) / tick) }

// offerAt returns the time at which an offer was made: in the order of the
// offers, whatever the clock.
func offerAt(i int) time.Time { return beginning.Add(time.Duration(i+1) * time.Nanosecond) }

func peer(i int) interview.PeerName { return [...]interview.PeerName{"p0", "p1"}[i] }

func name(i int) interview.WorkerID { return [...]interview.WorkerID{"w0", "w1"}[i] }

// epoch is the epoch that an owner's write names.
func (w *world) epoch(e int64) int64 {
	if w.mutated(AnyEpoch) {
		return w.read().Epoch
	}
	return e
}

// owner is the heartbeat of the session's owner; nil = it has none.
func (w *world) owner() *interview.Worker {
	for n := range w.workers {
		if name(n) == w.read().Owner {
			return &interview.Worker{ID: name(n), Slots: 1, Beat: w.workers[n].beat}
		}
	}
	return nil
}

func (w *world) send(offer int) {
	for i := range w.queue {
		if w.queue[i].of == 0 {
			w.queue[i] = message{of: offer + 1, visible: w.now}
			return
		}
	}
	panic("modelcheck: the queue is too short")
}

// forget deletes a message, whoever has received it.
func (w *world) forget(i int) {
	if i == none {
		return
	}
	w.queue[i] = message{}
	for n := range w.workers {
		if w.workers[n].message == i {
			w.workers[n].message = none
		}
	}
}
