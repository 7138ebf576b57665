package recognition

import (
	"context"
	"iter"
	"slices"
	"sort"
	"sync"
	"time"

	"casey.internal/worker/opus"
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
	blocks     []block       // oldest first
	gone       int           // packets of the oldest that are forgotten
	begin, end time.Duration // of what is held
	settled    time.Duration // up to here nobody asks again, but for a lead
	read       time.Duration // where the reader is
	awaited    time.Duration // the end at which the reader goes on
	wake       chan struct{}
}

// block holds the packets of a second.
type block struct {
	start   time.Duration
	packets opus.Packets
	lengths []uint32 // of each packet, in microseconds
}

// length returns how long packet i lasts.
func (b *block) length(i int) time.Duration { return time.Duration(b.lengths[i]) * time.Microsecond }

const blockLength = time.Second

func newTape(keep time.Duration) *tape {
	return &tape{keep: keep, wake: make(chan struct{}, 1)}
}

// add appends a copy of a packet, and forgets what is too old or settled.
func (t *tape) add(payload []byte, length time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.block().add(payload, length)
	t.end += length
	for oldest := max(t.end-t.keep, min(t.settled, t.read)-lead); t.begin < oldest; {
		t.forget()
	}
	if t.end >= t.awaited {
		select {
		case t.wake <- struct{}{}:
		default: // there is a signal already
		}
	}
}

// block returns the block for the next packet. Each is made as large as the one before
// it was needed. The caller holds the lock.
func (t *tape) block() *block {
	var count, size int
	if n := len(t.blocks); n > 0 {
		last := &t.blocks[n-1]
		if t.end-last.start < blockLength {
			return last
		}
		count, size = last.packets.Len(), last.packets.Size()
	}
	t.blocks = append(t.blocks, block{t.end, opus.MakePackets(count, size), make([]uint32, 0, count)})
	return &t.blocks[len(t.blocks)-1]
}

func (b *block) add(payload []byte, length time.Duration) {
	b.packets.Append(payload)
	b.lengths = append(b.lengths, uint32(length/time.Microsecond))
}

// forget forgets the oldest packet. The caller holds the lock.
func (t *tape) forget() {
	oldest := &t.blocks[0]
	t.begin += oldest.length(t.gone)
	if t.gone++; t.gone == oldest.packets.Len() {
		t.blocks, t.gone = slices.Delete(t.blocks, 0, 1), 0
	}
}

// settle says that what was heard before a position has been recognised for good, or was
// silence.
func (t *tape) settle(position time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.settled = position
}

// heard returns the end of what was heard.
func (t *tape) heard() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.end
}

// oldest returns the start of the oldest packet that is held.
func (t *tape) oldest() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.begin
}

// seek returns the start of the packet that contains position from, or of the
// oldest that is held; lost is how much later than from that is.
func (t *tape) seek(from time.Duration) (at, lost time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if from < t.begin {
		return t.begin, t.begin - from
	}
	for at := range t.from(from) {
		return at, 0
	}
	return t.end, 0
}

// from yields the packets from the one that contains a position on, each with its start. The
// caller holds the lock.
func (t *tape) from(position time.Duration) iter.Seq2[time.Duration, played] {
	return func(yield func(time.Duration, played) bool) {
		first := sort.Search(len(t.blocks), func(i int) bool { return position < t.blocks[i].start })
		for _, b := range t.blocks[max(0, first-1):] {
			at := b.start
			for i := range b.packets.Len() {
				end := at + b.length(i)
				if position < end && !yield(at, played{b.packets.At(i), end}) {
					return
				}
				at = end
			}
		}
	}
}

// played is a packet, and where it ends.
type played struct {
	payload []byte
	end     time.Duration
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
	t.read, t.awaited = start, start+chunkLength
	end = start
	if t.end < t.awaited {
		return dst, end, nil
	}
	for _, p := range t.from(start) {
		if end >= t.awaited {
			break
		}
		dst, end = append(dst, p.payload), p.end
	}
	return dst, end, nil
}
