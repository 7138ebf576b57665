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

// Wheel paces tickers. Run turns it.
type Wheel struct {
	epoch time.Time
	wake  chan struct{}
	limit float64 // see Limit

	mu      sync.Mutex
	slots   [slots][]*Ticker
	tickers int // in all slots

	lateness lateness
	longest  atomic.Int64 // time.Duration of a packet being written, since Watch looked last
}

// New returns a wheel without tickers.
func New() *Wheel { return &Wheel{epoch: time.Now(), wake: make(chan struct{}, 1)} }

// Limit says how many CPUs the process may use on the average, where they are fewer than Go
// uses at a time: Go uses two at least, of a container that may use half of one too. 0 = there
// is no limit. It is called before Strain and Watch.
func (w *Wheel) Limit(cpus float64) { w.limit = cpus }

// Ticker is one session's place on a wheel.
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

// NewTicker returns a ticker that rests until Start. send is called for each
// packet, never twice at once, with the time at which it is due; it must not block
// and must not call the ticker. When it has nothing to send it returns false and
// the ticker rests.
func (w *Wheel) NewTicker(send func(due time.Time) (sent bool)) *Ticker {
	return &Ticker{wheel: w, send: send, index: -1}
}

// Start sends the first packet before it returns and another one every frame (a
// multiple of 20 ms) until send has none or Stop. It does nothing on a ticker
// that runs.
func (t *Ticker) Start(frame time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	if t.running || !t.send(now) {
		return
	}
	w := t.wheel
	tick := int64(now.Sub(w.epoch) / Slot)
	t.running, t.every = true, int64(frame/Slot)
	t.next = tick + t.every // up to 5 ms early, never late
	w.add(t, int(tick%slots))
	w.lateness.count(0)
}

// Stop ends the ticking: when it returns no packet follows.
func (t *Ticker) Stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rest()
}

// rest takes the ticker off the wheel. The caller holds t.mu.
func (t *Ticker) rest() {
	if t.running {
		t.running = false
		t.wheel.remove(t)
	}
}

// sendDue sends the packet that is due at a tick, if one is.
func (t *Ticker) sendDue(tick int64, due time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.running || tick < t.next {
		return
	}
	t.next = tick + t.every
	began := time.Now()
	if !t.send(due) {
		t.rest()
		return
	}
	w := t.wheel
	w.lateness.count(began.Sub(due))
	if took := int64(time.Since(began)); took > w.longest.Load() {
		w.longest.Store(took)
	}
}

func (w *Wheel) add(t *Ticker, slot int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t.slot, t.index = slot, len(w.slots[slot])
	w.slots[slot] = append(w.slots[slot], t)
	w.tickers++
	if w.tickers == 1 {
		select {
		case w.wake <- struct{}{}:
		default: // it is awake already
		}
	}
}

func (w *Wheel) remove(t *Ticker) {
	w.mu.Lock()
	defer w.mu.Unlock()
	in := w.slots[t.slot]
	end := len(in) - 1
	in[t.index], in[end].index = in[end], t.index
	in[end] = nil
	w.slots[t.slot] = in[:end]
	t.index = -1
	w.tickers--
}

// Run turns the wheel until ctx ends, and returns why it did. While all
// tickers rest it sleeps.
func (w *Wheel) Run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var tickers []*Ticker
	for tick := w.now(); ; tick = w.after(tick) {
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
		tickers = w.tickersIn(tickers[:0], int(tick%slots))
		for _, t := range tickers {
			t.sendDue(tick, due)
		}
	}
}

// now returns the number of the slot that time is in.
func (w *Wheel) now() int64 { return int64(time.Since(w.epoch) / Slot) }

// after returns the next tick that has tickers in its slot, or the very next where
// there are none. A ticker that starts meanwhile is due a turn after that, so
// whoever sleeps until then is in time for it.
func (w *Wheel) after(tick int64) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	for next := tick + 1; next <= tick+slots; next++ {
		if len(w.slots[next%slots]) > 0 {
			return next
		}
	}
	return tick + 1
}

func (w *Wheel) idle() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.tickers == 0
}

// tickersIn appends the tickers of a slot to dst: they are called without w.mu, since
// they may leave the wheel.
func (w *Wheel) tickersIn(dst []*Ticker, slot int) []*Ticker {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append(dst, w.slots[slot]...)
}
