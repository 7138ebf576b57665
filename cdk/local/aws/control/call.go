package control

import (
	"context"
	"fmt"
	"time"

	"casey.internal/cdk/local/aws/awswire"
	"casey.internal/shared/clock"
)

// maxEvents bounds the stamps that one record keeps.
const maxEvents = 512

// Record is one call as it is remembered. Times are wall clock, in
// microseconds since 1970, 0 for what did not happen.
type Record struct {
	ID         int64   `json:"id"`
	Service    Service `json:"service"`
	RequestID  string  `json:"request_id"`
	Session    string  `json:"session,omitempty"`
	About      string  `json:"about,omitempty"`
	ReceivedUS int64   `json:"received_us"`
	FirstUS    int64   `json:"first_us,omitempty"`
	EndedUS    int64   `json:"ended_us"`
	EventsUS   []int64 `json:"events_us,omitempty"`
	Error      string  `json:"error,omitempty"`
}

// Call is one request under way, from its receipt to its end, and what is to
// befall it. One goroutine owns it.
type Call struct {
	panel   *Panel
	service Service
	fault   Fault
	refusal *awswire.Error
	died    string
	written *Written
	cuts    int // of the service when it began
	steps   int
	record  Record
}

// Describe names the call in the log: its request id, its session, and what it
// was about.
func (c *Call) Describe(requestID, session, about string) {
	c.record.RequestID, c.record.Session, c.record.About = requestID, session, about
}

// PageMS is the most audio that Polly puts on an Ogg page, 0 where nobody said.
func (c *Call) PageMS() int { return c.fault.PageMS }

// Written is what the model is told to write, nil where it thinks for itself.
func (c *Call) Written() *Written { return c.written }

// Admit waits as long as the service is told to be slow, and returns the error
// that the call is to end with: ErrCut, ErrGarbage, an *awswire.Error, or the
// context's.
func (c *Call) Admit(ctx context.Context) error {
	if err := Wait(ctx, milliseconds(c.fault.DelayMS)); err != nil {
		return err
	}
	switch {
	case c.fault.Down:
		return ErrCut
	case c.refusal != nil:
		return c.refusal
	case c.fault.Garbage:
		return ErrGarbage
	}
	return nil
}

// Step stands before every event of a stream or piece of a body: it stamps it,
// stalls, and returns the error that the call is to end with.
func (c *Call) Step(ctx context.Context) error {
	if c.panel.cut(c.service, c.cuts) {
		return ErrCut
	}
	if c.fault.DieAfterEvents > 0 && c.steps >= c.fault.DieAfterEvents {
		if c.died == "" {
			return ErrCut
		}
		return fault(c.service, c.died)
	}
	if c.steps == 1 {
		if err := Wait(ctx, milliseconds(c.fault.StallMS)); err != nil {
			return err
		}
	}
	c.steps++
	c.stamp()
	return nil
}

func (c *Call) stamp() {
	now := time.Now().UnixMicro()
	if c.record.FirstUS == 0 {
		c.record.FirstUS = now
	}
	if len(c.record.EventsUS) < maxEvents {
		c.record.EventsUS = append(c.record.EventsUS, now)
	}
}

// End records the call with the error that it ended in, if any.
func (c *Call) End(err error) {
	c.record.EndedUS = time.Now().UnixMicro()
	if err != nil {
		c.record.Error = err.Error()
	}
	c.panel.end(c)
}

// Wait waits d, or returns why the context ended first.
func Wait(ctx context.Context, d time.Duration) error {
	if err := clock.Sleep(ctx, d); err != nil {
		return fmt.Errorf("wait: %w", err)
	}
	return nil
}
