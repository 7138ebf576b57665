package speech

import (
	"io"
	"sync"
	"time"

	"casey.internal/worker/opus"
)

// recording is the audio of an utterance as it comes in: written by one
// goroutine, read by any number.
type recording struct {
	mu      sync.Mutex
	packets opus.Packets
	samples int64 // of all packets, at 48 kHz
	preSkip time.Duration
	first   time.Time // when the bytes of the first packet came; zero = not yet
	ended   bool
	err     error         // why it ended too early
	changed chan struct{} // closed, and made anew, with every change
}

func newRecording() *recording { return &recording{changed: make(chan struct{})} }

// change makes a change and tells those who wait for one.
func (r *recording) change(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
	close(r.changed)
	r.changed = make(chan struct{})
}

// bytes is how much there is of it.
func (r *recording) bytes() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.packets.Size()
}

// append adds a copy of packet, whose bytes came at a time.
func (r *recording) append(packet []byte, samples int, at time.Time) {
	r.change(func() {
		if r.first.IsZero() {
			r.first = at
		}
		r.packets.Append(packet)
		r.samples += int64(samples)
	})
}

// end says that nothing more comes; err is why not all has come.
func (r *recording) end(err error) {
	r.change(func() {
		r.ended, r.err = true, err
		r.packets.Clip()
	})
}

// setSkip notes how much of the beginning is the encoder's lookahead.
func (r *recording) setSkip(samples int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.preSkip = opus.Duration(int64(samples))
}

// progress is the state of a recording for a reader that has had n packets.
type progress struct {
	more    bool            // there is a packet to read
	ended   bool            // nothing more comes
	err     error           // why, if it is not complete
	changed <-chan struct{} // closed when this is out of date
}

func (r *recording) progress(n int) progress {
	r.mu.Lock()
	defer r.mu.Unlock()
	return progress{more: n < r.packets.Len(), ended: r.ended, err: r.err, changed: r.changed}
}

// packet returns packet n, which stays as it is; ok is false when there is none yet.
func (r *recording) packet(n int) (packet []byte, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n >= r.packets.Len() {
		return nil, false
	}
	return r.packets.At(n), true
}

// length returns how long the recording is, and whether that is all.
func (r *recording) length() (d time.Duration, complete bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return opus.Duration(r.samples), r.ended && r.err == nil
}

// firstAt returns when the bytes of the first packet came.
func (r *recording) firstAt() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.first
}

// skip returns how much of the beginning is the encoder's lookahead.
func (r *recording) skip() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.preSkip
}

// stamped notes when a reader gave bytes last.
type stamped struct {
	io.Reader
	at time.Time
}

func (s *stamped) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if n > 0 {
		s.at = time.Now()
	}
	return n, err
}
