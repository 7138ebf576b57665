package recognition_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"casey.internal/worker/recognition"
)

// fickle is a recogniser, and its only stream, that says what it is told to.
type fickle []recognition.Result

func (f fickle) Start(context.Context) (recognition.Stream, error) { return f, nil }
func (fickle) Send([]byte, time.Duration) error                    { return nil }
func (fickle) Close() error                                        { return nil }

func (f fickle) Results() iter.Seq2[recognition.Result, error] {
	return func(yield func(recognition.Result, error) bool) {
		for _, r := range f {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func guess(id, text string, at time.Duration, partial bool) recognition.Result {
	end := at + 300*time.Millisecond
	return recognition.Result{ID: id, Partial: partial, Start: at, End: end, Text: text, Words: []recognition.Word{{Text: text, Start: at, End: end}}}
}

// A stream that goes on to something else will say no more of what it guessed.
func TestWhatWasTakenBackComesWithoutWords(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	e := recognition.New(fickle{
		guess("a", "first", time.Second, true),
		guess("b", "hello", 4*time.Second, true),
		guess("b", "hello", 4*time.Second, false),
	}, recognition.Config{})
	go func() { _ = e.Run(ctx) }()
	latest := map[string]recognition.Result{}
	for r := range e.Results() {
		latest[r.ID] = r
		if !r.Partial && r.Text != "" {
			stop() // all was said
		}
	}
	if got := latest["1/a"]; got.Partial || len(got.Words) > 0 || got.Text != "" {
		t.Errorf("what was taken back is still %+v", got)
	}
	if got := latest["1/b"]; got.Text != "hello" || got.Partial {
		t.Errorf("what was said is %+v", got)
	}
}
