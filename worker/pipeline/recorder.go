package pipeline

import (
	"encoding/json"
	"sync/atomic"

	"casey.internal/shared/interview"
	"casey.internal/worker/session"
)

// recorder keeps turns in the session's book, and what they took. It belongs to
// the conversation's goroutine.
type recorder struct {
	book   session.Book
	latest *turn
	last   interview.Turn // of the interviewer
}

// turn is the number of the last turn that has begun, for whoever asks.
type turn struct{ last atomic.Int64 }

func (t *turn) number() int { return int(t.last.Load()) }

// after takes note of turns that have begun.
func (t *turn) after(turns []interview.Turn) {
	for _, begun := range turns {
		t.last.Store(max(t.last.Load(), int64(begun.Number)))
	}
}

// Record implements conversation.Recorder.
func (r *recorder) Record(t interview.Turn) {
	if t.Role == interview.Interviewer {
		r.last = t
	}
	r.latest.after([]interview.Turn{t})
	r.book.PutTurn(t)
}

// took adds an account to the interviewer's last turn, if it is of that one.
func (r *recorder) took(turn int, account account) {
	data, err := json.Marshal(account)
	if err != nil || r.last.Number != turn {
		return // an account is numbers and text, and comes right after its turn
	}
	r.last.Took = string(data)
	r.book.PutTurn(r.last)
}
