// Package modelcheck explores what can come of the protocol by which workers
// claim, answer, hand over and lose a session: two workers, a Lambda for each
// of two offers, the sweep and a browser take their steps in every order, on
// the store's twin and by the very rules that decide in production; processes
// die between any two writes.
package modelcheck

import (
	"context"
	"errors"
	"fmt"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/store"
	"casey.internal/shared/store/memory"
)

const session interview.SessionID = "s"

// beginning is when every history begins; a tick takes as long as a claim needs
// to grow stale, or a message to be seen again.
var beginning = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

const tick = interview.ClaimStale

// Options say how far to explore.
type Options struct {
	Crashes, Ticks, Sweeps int
	Turns                  int  // that a worker says in one epoch
	Moves                  bool // workers go away
	States                 int  // at most; 0 = all
	// Careless drops the condition on the epoch from every write of an owner: the
	// mutation that the check must find.
	Careless bool
}

// world is one state. It is copied, never shared.
type world struct {
	store   *memory.Store
	opts    *Options
	now     int // ticks
	crashes int
	sweeps  int
	queue   [4]message
	lambdas [2]lambda
	workers [2]worker
	browser browser
	wrong   string // what must never be; empty = nothing
}

// message is a dispatch message; of is 1 + the offer, 0 = there is none.
type message struct{ of, visible, received int }

func newWorld(o *Options) world {
	w := world{store: memory.New(memory.Options{}), opts: o, crashes: o.Crashes, sweeps: o.Sweeps}
	_, err := w.store.Open(context.Background(), store.Opening{Session: session, Connection: "c", ConnectedAt: beginning, At: beginning})
	w.must(err)
	for i := range w.workers {
		w.workers[i] = worker{alive: true, leg: none}
		w.beat(i)
	}
	return w
}

// clone is a copy to take a step in.
func (w *world) clone() world {
	c := *w
	c.store = w.store.Clone()
	return c
}

func (w *world) time() time.Time { return beginning.Add(time.Duration(w.now) * tick) }

// offerAt is when an offer was made: in the order of the offers, whatever the clock.
func offerAt(i int) time.Time { return beginning.Add(time.Duration(i+1) * time.Millisecond) }

func peer(i int) interview.PeerName { return interview.PeerName(fmt.Sprintf("p%d", i)) }

func name(i int) interview.WorkerID { return interview.WorkerID(fmt.Sprintf("w%d", i)) }

func (w *world) beat(i int) {
	w.must(w.store.Beat(context.Background(), interview.Worker{ID: name(i), Slots: 1, Beat: w.time()}))
}

func (w *world) read() *interview.Session {
	s, err := w.store.Session(context.Background(), session)
	w.must(err)
	return s
}

// epoch is the epoch that a write names; a careless one names none.
func (w *world) epoch(e int64) int64 {
	if w.opts.Careless {
		return w.read().Epoch
	}
	return e
}

// must takes errors that only the check itself can cause.
func (w *world) must(err error) {
	if err != nil {
		panic(err)
	}
}

// refused reports whether a write was.
func (w *world) refused(err error) bool {
	if err != nil && !errors.Is(err, store.ErrRefused) {
		panic(err)
	}
	return err != nil
}

func (w *world) send(offer int) {
	for i := range w.queue {
		if w.queue[i].of == 0 {
			w.queue[i] = message{of: offer + 1, visible: w.now}
			return
		}
	}
}
