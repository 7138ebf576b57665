package conversation

import "time"

// Remembered is how many of the candidate's own pauses are kept.
const Remembered = 32

// rhythm is how the candidate pauses within turns.
type rhythm struct {
	pauses  []time.Duration // the newest last
	pending time.Duration   // before a voice that has not been words yet; 0 = none
}

// voice takes note of a voice that began after a silence within a turn.
func (r *rhythm) voice(pause time.Duration) { r.pending = max(0, pause) }

// words makes the pause before the last voice count: they were going on.
func (r *rhythm) words() {
	if r.pending == 0 {
		return
	}
	r.pauses = append(r.pauses, r.pending)
	r.pauses = r.pauses[max(0, len(r.pauses)-Remembered):]
	r.pending = 0
}
