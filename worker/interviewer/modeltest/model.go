// Package modeltest has a language model that says what it was given, and the
// contract that it keeps as every model does.
package modeltest

import (
	"context"
	"iter"
	"sync"

	"casey.internal/shared/price"
	"casey.internal/worker/interviewer"
)

// Model gives prepared answers, in order, the last of them for ever. The zero
// value answers "Yes." without end.
type Model struct {
	mu       sync.Mutex
	answers  [][]interviewer.Delta
	requests []interviewer.Request
	failures []error
}

// Answer adds an answer of text pieces.
func (m *Model) Answer(pieces ...string) {
	var deltas []interviewer.Delta
	for _, p := range pieces {
		deltas = append(deltas, interviewer.Delta{Text: p})
	}
	m.add(append(deltas, end(interviewer.StopEnd)))
}

// Use adds an answer of text, which may be empty, and the use of a tool.
func (m *Model) Use(text string, use interviewer.ToolUse) {
	var deltas []interviewer.Delta
	if text != "" {
		deltas = append(deltas, interviewer.Delta{Text: text})
	}
	m.add(append(deltas, interviewer.Delta{Tool: &use}, end(interviewer.StopToolUse)))
}

// Fail makes the next calls fail, one with each error, before they say anything.
func (m *Model) Fail(errs ...error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failures = append(m.failures, errs...)
}

func (m *Model) add(deltas []interviewer.Delta) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answers = append(m.answers, deltas)
}

func end(stop string) interviewer.Delta {
	return interviewer.Delta{Stop: stop, Usage: &price.Tokens{Input: 10, Output: 5}}
}

// Requests returns what was asked.
func (m *Model) Requests() []interviewer.Request {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]interviewer.Request(nil), m.requests...)
}

// Converse implements interviewer.Model.
func (m *Model) Converse(ctx context.Context, r interviewer.Request) iter.Seq2[interviewer.Delta, error] {
	return func(yield func(interviewer.Delta, error) bool) {
		answer, err := m.next(ctx, r)
		if err != nil {
			yield(interviewer.Delta{}, err)
			return
		}
		for _, d := range answer {
			if ctx.Err() != nil {
				yield(interviewer.Delta{}, context.Cause(ctx))
				return
			}
			if !yield(d, nil) {
				return
			}
		}
	}
}

func (m *Model) next(ctx context.Context, r interviewer.Request) (answer []interviewer.Delta, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	m.requests = append(m.requests, r)
	if len(m.failures) > 0 {
		err, m.failures = m.failures[0], m.failures[1:]
		return nil, err
	}
	if len(m.answers) == 0 {
		return []interviewer.Delta{{Text: "Yes."}, end(interviewer.StopEnd)}, nil
	}
	answer = m.answers[0]
	if len(m.answers) > 1 {
		m.answers = m.answers[1:]
	}
	return answer, nil
}
