package fleet

import (
	"context"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"casey.internal/cdk/scaling"
	"casey.internal/lambdas/signaling"
	"casey.internal/shared/interview"
	"casey.internal/shared/store"
)

// run is one scenario being played. All of it happens on one goroutine.
type run struct {
	clock
	Scenario
	people *rand.Rand // who comes: the same whatever the fleet does
	dice   *rand.Rand // everything else

	waiting []*visitor        // their offers are visible in the dispatch queue
	held    map[*visitor]bool // their offers are in a worker's hands
	claims  int               // of those, the ones that will be claimed
	active  int               // interviews
	told    int               // what the workers told of last
	looking bool              // a next look at the queue is planned

	workers []*worker // those that exist, in the order in which they were ordered
	ordered int       // workers that ever were
	desired int
	guarded int     // workers that are protected
	launch  float64 // what is in Fargate's bucket of launches
	filled  time.Duration

	depth   steps
	alarm   steps
	load    tracking
	fast    int // the most who waited, of the current period of the alarm
	minute  int // and of the current minute
	results *tally
}

// visitor is somebody who wants an interview.
type visitor struct {
	arrived time.Duration
	length  time.Duration
	counted bool
}

// Run plays a scenario. The same scenario has the same result. The error is
// ctx's.
func Run(ctx context.Context, s Scenario) (Result, error) {
	r := newRun(s)
	r.until(s.For, func() bool { return ctx.Err() == nil })
	if ctx.Err() != nil {
		return Result{}, context.Cause(ctx)
	}
	return r.results.finish(r), nil
}

func newRun(s Scenario) *run {
	r := &run{
		Scenario: s, people: rand.New(rand.NewPCG(s.Seed, 0)), dice: rand.New(rand.NewPCG(s.Seed, 1)),
		held: map[*visitor]bool{}, desired: s.Options.MinTasks, launch: s.World.Burst, results: newTally(s),
	}
	r.order(r.desired)
	for _, w := range r.workers {
		r.ready(w) // it runs for long
	}
	r.begin()
	return r
}

// begin plans what happens by itself.
func (r *run) begin() {
	r.arriveNext()
	r.after(scaling.SweepEvery, func() { r.every(scaling.SweepEvery, r.sweep) })
	r.after(r.Policy.WaitingEvery, func() { r.every(r.Policy.WaitingEvery, r.watchWaiting) })
	r.after(r.Policy.DepthEvery, func() { r.every(r.Policy.DepthEvery, r.watchDepth) })
	r.after(30*time.Second, func() { r.every(time.Minute, r.pulse) })
	r.every(sampleEvery, func() { r.results.sample(r) })
}

// arriveNext plans the next arrival: a Poisson process whose rate changes, by
// thinning one of the highest rate.
func (r *run) arriveNext() {
	if r.Most <= 0 {
		return
	}
	gap := time.Duration(r.people.ExpFloat64() / r.Most * float64(time.Hour))
	r.after(gap, func() {
		if r.people.Float64()*r.Most < r.Rate(r.now) {
			r.arrive()
		}
		r.arriveNext()
	})
}

func (r *run) arrive() {
	spread := float64(r.World.Longest - r.World.Shortest)
	v := &visitor{arrived: r.now, length: r.World.Shortest + time.Duration(r.people.Float64()*spread), counted: r.now >= r.Lead}
	r.results.arrived(v)
	r.offer(v)
	r.tellPlace(v)
}

// offer makes an offer visible in the queue.
func (r *run) offer(v *visitor) {
	r.waiting = append(r.waiting, v)
	r.dispatch()
}

// sweep is one pass of the sweep: it counts who waits and ends what has waited
// too long.
func (r *run) sweep() {
	overdue := 0
	for v := range r.unserved() {
		if signaling.Overdue(offered(v), date(r.now)) {
			overdue++
		}
	}
	r.saw(overdue)
	left := r.waiting[:0]
	for _, v := range r.waiting {
		if signaling.Diagnose(offered(v), nil, r.Options.MaxWait, date(r.now)) == signaling.EndFull {
			r.results.refused(v)
			continue
		}
		left = append(left, v)
	}
	r.waiting = left
}

// unserved are those whose session is in the state waiting.
func (r *run) unserved() iter.Seq[*visitor] {
	return func(yield func(*visitor) bool) {
		for _, v := range r.waiting {
			if !yield(v) {
				return
			}
		}
		for v := range r.held {
			if !yield(v) {
				return
			}
		}
	}
}

// crowd returns the number of sessions, waiting and held.
func (r *run) crowd() int { return len(r.waiting) + len(r.held) }

// tellPlace is the message function telling somebody his place in the queue,
// when those before him fill all free slots.
func (r *run) tellPlace(v *visitor) {
	free := 0
	for _, w := range r.workers {
		if row := w.row; w.state == running {
			row.Beat = date(r.now) // it goes on beating, whatever changed last
			free += row.Free(row.Beat)
		}
	}
	ahead := min(r.crowd()-1, store.MaxAhead)
	if slices.Contains(r.waiting, v) && free <= ahead {
		r.saw(ahead + 1)
	}
}

// saw emits the metric Waiting.
func (r *run) saw(waiting int) {
	r.fast = max(r.fast, waiting)
	r.minute = max(r.minute, waiting)
}

// offered is a visitor's record while nobody has claimed it.
func offered(v *visitor) *interview.Session {
	at := date(v.arrived)
	return &interview.Session{State: interview.Waiting, WaitingFrom: at, Dispatched: at, Offer: interview.Offer{At: at}}
}

// date is a time of the virtual clock as the code of casey wants it.
func date(at time.Duration) time.Time { return time.Unix(0, 0).UTC().Add(at) }
