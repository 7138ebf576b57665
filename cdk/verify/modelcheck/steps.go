package modelcheck

import "casey.internal/lambdas/signaling"

// step is something that may happen next, to the worker, the Lambda or the peer
// of that number.
type step struct {
	name string
	of   int
	do   func(*world, int)
}

// agenda is all that may happen in a state.
type agenda []step

func (a *agenda) may(possible bool, name string, of int, do func(*world, int)) {
	if possible {
		*a = append(*a, step{name, of, do})
	}
}

// steps is all that may happen in a state. Time passes where nobody has
// anything to do, and a little besides.
func (w *world) steps() []step {
	var all agenda
	w.due(&all)
	quiet := len(all) == 0
	switch {
	case !quiet:
		all.may(w.now < w.opts.Ticks, "time passes", 0, (*world).tick)
	default:
		all.may(!w.resting, "time passes", 0, (*world).rest)
	}
	w.maybe(&all)
	return all
}

// due adds the steps that come soon.
func (w *world) due(all *agenda) {
	all.may(!w.browser.offered[0], "the browser makes offer", 0, (*world).makeOffer)
	for leg := range w.lambdas {
		all.may(w.works(leg), lambdaSteps[w.lambdas[leg].step], leg, (*world).lambda)
		n := w.holder(leg)
		all.may(n != none && !w.browser.connected[leg] && w.workers[n].stage == posted, "the browser connects peer", leg, (*world).connect)
	}
	for n, x := range w.workers {
		if !x.alive {
			continue
		}
		all.may(x.stage == free && w.visible() != none, "a message is received by worker", n, (*world).receive)
		all.may(workerSteps[x.stage] != "", workerSteps[x.stage], n, (*world).work)
		all.may(x.stage >= posted && x.message != none, "the message is deleted by worker", n, (*world).delete)
		all.may(x.stage == live && x.wanted, "a sentence is ended by worker", n, (*world).hush)
		all.may(x.stage == live && !w.browser.plays(x.leg) && !w.repeats(x.leg), "its browser is missed by worker", n, (*world).missed)
	}
	all.may(w.sweeper.step > away || w.diagnose() != signaling.Nothing, sweepSteps[w.sweeper.step], w.sweeper.step, (*world).sweep)
}

// maybe adds the steps that may come or not.
func (w *world) maybe(all *agenda) {
	all.may(w.leaves(), "the browser makes offer", 1, (*world).makeOffer)
	b := &w.browser
	all.may(b.connected[0] && !b.cut && !b.offered[1] && w.opts.Crashes > 0, "the network is lost by peer", 0, (*world).cut)
	for n, x := range w.workers {
		other := w.workers[1-n]
		all.may(x.alive && x.stage == live && x.turns < w.opts.Turns, "a turn is said by worker", n, (*world).say)
		all.may(w.opts.Moves && x.alive && x.stage == live && !x.leaving && !other.leaving && other.alive, "it goes away: worker", n, (*world).move)
	}
	if w.crashes == 0 {
		return
	}
	for n, x := range w.workers {
		all.may(x.alive && x.stage > free, "it dies: worker", n, (*world).workerDies)
		all.may(w.works(n), "it dies: Lambda", n, (*world).lambdaDies)
	}
	all.may(w.sweeper.step > away, "it dies: sweep", 0, (*world).sweepDies)
}

// rest lets time pass until somebody has something to do.
func (w *world) rest(int) {
	for range patient {
		w.tick(0)
		var all agenda
		if w.due(&all); len(all) > 0 {
			return
		}
	}
	w.resting = true
}

var lambdaSteps = [...]string{placing: "the offer is placed by Lambda", sending: "a message is sent by Lambda", marking: "that is noted by Lambda", finished: ""}

var workerSteps = [...]string{
	received: "the session is judged by worker", taking: "it is claimed or reserved by worker",
	telling: "the end is told by worker", ending: "the end is noted by worker",
	answering: "the answer is marked by worker", answered: "the answer is posted by worker",
	waiting: "the owner is asked by worker", asked: "the session is inherited by worker",
	passing: "the session is passed on by worker",
}

var sweepSteps = [...]string{away: "the sweep looks", looking: "the sweep looks again", repairing: "the sweep repairs", putBack: "the sweep sends a message", sent: "the sweep notes that"}
