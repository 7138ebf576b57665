// Package control is how a stand-in is told from outside to be slow, to fail,
// to throttle or to die, and where it keeps count of what was asked of it.
package control

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"casey.internal/cdk/local/aws/awswire"
)

// Service names one of the services that are stood in for.
type Service string

// The services, by the names that the control endpoint uses.
const (
	Transcribe Service = "transcribe"
	Bedrock    Service = "bedrock"
	Polly      Service = "polly"
)

// Services are all of them.
var Services = []Service{Transcribe, Bedrock, Polly}

// Fault is one service's misbehaviour. The zero value is a service that behaves.
type Fault struct {
	// Only, where it is not empty, are texts: the fault befalls the calls whose
	// request has one of them, and is added to the others of the service.
	// Transcribe's requests are their audio, and have no text.
	Only []string `json:"only,omitempty"`
	// DelayMS passes before the service looks at a request, in milliseconds.
	DelayMS int `json:"delay_ms,omitempty"`
	// FailRate is the share of calls that are refused with Error, 0 to 1.
	FailRate float64 `json:"fail_rate,omitempty"`
	// FailNext calls are refused with Error; counts down.
	FailNext int `json:"fail_next,omitempty"`
	// Error names the exception of FailRate, FailNext and DieAfterEvents;
	// empty: the service's throttling.
	Error string `json:"error,omitempty"`
	// Throttle refuses every call as the service throttles.
	Throttle bool `json:"throttle,omitempty"`
	// StallMS passes once in every stream, before its second event, in
	// milliseconds.
	StallMS int `json:"stall_ms,omitempty"`
	// DieAfterEvents ends every stream after so many events (pieces of a body):
	// by the exception that Error names, or, where it names none, by cutting
	// the connection.
	DieAfterEvents int `json:"die_after_events,omitempty"`
	// Cut cuts the connections of the streams that are live, each before its
	// next event, and does nothing to later ones.
	Cut bool `json:"cut,omitempty"`
	// Garbage answers every call with bytes that mean nothing.
	Garbage bool `json:"garbage,omitempty"`
	// Down cuts the connection of every call.
	Down bool `json:"down,omitempty"`
	// MaxConcurrent calls at once, the quota that AWS gives to an account; 0:
	// the usual one, below 0: none.
	MaxConcurrent int `json:"max_concurrent,omitempty"`
	// TPS are the calls a second that may begin, Burst of them at once; 0: the
	// usual, below 0: no limit.
	TPS   float64 `json:"tps,omitempty"`
	Burst int     `json:"burst,omitempty"`
	// PageMS is the most audio on one Ogg page of Polly, in milliseconds; 0: as
	// the process was started.
	PageMS int `json:"page_ms,omitempty"`
	// Writes are what Bedrock's model writes in answer to the next calls, one each.
	Writes []Written `json:"writes,omitempty"`
	// Seed, where it is not 0, seeds again the choice that FailRate makes.
	Seed uint64 `json:"seed,omitempty"`
}

// Written is an answer as it stands in a ConverseStream, malformed as it may be: deltas
// of text, then uses of tools whose input is any text, then why it stops.
type Written struct {
	Text []string     `json:"text,omitempty"`
	Uses []WrittenUse `json:"uses,omitempty"`
	Stop string       `json:"stop,omitempty"` // "" = as it fits
}

// WrittenUse is the use of a tool in a Written.
type WrittenUse struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Input string `json:"input"`
}

// befalls reports whether a call is meant whose request says so.
func (f *Fault) befalls(request string) bool {
	return len(f.Only) == 0 || slices.ContainsFunc(f.Only, func(text string) bool { return strings.Contains(request, text) })
}

var (
	// ErrCut ends a call by cutting its connection.
	ErrCut = errors.New("connection cut on request")
	// ErrGarbage ends a call with bytes that mean nothing.
	ErrGarbage = errors.New("garbage on request")
)

// statuses of the exceptions that are not 400 (the services' API references).
var statuses = map[string]int{
	"ThrottlingException":         http.StatusTooManyRequests,
	"LimitExceededException":      http.StatusTooManyRequests,
	"ModelNotReadyException":      http.StatusTooManyRequests,
	"ServiceUnavailableException": http.StatusServiceUnavailable,
	"InternalFailureException":    http.StatusInternalServerError,
	"InternalServerException":     http.StatusInternalServerError,
	"ServiceFailureException":     http.StatusInternalServerError,
	"ModelErrorException":         http.StatusFailedDependency,
	"ModelStreamErrorException":   http.StatusFailedDependency,
	"ModelTimeoutException":       http.StatusRequestTimeout,
	"AccessDeniedException":       http.StatusForbidden,
	"ExpiredTokenException":       http.StatusForbidden,
	"ResourceNotFoundException":   http.StatusNotFound,
	"ConflictException":           http.StatusConflict,
}

// fault returns the error called name as the service gives it; an empty name is
// the service's throttling. Polly throttles with status 400 (Polly developer
// guide, "Quotas").
func fault(s Service, name string) *awswire.Error {
	if name == "" || name == "ThrottlingException" {
		return throttling(s)
	}
	status, ok := statuses[name]
	if !ok {
		status = http.StatusBadRequest
	}
	return &awswire.Error{Status: status, Name: name, Message: "The stand-in was told to fail."}
}

func throttling(s Service) *awswire.Error {
	switch s {
	case Transcribe:
		return &awswire.Error{Status: http.StatusTooManyRequests, Name: "LimitExceededException",
			Message: "You have reached your concurrent stream limit. Wait until a stream has ended and try again."}
	case Polly:
		return awswire.BadRequest("ThrottlingException", "Rate exceeded")
	}
	return &awswire.Error{Status: http.StatusTooManyRequests, Name: "ThrottlingException",
		Message: "Too many requests, please wait before trying again."}
}

func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }
