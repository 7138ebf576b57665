package client

import (
	"context"
	"fmt"
	"slices"
	"time"

	"casey.internal/shared/channel"
)

// record appends an event and wakes whoever waits for one.
func (c *Client) record(e Event) {
	e.At = time.Now()
	if c.cfg.Watch != nil {
		c.cfg.Watch(e)
		if e.Server == nil && e.Closed == nil {
			return // what an offer waits for is kept
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.log = append(c.log, e)
	close(c.changed)
	c.changed = make(chan struct{})
}

// Events returns everything that happened so far.
func (c *Client) Events() []Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.log)
}

// Await returns the first event, past or to come, that want accepts.
func (c *Client) Await(ctx context.Context, want func(Event) bool) (Event, error) {
	e, _, err := c.next(ctx, 0, want)
	return e, err
}

// AwaitAfter is Await for events that are later than at.
func (c *Client) AwaitAfter(ctx context.Context, at time.Time, want func(Event) bool) (Event, error) {
	return c.Await(ctx, func(e Event) bool { return e.At.After(at) && want(e) })
}

// next is Await from the event with index from on; it returns the index after
// the event it found.
func (c *Client) next(ctx context.Context, from int, want func(Event) bool) (Event, int, error) {
	for {
		c.mu.Lock()
		changed, log := c.changed, c.log
		c.mu.Unlock()
		for ; from < len(log); from++ {
			if want(log[from]) {
				return log[from], from + 1, nil
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Event{}, from, fmt.Errorf("no such event among %d: %w", from, context.Cause(ctx))
		}
	}
}

// Message returns a condition for Await: a server message of type T that
// matches.
func Message[T any](matches func(T) bool) func(Event) bool {
	return func(e Event) bool {
		m, ok := e.Server.(T)
		return ok && (matches == nil || matches(m))
	}
}

// State returns a condition for Await: the peer connection's state; "open" is
// the data channel.
func State(name string) func(Event) bool {
	return func(e Event) bool { return e.State == name }
}

// AnyPacket is a condition for Await: a packet of the interviewer's voice.
func AnyPacket(e Event) bool { return e.Packet != nil }

// Told returns a condition for Await: a casey.v1 event of type T on the data
// channel that matches.
func Told[T any](matches func(*T) bool) func(Event) bool {
	return func(e Event) bool {
		if e.Channel == nil {
			return false
		}
		_, event, err := channel.ParseServer(e.Channel)
		told, ok := any(event).(*T)
		return err == nil && ok && (matches == nil || matches(told))
	}
}
