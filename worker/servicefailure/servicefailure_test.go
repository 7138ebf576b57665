package servicefailure_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"casey.internal/shared/apperr"
	"casey.internal/worker/servicefailure"
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
		want servicefailure.Kind
	}{
		{api{"ThrottlingException", "Rate exceeded", 400}, servicefailure.Throttled},
		{api{"throttlingException", "mid-stream", 0}, servicefailure.Throttled},
		{api{"LimitExceededException", "", 429}, servicefailure.Throttled},
		{api{"modelStreamErrorException", "", 0}, servicefailure.Unavailable},
		{api{"InternalFailureException", "", 500}, servicefailure.Unavailable},
		{api{"UnknownError", "<html>", 502}, servicefailure.Unavailable},
		{api{"UnknownError", "{", 200}, servicefailure.Broken},
		{api{"BadRequestException", idle, 0}, servicefailure.Idle},
		{api{"BadRequestException", "unsupported encoding", 0}, servicefailure.Refused},
		{api{"ConflictException", "", 409}, servicefailure.Conflict},
		{api{"InvalidSignatureException", "", 403}, servicefailure.Refused},
		{api{"ValidationException", "", 400}, servicefailure.Refused},
		{io.ErrUnexpectedEOF, servicefailure.Broken},
		{context.DeadlineExceeded, servicefailure.TimedOut},
		{servicefailure.New("polly", servicefailure.TimedOut, "too slow"), servicefailure.TimedOut},
	} {
		err := servicefailure.Of("polly", fmt.Errorf("synthesize: %w", c.err))
		if got := servicefailure.KindOf(err); got != c.want {
			t.Errorf("%v: %s, want %s", c.err, got, c.want)
		}
		if f := apperr.Of(err); f.Code != apperr.Unavailable {
			t.Errorf("%v: a person is told %v", c.err, f)
		}
		if !errors.Is(err, c.err) {
			t.Errorf("%v: the cause is lost", c.err)
		}
	}
}

func TestAnEndThatWasAskedForIsNobodysFailure(t *testing.T) {
	if err := servicefailure.Of("polly", fmt.Errorf("x: %w", context.Canceled)); servicefailure.KindOf(err) != "" || err == nil {
		t.Errorf("got %v", err)
	}
	if servicefailure.Of("polly", nil) != nil {
		t.Error("nil became an error")
	}
}
