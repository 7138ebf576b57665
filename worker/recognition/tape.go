package recognition

import (
	"context"
	"sort"
	"sync"
	"time"

	"casey.internal/worker/servicefailure"
)

// chunkLength is the audio that is sent at a time. Ogg pages of 20 ms would cost
// a third more bytes, longer chunks would hold speech back; Amazon Transcribe
// advises 50 to 200 ms
// (https://docs.aws.amazon.com/transcribe/latest/dg/streaming.html).
const chunkLength = 100 * time.Millisecond

// tape holds the last stretch of what was heard, as Opus packets without gaps.
// It is the queue to the recogniser and the memory for the next stream at once.
// Positions are times since recognition began.
type tape struct {
	keep time.Duration

	mu         sync.Mutex
	packets    []packet      // oldest first
	begin, end time.Duration // of what is held
	awaited    time.Duration // the end at which the reader goes on
	wake       chan struct{}
}

type packet struct {
	payload    []byte
	start, end time.Duration
}

func newTape(keep time.Duration) *tape {
	return &tape{keep: keep, wake: make(chan struct{}, 1)}
}

// add appends a packet, whose payload it keeps, and forgets what is too old.
func (t *tape) add(payload []byte, length time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.packets = append(t.packets, packet{payload, t.end, t.end + length})
	t.end += length
	for t.end-t.begin > t.keep {
		t.begin = t.packets[0].end
		t.packets[0] = packet{}
		t.packets = t.packets[1:]
	}
	if t.end >= t.awaited {
		select {
		case t.wake <- struct{}{}:
		default: // there is a signal already
		}
	}
}

// heard returns the end of what was heard.
func (t *tape) heard() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.end
}

// seek returns the start of the packet that contains position from, or of the
// oldest that is held; lost is how much later than from that is.
func (t *tape) seek(from time.Duration) (at, lost time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if from < t.begin {
		return t.begin, t.begin - from
	}
	if i := t.index(from); i < len(t.packets) {
		return t.packets[i].start, 0
	}
	return t.end, 0
}

// index returns the place of the packet that contains a position; past the end
// when it has not been heard. The caller holds the lock.
func (t *tape) index(position time.Duration) int {
	return sort.Search(len(t.packets), func(i int) bool { return position < t.packets[i].end })
}

// next appends the packets of the next chunk to dst, from the one that starts at
// a position on, and returns its end. It waits for what has not been heard yet
// until ctx ends. The error says that the chunk was forgotten.
func (t *tape) next(ctx context.Context, start time.Duration, dst [][]byte) (packets [][]byte, end time.Duration, err error) {
	for {
		packets, end, err = t.chunk(start, dst)
		if err != nil || end-start >= chunkLength {
			return packets, end, err
		}
		select {
		case <-t.wake:
		case <-ctx.Done():
			return dst, start, context.Cause(ctx)
		}
	}
}

// chunk is next, but returns less than a chunk where there is no more.
func (t *tape) chunk(start time.Duration, dst [][]byte) (packets [][]byte, end time.Duration, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if start < t.begin {
		return dst, start, servicefailure.New(service, servicefailure.Broken, "more than %v behind", t.keep)
	}
	t.awaited = start + chunkLength
	end = start
	if t.end < t.awaited {
		return dst, end, nil
	}
	for _, p := range t.packets[t.index(start):] {
		if end >= t.awaited {
			break
		}
		dst, end = append(dst, p.payload), p.end
	}
	return dst, end, nil
}
