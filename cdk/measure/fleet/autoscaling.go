package fleet

import (
	"math"
	"slices"
	"time"

	"casey.internal/cdk/scaling"
)

// How target tracking on ECS decides, by the alarms that it makes: the load is
// too high for three minutes, or under nine tenths of the target for fifteen.
const (
	highFor = 3
	lowFor  = 15
	lowPart = 0.9
	// again is the interval at which an alarm that stays on repeats its action.
	again = time.Minute
)

// steps is a step scaling policy and its alarm.
type steps struct {
	seen    int // the last value
	on      bool
	invoked time.Duration // last
	changed time.Duration // last
	added   int
}

// watchWaiting and watchDepth are the ends of periods of the two alarms.
func (r *run) watchWaiting() {
	value := r.fast
	r.fast = 0
	r.see(&r.alarm, r.Policy.Steps, value, r.World.FastDelay)
}

func (r *run) watchDepth() {
	r.see(&r.depth, r.Policy.DepthSteps(), len(r.waiting), r.World.SlowDelay)
}

// see lets an alarm have a value after a while.
func (r *run) see(s *steps, policy []scaling.Step, value int, after time.Duration) {
	if value != s.seen || value > 0 {
		r.after(after, func() { r.evaluate(s, policy, value) })
	}
	s.seen = value
}

// evaluate is an alarm getting a value.
func (r *run) evaluate(s *steps, policy []scaling.Step, value int) {
	add := 0
	for _, step := range policy {
		if value >= step.Waiting {
			add = step.Add
		}
	}
	was := s.on
	s.on = add > 0
	if !s.on || was && r.now-s.invoked < again {
		return
	}
	s.invoked = r.now
	if s.added > 0 && r.now-s.changed < r.Policy.StepCooldown {
		add -= s.added // what was added counts
	}
	if add > 0 && r.want(r.desired+add) {
		s.changed, s.added = r.now, add
	}
}

// tracking is the target tracking policy.
type tracking struct {
	loads   []float64     // of the last minutes
	out, in time.Duration // when it last added and removed
	from    int           // how many there were before it last added
}

// pulse is the middle of a minute, when all workers emit.
func (r *run) pulse() {
	active, busy, workers := 0, 0, 0
	for _, w := range r.workers {
		if w.state != starting {
			workers++
			active += w.active
			busy += min(w.active, 1)
		}
	}
	r.after(30*time.Second, func() {
		waiting := r.minute
		r.minute = 0
		load := scaling.Load(float64(active), float64(waiting), float64(busy), float64(workers), float64(r.Options.Warm), float64(r.Options.Slots))
		r.after(r.World.SlowDelay, func() { r.track(load) })
	})
}

// track is target tracking getting the load of one more minute.
func (r *run) track(load float64) {
	t := &r.load
	t.loads = append(t.loads, load)
	t.loads = t.loads[max(0, len(t.loads)-lowFor):]
	target := r.Policy.Target
	switch {
	case t.last(highFor, func(x float64) bool { return x > target }):
		r.trackOut(load / target)
	case t.last(lowFor, func(x float64) bool { return x < lowPart*target }):
		r.trackIn(load / target)
	}
	r.reconcile() // ECS tries all the time
}

// trackOut adds workers. While the cooldown lasts, what was added counts.
func (r *run) trackOut(times float64) {
	t := &r.load
	from := r.desired
	if t.out > 0 && r.now-t.out < r.Policy.OutCooldown {
		from = t.from
	}
	if n := upTo(from, times); n > r.desired && r.want(n) {
		t.out, t.from = r.now, from
	}
}

func (r *run) trackIn(times float64) {
	t := &r.load
	if t.in > 0 && r.now-t.in < r.Policy.InCooldown {
		return
	}
	if n := upTo(r.desired, times); n < r.desired && r.want(n) {
		t.in = r.now
	}
}

// upTo is n times a factor, rounded up but for what floats add.
func upTo(n int, times float64) int { return int(math.Ceil(float64(n)*times - 1e-9)) }

// last reports whether the last n loads are all like that; a minute without
// data is not.
func (t *tracking) last(n int, is func(float64) bool) bool {
	return len(t.loads) >= n && !slices.ContainsFunc(t.loads[len(t.loads)-n:], func(x float64) bool { return !is(x) })
}

// most returns the largest number of workers.
func (r *run) most() int {
	o := r.Options
	return scaling.Most(o.MinTasks, o.MaxTasks, o.Streams, o.Slots)
}
