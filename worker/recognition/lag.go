package recognition

import (
	"context"
	"sync"
	"time"
)

// tolerated is for how long what was heard may wait to be given to a stream before
// recognition is behind: less than somebody notices, and more than it takes to give what
// a microphone brings at once after a gap.
const tolerated = 300 * time.Millisecond

// lag knows whether recognition is behind: since a chunk that was heard has waited for too
// long to be given to a stream, or since there is no stream. Whoever tells it something
// neither waits nor learns what comes of that; watch does. Positions are the tape's.
type lag struct {
	mu      sync.Mutex
	heard   time.Duration
	given   time.Duration // up to here the stream was given what was heard, or it was withheld
	waiting time.Time     // when a chunk was there that was not given; zero = there is none
	behind  bool
	changed chan struct{}
}

// nothing is up to where audio was given when there is no stream: a chunk is always missing.
const nothing = -chunkLength

func newLag() *lag { return &lag{given: nothing, behind: true, changed: make(chan struct{}, 1)} }

// hear is told how much more was heard. It allocates nothing.
func (l *lag) hear(length time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard += length
	l.look()
}

// begin is told that there is a stream, which will be given what was heard from a position on.
func (l *lag) begin(at time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.given = at
	l.look()
}

// give is told up to where the stream was given what was heard, or that was withheld. It
// does not go back where silence is wanted after all: that is given at once.
func (l *lag) give(end time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.given = max(l.given, end)
	l.look()
}

// end is told that the stream takes no more.
func (l *lag) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.given = nothing
	l.turn(true)
}

// look finds out whether recognition is behind now. The caller holds the lock.
func (l *lag) look() {
	if l.heard-l.given < chunkLength {
		l.waiting = time.Time{}
		l.turn(false)
		return
	}
	now := time.Now()
	if l.waiting.IsZero() {
		l.waiting = now
	}
	if now.Sub(l.waiting) >= tolerated {
		l.turn(true)
	}
}

// turn notes whether recognition is behind. The caller holds the lock.
func (l *lag) turn(behind bool) {
	if l.behind == behind {
		return
	}
	l.behind = behind
	select {
	case l.changed <- struct{}{}:
	default: // watch has yet to look
	}
}

// is reports whether recognition is behind.
func (l *lag) is() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.behind
}

// watch tells that recognition is behind, as it is at first, and then whatever has changed
// since it told last, until ctx ends.
func (l *lag) watch(ctx context.Context, tell func(bool)) {
	told := true
	for tell(told); ; {
		select {
		case <-l.changed:
		case <-ctx.Done():
			return
		}
		if on := l.is(); on != told {
			told = on
			tell(on)
		}
	}
}
