package transcribe

import (
	"context"
	"errors"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"casey.internal/worker/recognition"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/usage"
)

var errClosed = errors.New("transcribe: stream closed")

// stream is one StartStreamTranscription call.
type stream struct {
	on       *connection
	reason   func(error) error // why something failed: the context's end, if it ended
	release  func()            // ends context and watch; harmless when repeated
	finished func(err error)   // reports usage; only the first call counts

	sent atomic.Int64 // time.Duration of audio, which is billed
}

func newStream(ctx context.Context, cancel context.CancelCauseFunc, c Config, on *connection, began time.Time) *stream {
	s := &stream{on: on, reason: func(err error) error { return servicefailure.Why(ctx, service, err) }}
	unwatch := context.AfterFunc(ctx, on.close)
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
	if err := s.on.audio.send(chunk); err != nil {
		return s.errorOf(err)
	}
	s.sent.Add(int64(length))
	return nil
}

// Results implements recognition.Stream.
func (s *stream) Results() iter.Seq2[recognition.Result, error] {
	return func(yield func(recognition.Result, error) bool) {
		for events := newEvents(s.on.results); ; {
			results, err := events.next()
			if err != nil {
				err = s.errorOf(err)
				s.finished(err)
				yield(recognition.Result{}, err)
				return
			}
			for _, r := range results {
				if result, ok := r.result(); ok && !yield(result, nil) {
					return
				}
			}
		}
	}
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
	s.on.close()
	s.finished(nil)
	return nil
}
