package interviewer

import (
	"context"
	"iter"
	"log/slog"
)

// Fallback is a Model that asks a second one when the first fails before it has
// said anything.
type Fallback struct {
	First, Second Model
	Log           *slog.Logger
}

// Converse implements Model.
func (f Fallback) Converse(ctx context.Context, r Request) iter.Seq2[Delta, error] {
	return func(yield func(Delta, error) bool) {
		begun := false
		for d, err := range f.First.Converse(ctx, r) {
			if err != nil && !begun && ctx.Err() == nil {
				f.Log.Warn("another model answers", "error", err)
				f.Second.Converse(ctx, r)(yield)
				return
			}
			begun = true
			if !yield(d, err) {
				return
			}
		}
	}
}
