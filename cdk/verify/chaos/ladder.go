package chaos

import (
	"time"

	"casey.internal/shared/retry"
)

// ladder is a client's progress in restoring what is lost: the tries of the
// page's own plan, one after the other.
type ladder struct {
	plan     retry.Plan
	aim      retry.Aim   // empty = nothing is to be restored
	tries    int         // made
	answered bool        // the last of them
	waiting  bool        // the last of them has a place in the queue
	alarm    *time.Timer // a try, or the old peer after a move, has had its time
	stutter  *time.Timer // so has a connection that was interrupted
}

func newLadder(plan retry.Plan) ladder {
	l := ladder{plan: plan, alarm: time.NewTimer(time.Hour), stutter: time.NewTimer(time.Hour)}
	l.done()
	return l
}

// done ends the climb.
func (l *ladder) done() {
	l.aim, l.tries, l.answered, l.waiting = "", 0, false, false
	l.alarm.Stop()
	l.stutter.Stop()
}

// restoring reports whether a connection that was lost is being restored.
func (l *ladder) restoring() bool { return l.aim == retry.Restart || l.aim == retry.Resume }

// begin starts to climb.
func (l *ladder) begin(aim retry.Aim) { l.aim, l.tries = aim, 0 }

// next returns the next try and sets the alarm to the end of its time. It
// reports false when none is left.
func (l *ladder) next() (retry.Step, bool) {
	steps := l.plan.Offers[l.aim]
	if l.tries >= len(steps) {
		return retry.Step{}, false
	}
	step := steps[l.tries]
	l.tries++
	l.answered, l.waiting = false, false
	l.alarm.Reset(step.Wait.Duration())
	return step, true
}

// step is the try that was made last. It reports false when none is under way.
func (l *ladder) step() (retry.Step, bool) {
	if l.aim == "" || l.tries == 0 {
		return retry.Step{}, false
	}
	return l.plan.Offers[l.aim][l.tries-1], true
}

// wait stops the clock: a place in the queue is an answer for now.
func (l *ladder) wait() {
	l.waiting = true
	l.alarm.Stop()
}

// resume has the clock of a try that waited run again.
func (l *ladder) resume(step retry.Step) {
	l.waiting = false
	l.alarm.Reset(step.Wait.Duration())
}

// answer gives the try that was answered its time to be connected.
func (l *ladder) answer() {
	l.answered = true
	l.alarm.Reset(l.plan.Media.Duration())
}

// patience returns the time that a connection may be in a state until it is
// restored; 0 = for ever.
func (l *ladder) patience(state string) time.Duration {
	switch state {
	case "disconnected":
		return l.plan.Disconnected.Duration()
	case "failed", "closed":
		return l.plan.Failed.Duration()
	}
	return 0
}

// reopenAfter returns the wait before a socket that closed so often in a row is
// opened again.
func (l *ladder) reopenAfter(failures int) time.Duration {
	r := l.plan.Reopen
	return min(r.Longest.Duration(), r.First.Duration()<<min(failures-1, 10))
}
