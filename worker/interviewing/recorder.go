package interviewing

import (
	"encoding/json"

	"casey.internal/shared/interview"
	"casey.internal/worker/session"
)

// recorder keeps turns in the session's book, and what they took. It belongs to
// the conversation's goroutine.
type recorder struct {
	book session.Book
	last interview.Turn // of the interviewer
}

// Record implements conversation.Recorder.
func (r *recorder) Record(t interview.Turn) {
	if t.Role == interview.Interviewer {
		r.last = t
	}
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
