package conversation

import "time"

// Remembered limits how many of the candidate's own pauses are kept.
const Remembered = 32

// rhythm holds the candidate's pauses within turns.
type rhythm struct {
	pauses  []time.Duration // the newest last
	pending time.Duration   // before a voice that has not been words yet; 0 = none
}

// notePause notes the silence before a voice that began within a turn.
func (r *rhythm) notePause(pause time.Duration) { r.pending = max(0, pause) }

// confirmPause makes the pause before the last voice count: they were going on.
func (r *rhythm) confirmPause() {
	if r.pending == 0 {
		return
	}
	r.pauses = append(r.pauses, r.pending)
	r.pauses = r.pauses[max(0, len(r.pauses)-Remembered):]
	r.pending = 0
}
