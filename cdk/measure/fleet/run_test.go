package fleet

import (
	"context"
	"errors"
	"math"
	"reflect"
	"testing"
	"time"

	"casey.internal/cdk/options"
	"casey.internal/worker/fleet"
)

// exact is a scenario without chance: nobody comes but whom the test sends,
// interviews last half an hour, tasks start in half a minute.
func exact(change func(*options.Options)) Scenario {
	o := options.Defaults()
	o.Streams, o.Warm, o.MaxWait = 0, 0, time.Hour
	change(&o)
	s := New("exact", "", o, nil, 0)
	s.World = World{
		StartLeast: 30 * time.Second, StartMost: 30 * time.Second, FastDelay: 10 * time.Second, SlowDelay: time.Minute,
		Burst: 100, Sustained: 20, Shortest: 30 * time.Minute, Longest: 30 * time.Minute,
	}
	s.Account = Account{Speech: math.Inf(1)}
	return s
}

// send lets people arrive at these times, plays until end and returns what came
// of it.
func (r *run) send(end time.Duration, arrivals ...time.Duration) Result {
	for _, at := range arrivals {
		r.after(at-r.now, r.arrive)
	}
	r.until(end, func() bool { return true })
	return r.results.finish(r)
}

func TestTheNextOneGetsTheSlotThatBecomesFree(t *testing.T) {
	r := newRun(exact(func(o *options.Options) { o.Slots, o.MaxTasks = 1, 1 }))
	got := r.send(2*time.Hour, 0, time.Minute)
	if got.Served != 2 || r.results.waits[0] != 0 || r.results.waits[1] != 29*time.Minute {
		t.Errorf("waited %v", r.results.waits)
	}
}

func TestAWaitThatIsTooLongEnds(t *testing.T) {
	r := newRun(exact(func(o *options.Options) { o.Slots, o.MaxTasks, o.MaxWait = 1, 1, 4*time.Minute }))
	got := r.send(time.Hour, 0, time.Minute, 28*time.Minute)
	if got.Served != 2 || got.Refused != 1 || got.WaitP99 != (2*time.Minute).Seconds() {
		t.Errorf("%d served, %d refused, waited %v", got.Served, got.Refused, r.results.waits)
	}
}

// TestWhoWaitsGetsAWorker: who comes at 61 s is seen in the period that ends at
// 70 s, the alarm has it at 80 s, the worker is there at 110 s.
func TestWhoWaitsGetsAWorker(t *testing.T) {
	r := newRun(exact(func(o *options.Options) { o.Slots, o.MaxTasks = 1, 5 }))
	r.send(3*time.Minute, 0, 61*time.Second)
	if len(r.results.waits) != 2 || r.results.waits[1] != 49*time.Second || len(r.workers) != 2 {
		t.Errorf("waited %v, %d workers", r.results.waits, len(r.workers))
	}
}

// TestTheLoadIsFollowed: six sessions and five warm slots need two workers of
// ten. The minutes are known at 120, 180 and 240 s, and the third decides.
func TestTheLoadIsFollowed(t *testing.T) {
	r := newRun(exact(func(o *options.Options) { o.Slots, o.Warm, o.MaxTasks = 10, 5, 9 }))
	r.send(240*time.Second, 0, 1, 2, 3, 4, 5)
	if r.desired != 1 {
		t.Errorf("%d are wanted before the third minute is known", r.desired)
	}
	r.send(20*time.Minute, nil...)
	if r.desired != 2 || len(r.workers) != 2 {
		t.Errorf("%d are wanted, %d there", r.desired, len(r.workers))
	}
}

// TestWhoIsIdleGoesAndWhoTalksStays: the second worker is needed for one
// interview; it goes when that is over, not before, and no sooner than after
// fifteen quiet minutes.
func TestWhoIsIdleGoesAndWhoTalksStays(t *testing.T) {
	r := newRun(exact(func(o *options.Options) { o.Slots, o.MaxTasks = 1, 2 }))
	r.send(30*time.Minute+1, 0, time.Minute)
	if r.active != 1 || len(r.workers) != 2 {
		t.Errorf("%d interviews in %d workers", r.active, len(r.workers))
	}
	r.send(45*time.Minute, nil...)
	if len(r.workers) != 2 {
		t.Error("a worker went within fifteen minutes")
	}
	got := r.send(time.Hour, nil...)
	if len(r.workers) != 1 || got.Killed != 0 || r.guarded != 0 {
		t.Errorf("%d workers stayed, %d guarded, %d interviews were killed", len(r.workers), r.guarded, got.Killed)
	}
}

func TestSessionsArePacked(t *testing.T) {
	r := newRun(exact(func(o *options.Options) { o.Slots, o.Warm, o.MinTasks, o.MaxTasks = 10, 1, 3, 3 }))
	r.send(20*time.Minute, 1*time.Minute, 2*time.Minute, 3*time.Minute, 4*time.Minute)
	busy := 0
	for _, w := range r.workers {
		busy += min(1, w.active)
	}
	if busy != 1 || r.active != 4 {
		t.Errorf("%d interviews are in %d workers", r.active, busy)
	}
}

func TestMoreMayNotBeProtectedThanThereAreToBe(t *testing.T) {
	r := newRun(exact(func(o *options.Options) { o.Slots, o.MinTasks, o.MaxTasks = 1, 2, 2 }))
	r.desired = 1
	if !r.guard(r.workers[0]) || r.guard(r.workers[1]) || !r.guard(r.workers[0]) {
		t.Error("protection is not as ECS gives it")
	}
}

func TestStreamsAreShared(t *testing.T) {
	told := func(told, account int) Result {
		s := exact(func(o *options.Options) { o.Slots, o.MinTasks, o.MaxTasks, o.Streams = 5, 2, 2, told })
		s.Account.Streams = account
		return newRun(s).send(time.Hour, 0, time.Minute, 2*time.Minute)
	}
	if got := told(2, 2); got.Throttled != 0 || got.Served != 3 || got.WaitP99 != 0 || got.MostActive != 2 {
		t.Errorf("told: %+v", got)
	}
	if got := told(0, 2); got.Throttled == 0 || got.Served != 3 || got.MostActive != 2 {
		t.Errorf("not told: %+v", got)
	}
}

func TestFargatesQuotasHold(t *testing.T) {
	s := exact(func(o *options.Options) { o.MaxTasks = 500 })
	r := newRun(s)
	r.want(500)
	if len(r.workers) != 100 {
		t.Errorf("%d started at once", len(r.workers))
	}
	r.send(10*time.Minute, nil...)
	if len(r.workers) != 500 {
		t.Errorf("%d started in ten minutes", len(r.workers))
	}
	s.Account.VCPU = 6
	r = newRun(s)
	r.want(50)
	if r.send(10*time.Minute, nil...).MostWorkers != 6 {
		t.Errorf("%d workers of one vCPU have 6", len(r.workers))
	}
}

// crowds are scenarios in which much happens.
func crowds() []Scenario {
	all := Standard()
	all = all[:len(all)-1] // without the long day
	for seed := range uint64(6) {
		w := Usual()
		o, account := Raised(60, options.Defaults())
		o.Slots = 1 + int(seed)
		s := New("", "", o, Burst(Steady(5, w), time.Hour), 10*Hourly(5, w))
		s.Account, s.Seed = account, seed
		s.Policy.InCooldown = time.Second // it comes and goes as fast as can be
		all = append(all, s)
	}
	return all
}

func TestNobodyIsForgottenKilledOrSqueezedIn(t *testing.T) {
	for i, s := range crowds() {
		got, err := Run(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if got.Arrived == 0 || got.Arrived != got.Served+got.Refused+got.Waiting {
			t.Errorf("%d: %d arrived, %d served, %d refused, %d wait", i, got.Arrived, got.Served, got.Refused, got.Waiting)
		}
		if got.Killed > 0 || got.OverSlots > 0 {
			t.Errorf("%d: %d killed, %d over the slots", i, got.Killed, got.OverSlots)
		}
		if got.TaskHours < got.IdealHours*0.99 && got.Refused == 0 {
			t.Errorf("%d: %.2f task-hours, fewer than the ideal %.2f", i, got.TaskHours, got.IdealHours)
		}
	}
}

// TestMoreWorkersNeverWaitLonger: with a fleet of a fixed size. A worker that
// finds itself needed does so within fleet.LookAgain.
func TestMoreWorkersNeverWaitLonger(t *testing.T) {
	for seed := range uint64(5) {
		last := Result{WaitP50: math.Inf(1), WaitP95: math.Inf(1), WaitP99: math.Inf(1)}
		for workers := 1; workers <= 6; workers++ {
			w := Usual()
			o := options.Defaults()
			o.Streams, o.Slots, o.MinTasks, o.MaxTasks, o.MaxWait = 0, 3, workers, workers, time.Hour
			s := New("", "", o, Steady(8, w), Hourly(8, w))
			s.Seed, s.For = seed, 24*time.Hour
			got, err := Run(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			slack := fleet.LookAgain.Seconds()
			if got.WaitP50 > last.WaitP50+slack || got.WaitP95 > last.WaitP95+slack || got.WaitP99 > last.WaitP99+slack {
				t.Errorf("seed %d: %d workers wait %v, %v, %v s; one less %v, %v, %v", seed, workers,
					got.WaitP50, got.WaitP95, got.WaitP99, last.WaitP50, last.WaitP95, last.WaitP99)
			}
			last = got
		}
	}
}

func TestTheSameSeedHasTheSameResult(t *testing.T) {
	s := crowds()[3]
	var results []Result
	for _, seed := range []uint64{7, 7, 8} {
		s.Seed = seed
		got, err := Run(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, got)
	}
	if !reflect.DeepEqual(results[0], results[1]) {
		t.Error("the same seed has another result")
	}
	if reflect.DeepEqual(results[0], results[2]) {
		t.Error("another seed has the same result")
	}
}

func TestItCanBeStopped(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	cancel(enough)
	if _, err := RunAll(ctx, Standard()); !errors.Is(err, enough) {
		t.Errorf("%v", err)
	}
}
