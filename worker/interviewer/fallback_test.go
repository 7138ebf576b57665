package interviewer_test

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"strings"
	"testing"

	"casey.internal/worker/interviewer"
)

// fixed says some words and then fails, or ends.
type fixed struct {
	words []string
	err   error
}

func (m fixed) Converse(context.Context, interviewer.Request) iter.Seq2[interviewer.Delta, error] {
	return func(yield func(interviewer.Delta, error) bool) {
		for _, w := range m.words {
			if !yield(interviewer.Delta{Text: w}, nil) {
				return
			}
		}
		if m.err != nil {
			yield(interviewer.Delta{}, m.err)
		}
	}
}

func TestTheFallbackAnswersOnlyWhereNothingWasSaid(t *testing.T) {
	broken := errors.New("throttled")
	for _, c := range []struct {
		name  string
		first fixed
		want  string
		err   error
	}{
		{"well", fixed{words: []string{"one ", "two"}}, "one two", nil},
		{"before a word", fixed{err: broken}, "other", nil},
		{"after a word", fixed{words: []string{"one "}, err: broken}, "one ", broken},
	} {
		f := interviewer.Fallback{First: c.first, Second: fixed{words: []string{"other"}}, Log: slog.New(slog.DiscardHandler)}
		var got strings.Builder
		var failed error
		for d, err := range f.Converse(t.Context(), interviewer.Request{}) {
			got.WriteString(d.Text)
			failed = errors.Join(failed, err)
		}
		if got.String() != c.want || !errors.Is(failed, c.err) || (failed == nil) != (c.err == nil) {
			t.Errorf("%s: %q, %v", c.name, got.String(), failed)
		}
	}
}

func TestWhoWasGivenUpIsNotReplaced(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f := interviewer.Fallback{First: fixed{err: ctx.Err()}, Second: fixed{words: []string{"other"}}, Log: slog.New(slog.DiscardHandler)}
	for d, err := range f.Converse(ctx, interviewer.Request{}) {
		if d.Text != "" || !errors.Is(err, context.Canceled) {
			t.Errorf("%q, %v", d.Text, err)
		}
	}
}
