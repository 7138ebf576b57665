package ears_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"casey.internal/worker/ears"
)

// fickle is a recogniser, and its only stream, that says what it is told to.
type fickle []ears.Result

func (f fickle) Start(context.Context) (ears.Stream, error) { return f, nil }
func (fickle) Send([]byte) error                            { return nil }
func (fickle) CloseSend() error                             { return nil }
func (fickle) Close() error                                 { return nil }

func (f fickle) Results() iter.Seq2[ears.Result, error] {
	return func(yield func(ears.Result, error) bool) {
		for _, r := range f {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func guess(id, text string, at time.Duration, partial bool) ears.Result {
	end := at + 300*time.Millisecond
	return ears.Result{ID: id, Partial: partial, Start: at, End: end, Text: text, Words: []ears.Word{{Text: text, Start: at, End: end}}}
}

// A stream that goes on to something else will say no more of what it guessed.
func TestWhatWasTakenBackComesWithoutWords(t *testing.T) {
	e := ears.New(fickle{
		guess("a", "first", time.Second, true),
		guess("b", "hello", 4*time.Second, true),
		guess("b", "hello", 4*time.Second, false),
	}, ears.Config{})
	e.Finish()
	go func() { _ = e.Run(t.Context()) }()
	latest := map[string]ears.Result{}
	for r := range e.Results() {
		latest[r.ID] = r
	}
	if got := latest["1/a"]; got.Partial || len(got.Words) > 0 || got.Text != "" {
		t.Errorf("what was taken back is still %+v", got)
	}
	if got := latest["1/b"]; got.Text != "hello" || got.Partial {
		t.Errorf("what was said is %+v", got)
	}
}
