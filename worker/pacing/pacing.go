// Package pacing sends the packets of all sessions in time, from one goroutine:
// a wheel of 5 ms slots. A session takes the slot in which its first packet is
// ready, so that no reply waits for a tick and sessions spread over the wheel.
package pacing

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// Slot is the step of the wheel.
	Slot = 5 * time.Millisecond
	// slots is a turn of the wheel, 20 ms, the shortest frame.
	slots = 4
	// hopeless is how late the wheel may be before it leaves out what it missed:
	// after a suspended machine, not after a pause of the garbage collector.
	hopeless = 500 * time.Millisecond
)

// Wheel paces lines. Run turns it.
type Wheel struct {
	epoch time.Time
	wake  chan struct{}

	mu    sync.Mutex
	slots [slots][]*Ticker
	lines int // in all slots

	lateness lateness
	longest  atomic.Int64 // time.Duration of a packet being written, since Watch looked last
}

// New returns a wheel without lines.
func New() *Wheel { return &Wheel{epoch: time.Now(), wake: make(chan struct{}, 1)} }

// Line is one session's place on a wheel.
type Ticker struct {
	wheel *Wheel
	send  func(due time.Time) (sent bool)

	mu      sync.Mutex
	running bool
	every   int64 // ticks
	next    int64 // tick of the next packet
	slot    int   // guarded by wheel.mu, like index
	index   int   // in the slot, -1 when in none
}

// Line returns a line that rests until Start. send is called for each packet,
// never twice at once, with the time at which it is due; it must not block and
// must not call the line. When it has nothing to send it returns false and the
// line rests.
func (w *Wheel) Line(send func(due time.Time) (sent bool)) *Ticker {
	return &Ticker{wheel: w, send: send, index: -1}
}

// Start sends the first packet before it returns and another one every frame (a
// multiple of 20 ms) until send has none or Stop. It does nothing on a line that
// runs.
func (l *Ticker) Start(frame time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.running || !l.send(now) {
		return
	}
	w := l.wheel
	tick := int64(now.Sub(w.epoch) / Slot)
	l.running, l.every = true, int64(frame/Slot)
	l.next = tick + l.every // up to 5 ms early, never late
	w.add(l, int(tick%slots))
	w.lateness.count(0)
}

// Stop ends the line: when it returns no packet follows.
func (l *Ticker) Stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest()
}

// rest takes the line off the wheel. The caller holds l.mu.
func (l *Ticker) rest() {
	if l.running {
		l.running = false
		l.wheel.remove(l)
	}
}

// turn sends the packet that is due at a tick, if one is.
func (l *Ticker) turn(tick int64, due time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.running || tick < l.next {
		return
	}
	l.next = tick + l.every
	began := time.Now()
	if !l.send(due) {
		l.rest()
		return
	}
	w := l.wheel
	w.lateness.count(began.Sub(due))
	if took := int64(time.Since(began)); took > w.longest.Load() {
		w.longest.Store(took)
	}
}

func (w *Wheel) add(l *Ticker, slot int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l.slot, l.index = slot, len(w.slots[slot])
	w.slots[slot] = append(w.slots[slot], l)
	w.lines++
	if w.lines == 1 {
		select {
		case w.wake <- struct{}{}:
		default: // it is awake already
		}
	}
}

func (w *Wheel) remove(l *Ticker) {
	w.mu.Lock()
	defer w.mu.Unlock()
	in := w.slots[l.slot]
	end := len(in) - 1
	in[l.index], in[end].index = in[end], l.index
	in[end] = nil
	w.slots[l.slot] = in[:end]
	l.index = -1
	w.lines--
}

// Run turns the wheel until ctx ends, and returns why it did. While all lines
// rest it sleeps.
func (w *Wheel) Run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var lines []*Ticker
	for tick := w.now(); ; tick++ {
		if w.idle() {
			select {
			case <-w.wake:
				tick = w.now() + 1
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		due := w.epoch.Add(time.Duration(tick) * Slot)
		wait := time.Until(due)
		if wait < -hopeless {
			w.lateness.count(-wait)
			tick = w.now()
			continue
		}
		if wait > 0 {
			timer.Reset(wait)
			select {
			case <-timer.C:
			case <-ctx.Done():
			}
		}
		if ctx.Err() != nil { // looked at however late the wheel is
			return context.Cause(ctx)
		}
		lines = w.at(lines[:0], int(tick%slots))
		for _, l := range lines {
			l.turn(tick, due)
		}
	}
}

// now returns the number of the slot that time is in.
func (w *Wheel) now() int64 { return int64(time.Since(w.epoch) / Slot) }

func (w *Wheel) idle() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lines == 0
}

// at appends the lines of a slot to dst: they are called without w.mu, since
// they may leave the wheel.
func (w *Wheel) at(dst []*Ticker, slot int) []*Ticker {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append(dst, w.slots[slot]...)
}
