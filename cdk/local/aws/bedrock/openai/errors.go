package openai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"casey.internal/cdk/local/aws/awswire"
)

// errStalled is why a call ends whose server says nothing.
var errStalled = errors.New("the model server says nothing")

// refusal is an answer that is none.
type refusal struct {
	status int
	page   bool   // it is a web page
	words  string // the server's
}

// Error is what the server said.
func (r *refusal) Error() string { return fmt.Sprintf("HTTP %d: %s", r.status, r.words) }

// shown is an error before an answer has begun as AWS would show it. A caller's
// own end of ctx is its own.
func (c *Client) shown(ctx context.Context, err error) error {
	if r, ok := errors.AsType[*refusal](err); ok {
		return c.refusal(r)
	}
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errStalled):
		return &awswire.Error{Status: http.StatusRequestTimeout, Name: "ModelTimeoutException",
			Message: fmt.Sprintf("The model server at %s has said nothing for %v.", c.config.URL, c.config.Patience)}
	case cause != nil:
		return cause
	}
	return &awswire.Error{Status: http.StatusServiceUnavailable, Name: "ServiceUnavailableException",
		Message: fmt.Sprintf("No model server answers at %s (%v). Start it, or look at LLM=.", c.config.URL, rootOf(err))}
}

// rootOf is the innermost error, which is the one for people: "connection refused".
func rootOf(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

// refusal says what a server's refusal means.
func (c *Client) refusal(r *refusal) *awswire.Error {
	said := strings.ToLower(r.words)
	unknown := strings.Contains(said, "model") && (strings.Contains(said, "not found") || strings.Contains(said, "does not exist") ||
		strings.Contains(said, "no models loaded") || strings.Contains(said, "could not load") || strings.Contains(said, "invalid model") || strings.Contains(said, "unknown model"))
	e := func(status int, name, format string, values ...any) *awswire.Error {
		return &awswire.Error{Status: status, Name: name, Message: fmt.Sprintf(format, values...)}
	}
	switch {
	case r.page:
		return e(http.StatusNotFound, "ResourceNotFoundException", "%s answers with a web page: LLM= is the address of the API, which for most servers ends in /v1.", c.config.URL)
	case r.status == http.StatusUnauthorized || r.status == http.StatusForbidden:
		return e(http.StatusForbidden, "AccessDeniedException", "The model server at %s wants a key, or another one: set LLM_API_KEY. It says: %s", c.config.URL, r.words)
	case r.status == http.StatusTooManyRequests:
		return e(http.StatusTooManyRequests, "ThrottlingException", "The model server has too much to do. It says: %s", r.words)
	case unknown:
		return e(http.StatusNotFound, "ResourceNotFoundException", "The model server has no model %q: name another one by MODEL=, or have the server fetch it. It says: %s", c.config.Model, r.words)
	case r.status == http.StatusNotFound:
		return e(http.StatusNotFound, "ResourceNotFoundException", "There is no chat/completions at %s: LLM= is the address of the API, which for most servers ends in /v1.", c.config.URL)
	case r.status == http.StatusServiceUnavailable:
		return e(http.StatusServiceUnavailable, "ServiceUnavailableException", "The model server is not ready. It says: %s", r.words)
	case r.status >= http.StatusInternalServerError:
		return e(http.StatusInternalServerError, "InternalServerException", "The model server failed with HTTP %d. It says: %s", r.status, r.words)
	}
	return e(http.StatusBadRequest, "ValidationException", "The model server refuses the request with HTTP %d. It says: %s", r.status, r.words)
}

// broken is what is wrong with an answer that had begun.
func broken(format string, values ...any) *awswire.Error {
	return &awswire.Error{Status: http.StatusFailedDependency, Name: "ModelStreamErrorException", Message: fmt.Sprintf(format, values...)}
}
