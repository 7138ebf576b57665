// Package servicefailure classifies the failures of services, so that a caller can
// decide whether to try again, to wait, or to give up and tell the candidate.
package servicefailure

import (
	"context"
	"errors"
	"fmt"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/clock"
)

// Kind is a class of failures, by what they mean for the next call.
type Kind string

// The kinds of failure.
const (
	Throttled   Kind = "throttled"   // over a quota: the same call may go well a little later
	Unavailable Kind = "unavailable" // the service itself failed
	TimedOut    Kind = "timed_out"   // a deadline of ours passed
	Broken      Kind = "broken"      // the connection broke, or what came over it made no sense
	Idle        Kind = "idle"        // a stream was ended for want of input
	Conflict    Kind = "conflict"    // another stream has the same name
	Refused     Kind = "refused"     // our request was not acceptable: repeating it is of no use
)

// Error is a failed call to a service.
type Error struct {
	Service string // "transcribe", "bedrock", "polly"
	Kind    Kind
	Code    string // the service's own word for it; the Kind where it gave none
	Err     error
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s: %s: %v", e.Service, e.Kind, e.Err)
}

// Unwrap gives the cause, and what a person may be told.
func (e *Error) Unwrap() []error {
	return []error{e.Err, apperr.New(apperr.Unavailable, "a service that the interview needs is not available: %s", e.Service)}
}

// New returns an Error of a kind that the caller found out itself.
func New(service string, kind Kind, format string, args ...any) *Error {
	return &Error{Service: service, Kind: kind, Code: string(kind), Err: fmt.Errorf(format, args...)}
}

// Of returns the *Error that err is or carries, or classifies it as one of
// service. Ends that were asked for (a context's cancellation) are no
// failures and come back as they are; nil stays nil.
func Of(service string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &Error{Service: service, Kind: TimedOut, Code: string(TimedOut), Err: err}
	}
	kind, code := classify(err)
	return &Error{Service: service, Kind: kind, Code: code, Err: err}
}

// Why is Of, but prefers the reason why ctx ended to anybody's account of it. It
// returns nil only for a nil err under a living context.
func Why(ctx context.Context, service string, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return Of(service, err)
}

// Again reports whether a call that failed with err should be made once more,
// and waits for that. It does not when repeating is of no use, when err was a
// deadline (the time is used up), or when ctx ends meanwhile.
func Again(ctx context.Context, err error, wait time.Duration) bool {
	switch KindOf(err) {
	case Throttled, Unavailable, Broken:
	default:
		return false
	}
	return clock.Sleep(ctx, wait) == nil
}

// KindOf returns the Kind of err, or "" when it is no Error.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}

// CodeOf returns the code to count err under; empty for nil.
func CodeOf(err error) string {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return "cancelled"
}
