// Package echo tells a candidate's voice from the interviewer's own, which comes back to the
// microphone while a browser still learns to cancel it.
//
// An echo is, wave for wave, what was sent a moment ago; somebody's voice is like nothing that
// was. So when a voice has been heard for a tenth of a second, its sound is compared with all
// that was sent in the second before. That tells them apart from the first word on, however
// loud the echo is, and whether there is one at all.
//
// Packets are decoded only when there is a voice to judge, and not kept for longer than a
// browser has something to learn. There is no clock in here.
package echo

import (
	"sync"
	"sync/atomic"
	"time"

	"casey.internal/worker/opus"
)

// Stretches of time.
const (
	farthest = 800 * time.Millisecond // that an echo is late, at most: 640 ms were seen as a browser began to play
	least    = 100 * time.Millisecond // of a voice that are compared
	enough   = 180 * time.Millisecond // before it is somebody's: what a browser leaves of an echo is mostly shorter
	most     = 260 * time.Millisecond // and no more: a player that catches up shifts a longer echo within itself
	settling = 80 * time.Millisecond  // of sound before it that a decoder needs to come to its senses
	pause    = 80 * time.Millisecond  // of quiet after which what is loud may be somebody else's
	learned  = 30 * time.Second       // of sound, after which a browser has nothing to learn
)

// audible is the least loudness, in -dBov, of a voice over what cancelled echoes leave.
const audible = 40

// Likenesses of a voice to what was sent. The voices that were measured had 0.22 at most, and
// less the longer they were; echoes had 0.27 and more, the most as they began.
const (
	unlike = 0.2 // it is somebody's
	alike  = 0.3 // it is an echo, whatever a browser leaves of it a moment later
)

// Detector follows what is sent to a page and what comes from its microphone. One goroutine
// may call Sent, and one all else.
type Detector struct {
	heard  line
	loud   time.Time // when the microphone was audible last
	onset  time.Time // and since when, but for short pauses
	judged voice     // last

	over atomic.Bool // nothing is judged any more, nor kept

	mu    sync.Mutex
	sent  line
	total time.Duration // that was sent
}

// voice is one that is judged, and how it was like what was sent: at least, and at most.
type voice struct {
	began       time.Time
	least, most float64
}

// Sent notes a packet that goes out.
func (d *Detector) Sent(at time.Time, timestamp uint32, payload []byte) {
	if d.over.Load() {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.total += opus.Duration(int64(opus.Samples(payload))); d.total > learned {
		d.sent = line{}
		d.over.Store(true)
		return
	}
	d.sent.add(at, timestamp, payload)
}

// Heard notes a packet of the microphone and its loudness, in -dBov.
func (d *Detector) Heard(at time.Time, timestamp uint32, level uint8, payload []byte) {
	if d.over.Load() {
		d.heard = line{}
		return
	}
	d.heard.add(at, timestamp, payload)
	if level > audible {
		return
	}
	if at.Sub(d.loud) > pause {
		d.onset = at
	}
	d.loud = at
}

// Apart reports whether a voice that began at a time, and is heard still, is no echo. What
// comes after an echo may be somebody's. It takes some milliseconds.
func (d *Detector) Apart(since, now time.Time) bool {
	if d.onset.After(since) && now.Sub(since) > most {
		since = d.onset
	}
	length := now.Sub(since)
	if length < least || length > most || d.over.Load() || since.Equal(d.judged.began) && d.judged.most >= alike {
		return false
	}
	d.mu.Lock()
	sent := d.sent.clone()
	d.mu.Unlock()
	sound := d.heard.samples(now, length) // all of it: the quiet after an echo is like nothing, too
	if sound == nil {
		return false
	}
	like := likeness(sound, sent.samples(now, farthest+length))
	if !since.Equal(d.judged.began) {
		d.judged = voice{since, like, like}
	}
	v := &d.judged
	v.least, v.most = min(v.least, like), max(v.most, like)
	return length >= enough && v.least < unlike && v.most < alike
}
