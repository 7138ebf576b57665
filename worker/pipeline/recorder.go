package pipeline

import (
	"encoding/json"
	"sync/atomic"

	"casey.internal/shared/interview"
	"casey.internal/worker/session"
)

// recorder stores turns in the session's book, and what they took. It belongs to
// the conversation's goroutine.
type recorder struct {
	book   session.Book
	latest *turnCounter
	last   interview.Turn // of the interviewer
}

// turnCounter holds the number of the last turn that has begun, for any goroutine.
type turnCounter struct{ last atomic.Int64 }

func (c *turnCounter) number() int { return int(c.last.Load()) }

// note notes turns that have begun.
func (c *turnCounter) note(turns []interview.Turn) {
	for _, begun := range turns {
		c.last.Store(max(c.last.Load(), int64(begun.Number)))
	}
}

// Record implements conversation.Recorder.
func (r *recorder) Record(t interview.Turn) {
	if t.Role == interview.Interviewer {
		r.last = t
	}
	r.latest.note([]interview.Turn{t})
	r.book.PutTurn(t)
}

// putAccount adds an account to the interviewer's last turn, if it is of that one.
func (r *recorder) putAccount(turn int, account account) {
	data, err := json.Marshal(account)
	if err != nil || r.last.Number != turn {
		return // an account is numbers and text, and comes right after its turn
	}
	r.last.Took = string(data)
	r.book.PutTurn(r.last)
}
