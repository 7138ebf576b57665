// Package echo tells a candidate's voice from the interviewer's own, which comes back to the
// microphone while a browser still learns to cancel it.
//
// An echo follows what was sent, within 0.8 s, and none comes of what is not sent. So
// where loud sound was sent for a while and, whatever the delay, the microphone stayed quiet,
// there is no echo to be heard just now; and a voice that is far louder than all that came back
// of it is somebody's. That says nothing while an echo is heard: then a voice may be either.
//
// It needs no samples: what is sent is loud or not by its packets, and the microphone's
// loudness is what browsers write on each of theirs (RFC 6464). There is no clock in here.
package echo

import (
	"sync"
	"time"
)

// Stretches that count, and levels, in dB.
const (
	unit     = 20 * time.Millisecond
	farthest = 40 // units that an echo is late, at most: 640 ms were seen as a browser began to play
	before   = 30 // units before a voice in which an echo would have been heard
	exposed  = 10 // of the units that could be echoing in these have to be loud, and so many to be heard
	ramp     = 3  // units before a voice that are its own beginning, too quiet to be taken for one
	margin   = 12 // dB by which a voice is louder than all that was heard in them
	told     = 5  // units that have to be so loud

	window = 128 // units that are remembered, a power of two
)

// silence is the level of digital silence.
const silence = 127

// Detector follows what is sent to a page and what comes from its microphone. Sent and Heard
// may be called by two goroutines.
type Detector struct {
	mu    sync.Mutex
	epoch time.Time
	sent  [window]sent
	heard [window]heard
}

type sent struct {
	unit int64
	loud bool
}

type heard struct {
	unit  int64
	level uint8 // -dBov
}

// Sent notes that sound of a length goes out; loud says that there is a voice in it.
func (d *Detector) Sent(at time.Time, length time.Duration, loud bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	first := d.number(at)
	for n := first; n == first || n < first+int64(length/unit); n++ {
		d.sent[n%window] = sent{n, loud}
	}
}

// Heard notes the level of a packet of the microphone, in -dBov.
func (d *Detector) Heard(at time.Time, level uint8) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.number(at)
	h := &d.heard[n%window]
	if h.unit == n {
		level = min(level, h.level)
	}
	*h = heard{n, level}
}

// number is the unit in which a time is, from 1.
func (d *Detector) number(at time.Time) int64 {
	if d.epoch.IsZero() {
		d.epoch = at.Add(-window * unit)
	}
	return max(1, int64(at.Sub(d.epoch)/unit))
}

// Apart reports whether a voice that began at a time, and is heard still, is no echo.
func (d *Detector) Apart(since, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	from, to := d.number(since), d.number(now)
	return to-from < window/4 && d.wasExposed(from) && d.isLouder(from, to)
}

// wasExposed reports whether, whatever its delay, an echo would have been heard before a unit.
func (d *Detector) wasExposed(from int64) bool {
	loud := 0
	for n := from - before; n < from; n++ {
		loud += d.loud(n)
	}
	for late := int64(0); loud >= exposed; late++ {
		if late == farthest {
			return true
		}
		loud += d.loud(from-before-late-1) - d.loud(from-late-1)
	}
	return false
}

func (d *Detector) loud(n int64) int {
	if s := d.sent[(n+window)%window]; s.unit == n && s.loud {
		return 1
	}
	return 0
}

// isLouder reports whether a voice is louder than what was heard before it.
func (d *Detector) isLouder(from, to int64) bool {
	loudest, listened, louder := uint8(silence), 0, 0
	for n := from - before; n < from-ramp; n++ {
		if level, ok := d.level(n); ok {
			loudest = min(loudest, level)
			listened++
		}
	}
	for n := from; n <= to; n++ {
		if level, ok := d.level(n); ok && int(level) <= int(loudest)-margin {
			louder++
		}
	}
	return listened >= exposed && louder >= told
}

// level is that of a unit; not ok = no packet came from it.
func (d *Detector) level(n int64) (level uint8, ok bool) {
	h := d.heard[(n+window)%window]
	return h.level, h.unit == n
}
