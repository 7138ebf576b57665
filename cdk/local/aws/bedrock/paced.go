package bedrock

import (
	"context"
	"iter"
	"time"

	"casey.internal/cdk/local/aws/bedrock/converse"
	"casey.internal/cdk/local/aws/control"
)

// Pace is how fast a model speaks.
type Pace struct {
	// FirstToken passes before the first delta.
	FirstToken time.Duration
	// TokensPerSecond is the rate of the deltas, one token each; 0: at once.
	TokensPerSecond float64
}

// Answer is a model that knows its whole answer at once.
type Answer func(converse.Request) converse.Reply

// Paced gives such answers as a language model would: a token after the other.
type Paced struct {
	Answer Answer
	Pace   Pace
}

// Converse implements converse.Model.
func (m Paced) Converse(ctx context.Context, r converse.Request) (iter.Seq2[converse.Piece, error], error) {
	return func(yield func(converse.Piece, error) bool) {
		if err := control.Wait(ctx, m.Pace.FirstToken); err != nil {
			yield(converse.Piece{}, err)
			return
		}
		reply := m.Answer(r)
		told := 0
		for piece := range tokens(reply.Text) {
			if !yield(converse.Piece{Text: piece}, nil) {
				return
			}
			if told++; told == r.MaxTokens {
				yield(converse.Piece{Stop: converse.StopMaxTokens}, nil)
				return
			}
			if err := m.Pace.breathe(ctx); err != nil {
				yield(converse.Piece{}, err)
				return
			}
		}
		yield(converse.Piece{Use: reply.Use}, nil)
	}, nil
}

func (p Pace) breathe(ctx context.Context) error {
	if p.TokensPerSecond <= 0 {
		return nil
	}
	return control.Wait(ctx, time.Duration(float64(time.Second)/p.TokensPerSecond))
}

// tokens cuts a text into pieces of about a token.
func tokens(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for runes := []rune(text); len(runes) > 0; {
			n := min(tokenSize, len(runes))
			if !yield(string(runes[:n])) {
				return
			}
			runes = runes[n:]
		}
	}
}
