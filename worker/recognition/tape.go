package recognition

import (
	"context"
	"sync"
	"time"
)

// tape holds the last stretch of what was heard, as Ogg pages without gaps. It
// is the queue to the recogniser and the memory for the next stream at once.
// Positions are times since the ears began.
type tape struct {
	keep time.Duration

	mu         sync.Mutex
	pages      []page        // oldest first
	begin, end time.Duration // of what is held
	source     time.Duration // end of the last page as its muxer counts
	ended      bool          // nothing more comes
	wake       chan struct{}
}

type page struct {
	data       []byte
	start, end time.Duration
}

func newTape(keep time.Duration) *tape {
	return &tape{keep: keep, wake: make(chan struct{}, 1)}
}

// add appends a copy of a page that ends at a time of its muxer's stream, and
// forgets what is too old. A muxer that was restarted begins at zero; here its
// pages follow what was there. Pages without audio (headers) are left out.
func (t *tape) add(data []byte, end time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if end < t.source {
		t.source = 0
	}
	length := end - t.source
	t.source = end
	if length == 0 {
		return
	}
	t.pages = append(t.pages, page{append([]byte(nil), data...), t.end, t.end + length})
	t.end += length
	for t.end-t.begin > t.keep {
		t.begin = t.pages[0].end
		t.pages[0] = page{}
		t.pages = t.pages[1:]
	}
	t.signal()
}

// finish says that nothing more comes.
func (t *tape) finish() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	t.signal()
}

func (t *tape) signal() {
	select {
	case t.wake <- struct{}{}:
	default: // there is a signal already
	}
}

// heard returns the end of what was heard.
func (t *tape) heard() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.end
}

// seek returns the start of the page that contains position from, or of the
// oldest that is held; lost is how much later than from that is.
func (t *tape) seek(from time.Duration) (at, lost time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if from < t.begin {
		return t.begin, t.begin - from
	}
	for _, p := range t.pages {
		if from < p.end {
			return p.start, 0
		}
	}
	return t.end, 0
}

// The outcomes of looking for a page.
type outcome int

const (
	found     outcome = iota
	notYet            // it has not been heard
	forgotten         // it was too long ago
	over              // nothing more comes
)

// at returns the page that starts at a position.
func (t *tape) at(start time.Duration) (page, outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, p := range t.pages {
		if p.start == start {
			return p, found
		}
	}
	switch {
	case start < t.begin:
		return page{}, forgotten
	case t.ended:
		return page{}, over
	}
	return page{}, notYet
}

// next is at, but waits for a page that has not been heard yet.
func (t *tape) next(ctx context.Context, start time.Duration) (page, outcome, error) {
	for {
		if p, o := t.at(start); o != notYet {
			return p, o, nil
		}
		select {
		case <-t.wake:
		case <-ctx.Done():
			return page{}, notYet, context.Cause(ctx)
		}
	}
}
