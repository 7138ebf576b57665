package fleet

import (
	"casey.internal/shared/interview"
	"casey.internal/shared/store"
	"casey.internal/worker/fleet"
)

// dispatch lets the workers that poll take what is in the queue: SQS hands a
// message to any of them. Whoever finds himself not needed, full or resting
// looks again after a while.
func (r *run) dispatch() {
	takers := r.takers()
	for len(r.waiting) > 0 && len(takers) > 0 {
		i := r.dice.IntN(len(takers))
		v := r.waiting[0]
		r.waiting = r.waiting[1:]
		r.claim(takers[i], v)
		if r.room(takers[i]) <= 0 {
			takers[i] = takers[len(takers)-1]
			takers = takers[:len(takers)-1]
		}
	}
	if len(r.waiting) > 0 && !r.looking {
		r.looking = true
		r.after(fleet.LookAgain, func() {
			r.looking = false
			r.dispatch()
		})
	}
}

// takers returns the workers that poll: those with room that are needed.
func (r *run) takers() []*worker {
	if len(r.waiting) == 0 {
		return nil
	}
	rows, byID := r.rows()
	if r.now-r.waiting[0].arrived <= interview.Late {
		rows = fleet.Takers(rows, min(r.crowd(), store.MaxAhead), r.Options.Warm)
	}
	var takers []*worker
	for _, row := range rows {
		if w := byID[row.ID]; r.room(w) > 0 {
			takers = append(takers, w)
		}
	}
	return takers
}

// rows are the heartbeats of the workers that take sessions at all.
func (r *run) rows() ([]interview.Worker, map[interview.WorkerID]*worker) {
	byID := make(map[interview.WorkerID]*worker, len(r.workers))
	rows := make([]interview.Worker, 0, len(r.workers))
	for _, w := range r.workers {
		if w.state == running {
			byID[w.row.ID] = w
			rows = append(rows, w.row)
		}
	}
	return rows, byID
}

// room returns the number of sessions that a worker still takes, by what it knows.
func (r *run) room(w *worker) int {
	if w.state != running || r.now < w.rests {
		return 0
	}
	return min(r.Options.Slots-w.active, r.streams(w))
}

// streams returns the number of sessions that a worker still takes for the sake of
// the streams that it was told of; of the other workers it knows what they told
// last.
func (r *run) streams(w *worker) int {
	return fleet.Room(r.Options.Streams, r.told-w.row.Active+w.active, r.Options.Slots)
}

// claim has a worker take an offer: guard, claim, and the interview; or it
// gives the offer back.
func (r *run) claim(w *worker, v *visitor) {
	w.active++
	r.held[v] = true
	r.changed(w)
	switch {
	case !r.guard(w):
		r.results.blocked++
		r.giveBack(w, v)
	case r.Account.Streams > 0 && r.active+r.claims >= r.Account.Streams:
		w.rests = r.now + fleet.RestFor
		r.results.throttled++
		r.giveBack(w, v)
	default:
		r.claims++
		r.after(r.World.Connect, func() { r.begun(w, v) })
	}
}

func (r *run) giveBack(w *worker, v *visitor) {
	r.after(fleet.LookAgain, func() {
		delete(r.held, v)
		r.release(w)
		r.offer(v)
	})
}

func (r *run) begun(w *worker, v *visitor) {
	delete(r.held, v)
	r.claims--
	r.active++
	r.results.served(v, r.now)
	r.after(v.length, func() {
		r.active--
		r.release(w)
		r.dispatch()
	})
}
