package bedrock

import (
	"context"
	"errors"
	"io"
	"iter"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"casey.internal/shared/interview"
	"casey.internal/shared/price"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/usage"
)

// forUsage is the time that a complete answer waits for its usage.
const forUsage = 300 * time.Millisecond

// Model implements interviewer.Model for one session.
type Model struct {
	client  *Client
	session interview.SessionID
	report  usage.Report
	kept    atomic.Int64 // tokens of the last whole answer's request that the service keeps
}

// Converse implements interviewer.Model. A call that fails before the first
// piece of its answer is repeated once if that may help. Errors are of type
// *servicefailure.Error, or the reason why ctx ended.
func (m *Model) Converse(ctx context.Context, r interviewer.Request) iter.Seq2[interviewer.Delta, error] {
	return func(yield func(interviewer.Delta, error) bool) {
		a := newAnswer(yield)
		call := usage.Call{Session: m.session, Turn: usage.TurnOf(ctx), Service: service, Operation: operation, Model: m.client.config.Model, Started: time.Now()}
		err := m.answer(ctx, r, a)
		call.Tokens = m.billed(a, r)
		call.Retried, call.Code = a.attempts > 1, servicefailure.CodeOf(err)
		m.report.Send(call)
		if err != nil && !errors.Is(err, errBrokenOff) {
			yield(interviewer.Delta{}, err)
		}
	}
}

// billed returns what an answer to r costs: as the service counted it, or an estimate
// where it was broken off before that, as a draft is that nobody hears.
func (m *Model) billed(a *answer, r interviewer.Request) price.Tokens {
	if a.opened && a.usage.Input == 0 {
		tokens := m.client.reads.Tokens(r.Size())
		read := 0
		if len(m.client.points(r)) > 0 {
			read = min(int(m.kept.Load()), tokens)
		}
		return price.Tokens{Input: tokens - read, CacheRead: read, Output: m.client.reads.Tokens(a.written)}
	}
	if r.Lasting > 0 {
		m.kept.Store(int64(a.usage.CacheRead + a.usage.CacheWrite))
	}
	return a.usage
}

// answer asks, and asks again if the first attempt failed before it said
// anything and there is time left, or without cache points where those are refused.
func (m *Model) answer(parent context.Context, r interviewer.Request, a *answer) error {
	points := m.client.points(r)
	in, err := m.client.inputOf(r, points)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	guard := time.AfterFunc(m.client.config.FirstToken, func() {
		cancel(servicefailure.New(service, servicefailure.TimedOut, "no answer in time"))
	})
	defer guard.Stop()
	err = m.attempt(ctx, in, a, guard)
	if len(points) > 0 && !a.begun && refusesPoints(err) {
		m.client.config.Log.Warn("this model takes no cache points, so it is asked without them from now on", "model", m.client.config.Model, "error", err)
		m.client.uncached.Store(true)
		if in, err = m.client.inputOf(r, nil); err != nil {
			return err
		}
		err = m.attempt(ctx, in, a, guard)
	}
	if a.begun || !servicefailure.Again(ctx, err, m.client.config.Retry) {
		return err
	}
	return m.attempt(ctx, in, a, guard)
}

// attempt makes one call and passes on what comes, and pushes the guard's
// deadline back with every piece.
func (m *Model) attempt(ctx context.Context, in *bedrockruntime.ConverseStreamInput, a *answer, guard *time.Timer) error {
	a.beginAttempt()
	out, err := m.client.api.ConverseStream(ctx, in, ownCodec)
	if err != nil {
		return servicefailure.Why(ctx, service, err)
	}
	a.opened = true
	events := out.GetStream()
	defer func() { _ = events.Close() }() // also tells the service to stop
	for event := range events.Events() {
		if err := a.handleEvent(event); err != nil {
			return err
		}
		switch {
		case a.stop != "":
			guard.Reset(forUsage)
		case a.begun, a.alive:
			guard.Reset(m.client.config.Idle)
		}
	}
	if a.stop != "" {
		return a.yieldLast() // whatever ended the stream after messageStop: the answer is whole
	}
	if err := events.Err(); err != nil {
		return servicefailure.Why(ctx, service, err)
	}
	return servicefailure.Why(ctx, service, io.ErrUnexpectedEOF)
}
