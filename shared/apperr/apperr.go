// Package apperr holds the errors that are meant for people: a code that
// programs can match and a sentence that a person can act on. Every other
// error is internal: logged whole, shown as "internal error".
package apperr

import (
	"errors"
	"fmt"
)

// Code names a kind of failure on the wire; it never changes its meaning.
type Code string

// The codes that reach a browser, in `rejected`, `error`, `bye` or `notice`.
const (
	Internal     Code = "internal"      // something of ours failed
	Malformed    Code = "malformed"     // not JSON, not an object, a field of the wrong shape
	Unknown      Code = "unknown_type"  // a message type that is not in the protocol
	TooLarge     Code = "too_large"     // over a limit in bytes or in number
	BadOffer     Code = "bad_offer"     // an SDP that cannot be answered
	BadCandidate Code = "bad_candidate" // an ICE candidate that is none
	Forbidden    Code = "forbidden"     // not theirs: a wrong secret, another's session
	Ended        Code = "ended"         // the session is over
	Full         Code = "full"          // no slot became free in time
	TooMany      Code = "too_many"      // too many messages, candidates or peers
	Lost         Code = "lost"          // the worker that held the session is gone
	Unavailable  Code = "unavailable"   // a service that the interview needs is away
	TooLate      Code = "too_late"      // the interview is past the point where it could be used
)

// Error is an application error: a code and a sentence for a person.
type Error struct {
	Code    Code
	Message string
}

// New returns an Error with a formatted message.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// Of returns the application error that err carries; any other error becomes
// Internal with a message that gives nothing away. Of(nil) is nil.
func Of(err error) *Error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Code: Internal, Message: "internal error"}
}
