package failure_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"casey.internal/shared/fault"
	"casey.internal/worker/failure"
)

// api is an error as the SDKs give them: a code, a message and, before a
// stream, an HTTP status.
type api struct {
	code, message string
	status        int
}

func (e api) Error() string        { return e.code + " " + e.message }
func (e api) ErrorCode() string    { return e.code }
func (e api) ErrorMessage() string { return e.message }
func (e api) HTTPStatusCode() int  { return e.status }

func TestKinds(t *testing.T) {
	idle := "Your request timed out because no new audio was received for 15 seconds."
	for _, c := range []struct {
		err  error
		want failure.Kind
	}{
		{api{"ThrottlingException", "Rate exceeded", 400}, failure.Throttled},
		{api{"throttlingException", "mid-stream", 0}, failure.Throttled},
		{api{"LimitExceededException", "", 429}, failure.Throttled},
		{api{"modelStreamErrorException", "", 0}, failure.Unavailable},
		{api{"InternalFailureException", "", 500}, failure.Unavailable},
		{api{"UnknownError", "<html>", 502}, failure.Unavailable},
		{api{"UnknownError", "{", 200}, failure.Broken},
		{api{"BadRequestException", idle, 0}, failure.Idle},
		{api{"BadRequestException", "unsupported encoding", 0}, failure.Refused},
		{api{"ConflictException", "", 409}, failure.Conflict},
		{api{"InvalidSignatureException", "", 403}, failure.Refused},
		{api{"ValidationException", "", 400}, failure.Refused},
		{io.ErrUnexpectedEOF, failure.Broken},
		{context.DeadlineExceeded, failure.TimedOut},
		{failure.New("polly", failure.TimedOut, "too slow"), failure.TimedOut},
	} {
		err := failure.Of("polly", fmt.Errorf("synthesize: %w", c.err))
		if got := failure.KindOf(err); got != c.want {
			t.Errorf("%v: %s, want %s", c.err, got, c.want)
		}
		if f := fault.Of(err); f.Code != fault.Unavailable {
			t.Errorf("%v: a person is told %v", c.err, f)
		}
		if !errors.Is(err, c.err) {
			t.Errorf("%v: the cause is lost", c.err)
		}
	}
}

func TestAnEndThatWasAskedForIsNobodysFailure(t *testing.T) {
	if err := failure.Of("polly", fmt.Errorf("x: %w", context.Canceled)); failure.KindOf(err) != "" || err == nil {
		t.Errorf("got %v", err)
	}
	if failure.Of("polly", nil) != nil {
		t.Error("nil became an error")
	}
}
