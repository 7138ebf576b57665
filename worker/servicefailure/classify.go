package servicefailure

import (
	"errors"
	"net/http"
	"strings"
)

// apiError has the methods that errors of the AWS SDKs share (smithy.APIError).
type apiError interface {
	error
	ErrorCode() string
	ErrorMessage() string
}

// codes maps the error codes of Transcribe streaming, Bedrock runtime and
// Polly as their API references name them. In-stream exceptions of Bedrock
// arrive with a small first letter; see classify.
var codes = map[string]Kind{
	"ThrottlingException":           Throttled, // Polly sends it with HTTP 400
	"TooManyRequestsException":      Throttled,
	"LimitExceededException":        Throttled, // Transcribe: streams, starts a second, or four hours
	"ServiceQuotaExceededException": Throttled,
	"ModelNotReadyException":        Unavailable,
	"ModelTimeoutException":         Unavailable,
	"ModelErrorException":           Unavailable,
	"ModelStreamErrorException":     Unavailable,
	"ServiceUnavailableException":   Unavailable,
	"ServiceUnavailable":            Unavailable,
	"ServiceFailureException":       Unavailable,
	"InternalFailureException":      Unavailable,
	"InternalFailure":               Unavailable,
	"InternalServerException":       Unavailable,
	"ConflictException":             Conflict,
}

func classify(err error) (Kind, string) {
	api, ok := errors.AsType[apiError](err)
	if !ok {
		return byStatus(err), string(byStatus(err))
	}
	code := api.ErrorCode()
	if code == "BadRequestException" && strings.Contains(api.ErrorMessage(), "no new audio") {
		return Idle, code
	}
	if kind, known := codes[upperFirst(code)]; known {
		return kind, code
	}
	if kind := byStatus(err); kind != Broken || code == "UnknownError" {
		return kind, code
	}
	return Refused, code // an exception that is known by name alone: validation and its kin
}

// byStatus falls back to the HTTP status, for what proxies and gateways say.
func byStatus(err error) Kind {
	response, ok := errors.AsType[interface {
		error
		HTTPStatusCode() int
	}](err)
	if !ok {
		return Broken
	}
	switch status := response.HTTPStatusCode(); {
	case status == http.StatusTooManyRequests:
		return Throttled
	case status >= http.StatusInternalServerError:
		return Unavailable
	case status >= http.StatusBadRequest:
		return Refused
	}
	return Broken
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
