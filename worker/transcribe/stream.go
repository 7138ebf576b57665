package transcribe

import (
	"context"
	"errors"
	"io"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/transcribestreaming"
	"github.com/aws/aws-sdk-go-v2/service/transcribestreaming/types"

	"casey.internal/worker/recognition"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/usage"
)

var errClosed = errors.New("transcribe: stream closed")

// stream is one StartStreamTranscription call.
type stream struct {
	events   *transcribestreaming.StartStreamTranscriptionEventStream
	send     func(types.AudioStream) error // bound to the stream's context
	reason   func(error) error             // why something failed: the context's end, if it ended
	release  func()                        // ends context and watch; harmless when repeated
	end      func()                        // of the SDK's side; likewise
	finished func(err error)               // reports usage; only the first call counts

	sent atomic.Int64 // time.Duration of audio, which is billed
}

func newStream(ctx context.Context, cancel context.CancelCauseFunc, c Config,
	events *transcribestreaming.StartStreamTranscriptionEventStream, on *connection, began time.Time) *stream {
	s := &stream{
		events: events,
		send:   func(e types.AudioStream) error { return events.Send(ctx, e) },
		reason: func(err error) error { return servicefailure.Why(ctx, service, err) },
		end: func() {
			_ = events.Close() // its error is the one that Results had
			on.drain()
		},
	}
	// The SDK does not notice its context's end while no audio flows.
	unwatch := context.AfterFunc(ctx, s.end)
	s.release = func() {
		unwatch()
		cancel(errClosed)
	}
	var once sync.Once
	s.finished = func(err error) {
		once.Do(func() {
			c.Report.Send(usage.Call{
				Session: c.Session, Turn: c.Turn(), Service: service, Operation: operation + " " + string(c.Input),
				Started: began, Audio: time.Duration(s.sent.Load()), Code: servicefailure.CodeOf(err),
			})
		})
	}
	return s
}

// Send implements recognition.Stream.
func (s *stream) Send(chunk []byte, length time.Duration) error {
	if len(chunk) == 0 {
		return nil // an empty AudioEvent would end the stream
	}
	if err := s.send(&types.AudioStreamMemberAudioEvent{Value: types.AudioEvent{AudioChunk: chunk}}); err != nil {
		return s.errorOf(err)
	}
	s.sent.Add(int64(length))
	return nil
}

// Results implements recognition.Stream.
func (s *stream) Results() iter.Seq2[recognition.Result, error] {
	return func(yield func(recognition.Result, error) bool) {
		for event := range s.events.Events() {
			transcript, ok := event.(*types.TranscriptResultStreamMemberTranscriptEvent)
			if !ok || transcript.Value.Transcript == nil {
				continue // a kind of event that is newer than this code
			}
			for _, r := range transcript.Value.Transcript.Results {
				if result, ok := resultOf(r); ok && !yield(result, nil) {
					return
				}
			}
		}
		err := s.endReason()
		s.finished(err)
		yield(recognition.Result{}, err)
	}
}

// endReason returns why there are no more events.
func (s *stream) endReason() error {
	if err := s.events.Err(); err != nil {
		return s.errorOf(err)
	}
	if err := s.errorOf(nil); err != nil {
		return err
	}
	return servicefailure.Of(service, io.ErrUnexpectedEOF)
}

// errorOf is reason, with our own Close as an ordinary cancellation.
func (s *stream) errorOf(err error) error {
	if err = s.reason(err); errors.Is(err, errClosed) {
		return context.Canceled
	}
	return err
}

// Close implements recognition.Stream.
func (s *stream) Close() error {
	s.release()
	s.end()
	s.finished(nil)
	return nil
}
