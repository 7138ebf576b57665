package modelcheck

import (
	"context"
	"fmt"
	"hash/maphash"
	"time"

	"casey.internal/lambdas/signaling"
	"casey.internal/shared/interview"
)

const (
	maxWait = time.Hour
	patient = 16 // ticks that pass when nothing else happens
)

// step is something that may happen next.
type step struct {
	name string
	do   func(*world)
}

// Result is what an exploration found.
type Result struct {
	States, Ends int  // different states, and those in which nothing more happens
	Complete     bool // all there are
	Wrong        string
	Trace        []string // the steps to it
}

// node is how a state was reached.
type node struct {
	world  world
	parent *node
	step   string
}

// Explore goes breadth first through the states, to the first that is wrong,
// until there are no more or ctx is done.
func Explore(ctx context.Context, o Options) Result {
	var r Result
	seed := maphash.MakeSeed()
	first := &node{world: newWorld(&o)}
	seen := map[uint64]bool{first.world.key(seed): true}
	for queue := []*node{first}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		r.States++
		if ctx.Err() != nil || o.States > 0 && r.States > o.States {
			return r
		}
		steps := at.world.steps()
		if len(steps) == 0 {
			r.Ends++
			if r.Wrong = at.world.settled(); r.Wrong != "" {
				r.Trace = at.trace()
				return r
			}
		}
		for _, s := range steps {
			next := &node{world: at.world.clone(), parent: at, step: s.name}
			s.do(&next.world)
			key := next.world.key(seed)
			if seen[key] {
				continue
			}
			seen[key] = true
			if r.Wrong = next.world.check(); r.Wrong != "" {
				r.Trace = next.trace()
				return r
			}
			queue = append(queue, next)
		}
		at.world = world{} // only its steps are needed any more
	}
	r.Complete = true
	return r
}

func (n *node) trace() []string {
	if n.parent == nil {
		return nil
	}
	return append(n.parent.trace(), n.step)
}

// key tells states apart.
func (w *world) key(seed maphash.Seed) uint64 {
	s := w.read()
	turns, err := w.store.Turns(context.Background(), session)
	w.must(err)
	at := func(t time.Time) int64 { return int64(t.Sub(beginning)) }
	text := fmt.Appendf(nil, "%v %v %v %v %v %v %v|%v %v %v %v %v %v %v %v %v %v %v %v|", w.now, w.crashes, w.sweeps, w.queue, w.lambdas, w.workers, w.browser,
		s.State, s.Owner, s.Epoch, s.Offer.Peer, s.Heir.Worker, at(s.Heir.At), at(s.Heir.Answered), at(s.Invited), at(s.Dispatched), at(s.ClaimedAt), at(s.AnsweredAt), at(s.ConnectedAt))
	text = fmt.Append(text, s.History)
	for _, t := range turns {
		text = fmt.Append(text, t.Epoch, t.Number)
	}
	return maphash.Bytes(seed, text)
}

// steps is all that may happen in a state.
func (w *world) steps() []step {
	var all []step
	may := func(possible bool, name string, do func(*world)) {
		if possible {
			all = append(all, step{name, do})
		}
	}
	w.browserSteps(may)
	for i := range w.lambdas {
		w.lambdaSteps(may, i)
	}
	for n := range w.workers {
		w.workerSteps(may, n)
	}
	may(w.needsSweep(), "sweep", (*world).sweep)
	quiet := len(all) == 0
	may(w.now < w.opts.Ticks || quiet && w.now < w.opts.Ticks+patient, "tick", (*world).tick)
	if quiet {
		return all
	}
	w.deaths(may)
	return all
}

type offers = func(possible bool, name string, do func(*world))

func (w *world) browserSteps(may offers) {
	b := &w.browser
	may(!b.offered[0], "the browser offers", func(w *world) {
		w.browser.offered[0], w.lambdas[0].step = true, placing
	})
	may(w.leaves(), "the browser offers elsewhere", func(w *world) {
		w.browser.offered[1], w.lambdas[1].step = true, placing
	})
	may(b.connected[0] && !b.cut && !b.offered[1] && w.opts.Crashes > 0, "the peer is cut", func(w *world) { w.browser.cut = true })
	for leg := range b.connected {
		n := w.holder(leg)
		may(n != none && !b.connected[leg] && w.workers[n].stage == posted, fmt.Sprintf("peer %d connects", leg), func(w *world) {
			w.browser.connected[leg] = true
			w.connected(n)
		})
	}
}

func (w *world) lambdaSteps(may offers, i int) {
	l := w.lambdas[i]
	may(l.step > idle && l.step < finished, fmt.Sprintf("Lambda %d does step %d", i, l.step), func(w *world) { w.lambda(i) })
}

func (w *world) workerSteps(may offers, n int) {
	x, other := w.workers[n], w.workers[1-n]
	if !x.alive {
		return
	}
	on := func(possible bool, what string, do func(w *world, n int)) {
		may(possible, fmt.Sprintf("worker %d %s", n, what), func(w *world) { do(w, n) })
	}
	on(x.stage == free && !x.leaving && w.visible(), "receives", (*world).receive)
	on(x.stage > free && x.stage < posted || x.stage == waiting || x.stage == asked || x.stage == passing, fmt.Sprintf("does step %d", x.stage), (*world).work)
	on(x.stage == live && x.turns < w.opts.Turns, "says a turn", (*world).say)
	on(x.stage == live && w.opts.Moves && !x.leaving && !other.leaving && other.alive, "goes away", (*world).move)
	on(x.stage == live && x.wanted > 0, "ends its sentence", func(w *world, n int) { w.workers[n].stage = passing })
	on(x.stage == lost, "forgets the session", (*world).release)
	on(x.stage == live && !w.browser.plays(x.leg) && !w.repeats(x.leg), "misses its browser", (*world).missed)
}

// missed pauses a session whose browser is away.
func (w *world) missed(n int) {
	x := &w.workers[n]
	_, err := w.store.Pause(context.Background(), session, w.epoch(x.epoch), w.time())
	_ = w.refused(err) // somebody else has it
	w.release(n)
}

// deaths are the crashes that are left.
func (w *world) deaths(may offers) {
	for n, x := range w.workers {
		may(w.crashes > 0 && x.alive && x.stage > free, fmt.Sprintf("worker %d dies", n), func(w *world) {
			w.crashes--
			w.workers[n].alive = false
		})
	}
	for i, l := range w.lambdas {
		may(w.crashes > 0 && l.step > idle && l.step < finished, fmt.Sprintf("Lambda %d dies", i), func(w *world) {
			w.crashes--
			w.lambdas[i].step = finished
			if !l.repeated && w.browser.answers[i] == 0 && (i == 1 || !w.browser.offered[1]) {
				w.lambdas[i] = lambda{step: placing, repeated: true} // the gateway says that the message was lost
			}
		})
	}
}

func (w *world) needsSweep() bool {
	s := w.read()
	var owner *interview.Worker
	if s.Owner != "" {
		owner, _ = w.store.Worker(context.Background(), s.Owner) // none = gone
	}
	return signaling.Diagnose(s, owner, maxWait, w.time()) != signaling.Nothing
}

// tick lets time pass, and the living tell that they live.
func (w *world) tick() {
	w.now++
	for n, x := range w.workers {
		if x.alive {
			w.beat(n)
		}
	}
}
