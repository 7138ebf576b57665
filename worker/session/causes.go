package session

import (
	"errors"
	"fmt"
)

// Why a session ended. Run returns one of these, what the Talk returned, or
// the cause with which its context was cancelled.
var (
	ErrEnded      = errors.New("ended by the candidate or the interviewer")
	ErrLeft       = errors.New("the candidate left")
	ErrClosed     = errors.New("the browser closed the peer connection")
	ErrAway       = errors.New("no media for 15 s")
	ErrNotReached = errors.New("no media connection within 30 s")
	ErrTooLong    = errors.New("the interview reached its longest time")
	ErrTaken      = errors.New("another worker owns the session")
	ErrMoved      = errors.New("another worker went on with the session")
	ErrHandedOver = errors.New("the talk stopped for another worker to go on") // returned by a Talk alone
	ErrGone       = errors.New("the browser was gone before the first answer")
	ErrDrained    = errors.New("the worker goes away")
)

// PanicError is the cause when a Talk panicked: its session ends, no other.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic in the talk: %v", e.Value) }
