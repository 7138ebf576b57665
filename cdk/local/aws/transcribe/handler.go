// Package transcribe speaks the protocol of Amazon Transcribe streaming: a bidirectional HTTP/2 event stream with signed frames
// (Transcribe developer guide, "Setting up a streaming transcription", HTTP/2).
package transcribe

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"

	"casey.internal/cdk/local/aws/awswire"
	"casey.internal/cdk/local/aws/control"
	"casey.internal/cdk/local/aws/sigv4"
	"casey.internal/cdk/local/aws/transcribe/transcript"
)

// Limits are the times of a stream.
type Limits struct {
	// Idle is how long a stream may be without audio, 15 s at AWS.
	Idle time.Duration
	// Life is how long a stream may be, 4 h at AWS.
	Life time.Duration
}

// Handler answers StartStreamTranscription.
type Handler struct {
	engine   Engine
	limits   Limits
	count    func(foreign int)
	sessions sessions
}

// New returns a handler that hears with the engine. count is told of audio that belonged to another stream.
func New(engine Engine, limits Limits, count func(foreign int)) *Handler {
	return &Handler{engine: engine, limits: limits, count: count, sessions: sessions{ends: map[string]*context.CancelCauseFunc{}}}
}

var (
	errIdle = awswire.BadRequest("BadRequestException", "Your request timed out because no new audio was received for 15 seconds.")
	errLife = &awswire.Error{Status: http.StatusTooManyRequests, Name: "LimitExceededException",
		Message: "Your stream has run for as long as a stream may. Start a new one."}
)

// Serve answers one request whose signature was verified. It returns when the stream is over, with the reason if it is not the client's.
func (h *Handler) Serve(w http.ResponseWriter, r *http.Request, call *control.Call, grant sigv4.Grant) error {
	settings, err := parse(r.Header)
	if err != nil {
		return err
	}
	if r.ProtoMajor < 2 {
		return bad("Streaming needs HTTP/2.")
	}
	ear, err := h.engine.Open(settings)
	if err != nil {
		return err
	}
	defer ear.Close()
	ctx, end := context.WithCancelCause(r.Context())
	defer end(nil)
	defer h.sessions.enter(settings.Session, end)()

	request := awswire.NewID()
	call.Describe(request, settings.Session, settings.Encoding)
	echo(w.Header(), r.Header, settings.Session, request)
	out, err := awswire.NewStream(w, "Message")
	if err != nil {
		return err
	}
	s := &stream{ear: ear, out: out, call: call, audio: make(chan []byte), limits: h.limits}
	err = s.run(ctx, end, r.Body, grant)
	if n := ear.Foreign(); n > 0 {
		h.count(n)
	}
	if e, ok := errors.AsType[*awswire.Error](err); ok {
		return errors.Join(err, out.Exception(e.Name, e.Message))
	}
	return err
}

// echo gives back the request's settings, as the real service does.
func echo(to, from http.Header, session, request string) {
	for name, values := range from {
		if strings.HasPrefix(name, prefix) {
			to[name] = values
		}
	}
	to.Set(prefix+"Session-Id", session)
	to.Set("X-Amzn-Request-Id", request)
}

// stream is one transcription under way.
type stream struct {
	ear    Ear
	out    *awswire.Stream
	call   *control.Call
	audio  chan []byte
	limits Limits
}

// run reads and hears until the audio ends or ctx is cancelled; its cause says why.
func (s *stream) run(ctx context.Context, end context.CancelCauseFunc, body io.ReadCloser, grant sigv4.Grant) error {
	var reader sync.WaitGroup
	defer reader.Wait()
	defer func() {
		end(nil)         // wakes the reader where it passes audio on
		_ = body.Close() // and where it reads; the stream has its reason to end already
	}()
	reader.Go(func() {
		defer close(s.audio)
		if err := s.read(ctx, grant.Frames(body)); err != nil {
			end(err)
		}
	})
	return s.hear(ctx)
}

// read passes the audio on until it ends: nil for a proper end.
func (s *stream) read(ctx context.Context, frames *sigv4.Frames) error {
	for {
		event, err := frames.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if kind, ok := event.Headers.Get(":event-type").(eventstream.StringValue); !ok || kind != "AudioEvent" {
			return bad("The event is not an AudioEvent.")
		}
		if len(event.Payload) == 0 { // the documented end of audio
			return nil
		}
		select {
		case s.audio <- event.Payload:
		case <-ctx.Done():
			return nil
		}
	}
}

// hear turns audio into results.
func (s *stream) hear(ctx context.Context) error {
	idle := time.NewTimer(s.limits.Idle)
	defer idle.Stop()
	life := time.NewTimer(s.limits.Life)
	defer life.Stop()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-idle.C:
			return errIdle
		case <-life.C:
			return errLife
		case chunk, more := <-s.audio:
			if !more {
				return s.finish(ctx)
			}
			results, err := s.ear.Hear(chunk)
			if err != nil {
				return err
			}
			if err := s.send(ctx, results); err != nil {
				return err
			}
			idle.Reset(s.limits.Idle)
		}
	}
}

// finish sends what is left, unless the audio ended for a reason.
func (s *stream) finish(ctx context.Context) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if err := s.send(ctx, s.ear.End()); err != nil {
		return err
	}
	return s.event(ctx, transcript.NewEvent())
}

func (s *stream) send(ctx context.Context, results []transcript.Result) error {
	for _, r := range results {
		if err := s.event(ctx, transcript.NewEvent(r)); err != nil {
			return err
		}
	}
	return nil
}

func (s *stream) event(ctx context.Context, e transcript.Event) error {
	if err := s.call.Step(ctx); err != nil {
		return err
	}
	return s.out.Event("TranscriptEvent", e)
}
