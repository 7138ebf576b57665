package fleet

import (
	"fmt"
	"math"
	"slices"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/worker/fleet"
)

// state is the phase of a worker's life.
type state int

const (
	starting state = iota
	running
	stopping
)

// worker is one task of ECS and the worker in it.
type worker struct {
	row      interview.Worker // its heartbeat, as the others know it
	state    state
	born     time.Duration
	active   int // slots taken
	guarded  bool
	idle     time.Duration // since when no slot is taken
	rests    time.Duration // until when it takes nothing
	beat     time.Duration // its last heartbeat
	beatSoon bool
}

// order has ECS start so many more tasks, as far as Fargate does.
func (r *run) order(n int) {
	r.launch = min(r.World.Burst, r.launch+(r.now-r.filled).Seconds()*r.World.Sustained)
	r.filled = r.now
	for ; n > 0 && r.launch >= 1 && r.fits(); n-- {
		r.launch--
		r.ordered++
		// Ids are random in life: not in the order of birth.
		id := fmt.Sprintf("%08x-%d", r.dice.Uint32(), r.ordered)
		w := &worker{born: r.now, row: interview.Worker{ID: interview.WorkerID(id), Slots: r.Options.Slots}}
		r.workers = append(r.workers, w)
		start := r.World.StartLeast + time.Duration(r.dice.Float64()*float64(r.World.StartMost-r.World.StartLeast))
		r.after(start, func() { r.ready(w) })
	}
}

// fits reports whether one more task is within the account's vCPUs.
func (r *run) fits() bool {
	return r.Account.VCPU == 0 || (len(r.workers)+1)*r.Options.CPU <= r.Account.VCPU*1024
}

func (r *run) ready(w *worker) {
	if w.state != starting {
		return
	}
	w.state = running
	w.idle = r.now
	r.heartbeat(w)
	r.dispatch()
}

// changed has a worker's heartbeat written soon.
func (r *run) changed(w *worker) {
	if w.beatSoon {
		return
	}
	w.beatSoon = true
	r.after(max(0, w.beat+fleet.BeatGap-r.now), func() {
		w.beatSoon = false
		r.heartbeat(w)
	})
}

func (r *run) heartbeat(w *worker) {
	if w.state != running {
		return
	}
	w.beat = r.now
	r.told += w.active - w.row.Active
	w.row.Active = w.active
	w.row.Slots = fleet.Offered(r.Options.Slots, w.active, r.streams(w))
	if r.now < w.rests {
		w.row.Slots = w.active
	}
}

// guard asks ECS to protect a task. It refuses when more would be protected
// than there are to be (DEPLOYMENT_BLOCKED).
func (r *run) guard(w *worker) bool {
	if w.guarded {
		return true
	}
	if r.guarded >= r.desired {
		return false
	}
	w.guarded = true
	r.guarded++
	return true
}

// release gives a slot back, and after a while without a session the guard.
func (r *run) release(w *worker) {
	w.active--
	r.changed(w)
	if w.active > 0 {
		return
	}
	w.idle = r.now
	r.after(fleet.GuardedAfter, func() {
		if w.guarded && w.active == 0 && r.now-w.idle >= fleet.GuardedAfter {
			w.guarded = false
			r.guarded--
			r.reconcile()
		}
	})
}

// want sets how many workers there are to be, within the limits.
func (r *run) want(n int) bool {
	n = min(max(n, r.Options.MinTasks), r.most())
	changed := n != r.desired
	r.desired = n
	r.reconcile()
	return changed
}

// reconcile is ECS making it so: it starts what is missing and stops what is
// too much and not protected.
func (r *run) reconcile() {
	exist := 0
	for _, w := range r.workers {
		if w.state != stopping {
			exist++
		}
	}
	r.order(r.desired - exist)
	for _, i := range r.dice.Perm(len(r.workers)) {
		if w := r.workers[i]; exist > r.desired && w.state != stopping && !w.guarded {
			exist--
			r.stop(w)
		}
	}
}

func (r *run) stop(w *worker) {
	r.results.killed += w.active
	if w.state == running {
		r.told -= w.row.Active
	}
	w.state = stopping
	r.after(r.World.Stop, func() {
		r.results.gone(w, r.now)
		r.workers = slices.DeleteFunc(r.workers, func(x *worker) bool { return x == w })
	})
}

// ceil is the number of workers for so many sessions.
func ceil(sessions, slots int) float64 { return math.Ceil(float64(sessions) / float64(slots)) }
