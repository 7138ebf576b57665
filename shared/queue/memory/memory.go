// Package memory is the queue of package queue in memory, for tests: the same
// contract, and on demand as faulty as SQS.
package memory

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
)

// Options say which faults the queues are to have. The zero value delivers at once, in
// order and exactly once.
type Options struct {
	Seed      uint64
	Duplicate float64       // share of messages that are delivered twice
	DelayMin  time.Duration // every message takes between these two
	DelayMax  time.Duration
	Shuffle   time.Duration // and up to this much more, each on its own
}

// AsAWS returns the options of queues as faulty as SQS.
func AsAWS(seed uint64) Options {
	return Options{Seed: seed, Duplicate: 0.1, DelayMin: 10 * time.Millisecond, DelayMax: 60 * time.Millisecond, Shuffle: 100 * time.Millisecond}
}

// dispatch names the dispatch queue among the queues.
const dispatch = "memory:dispatch"

// Queue holds the dispatch queue and all inboxes. Its methods are those of
// queue.Queue.
type Queue struct {
	opts Options

	mu       sync.Mutex
	random   *rand.Rand
	receipts int
	boxes    map[string]*box
}

// box is one queue.
type box struct {
	messages []*message
	changed  chan struct{} // closed and replaced when a receiver should look again
}

type message struct {
	body     []byte
	visible  time.Time // when it can be received
	receipt  string    // of the last receive
	received int
}

// New returns an empty dispatch queue and no inbox.
func New(opts Options) *Queue {
	return &Queue{
		opts:   opts,
		random: rand.New(rand.NewPCG(opts.Seed, 2)),
		boxes:  map[string]*box{dispatch: newBox()},
	}
}

func newBox() *box { return &box{changed: make(chan struct{})} }

// wake makes the receivers look again. The lock is held.
func (b *box) wake() {
	close(b.changed)
	b.changed = make(chan struct{})
}

// Len returns how many dispatch messages are there, visible or not.
func (q *Queue) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.boxes[dispatch].messages)
}

func (q *Queue) send(ctx context.Context, name string, v any) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	b := q.boxes[name]
	if b == nil {
		return fmt.Errorf("send to %s: %w", name, queue.ErrNoQueue)
	}
	b.messages = append(b.messages, &message{body: body, visible: time.Now().Add(q.delay())})
	if q.random.Float64() < q.opts.Duplicate {
		b.messages = append(b.messages, &message{body: body, visible: time.Now().Add(q.delay())})
	}
	b.wake()
	return nil
}

// delay returns how long the next message takes. The lock is held.
func (q *Queue) delay() time.Duration {
	d := q.opts.DelayMin
	if spread := q.opts.DelayMax - q.opts.DelayMin; spread > 0 {
		d += time.Duration(q.random.Int64N(int64(spread)))
	}
	if q.opts.Shuffle > 0 {
		d += time.Duration(q.random.Int64N(int64(q.opts.Shuffle)))
	}
	return d
}

// receive waits until messages are visible, as a long poll does.
func (q *Queue) receive(ctx context.Context, name string, limit int, wait time.Duration) ([]message, error) {
	deadline := time.Now().Add(wait)
	for {
		found, next, changed, err := q.look(name, limit)
		if err != nil || len(found) > 0 {
			return found, err
		}
		if next.IsZero() || next.After(deadline) {
			next = deadline
		}
		if !time.Now().Before(deadline) {
			return nil, nil
		}
		timer := time.NewTimer(time.Until(next))
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, context.Cause(ctx)
		}
		timer.Stop()
	}
}

// look takes what is visible; next is when more will be, zero = unknown.
func (q *Queue) look(name string, limit int) (found []message, next time.Time, changed <-chan struct{}, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	b := q.boxes[name]
	if b == nil {
		return nil, next, nil, fmt.Errorf("receive from %s: %w", name, queue.ErrNoQueue)
	}
	now := time.Now()
	slices.SortStableFunc(b.messages, func(x, y *message) int { return x.visible.Compare(y.visible) })
	for _, m := range b.messages {
		if m.visible.After(now) || len(found) == limit {
			next = m.visible
			break
		}
		q.receipts++
		m.receipt = strconv.Itoa(q.receipts)
		m.received++
		m.visible = now.Add(interview.Visibility)
		found = append(found, *m)
	}
	return found, next, b.changed, nil
}

func (q *Queue) remove(name, receipt string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	b := q.boxes[name]
	if b == nil {
		return fmt.Errorf("delete from %s: %w", name, queue.ErrNoQueue)
	}
	b.messages = slices.DeleteFunc(b.messages, func(m *message) bool { return m.receipt == receipt })
	return nil
}
