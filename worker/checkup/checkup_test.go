package checkup_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/checkup"
	"casey.internal/worker/ears"
	"casey.internal/worker/ears/earstest"
	"casey.internal/worker/failure"
	"casey.internal/worker/interviewer/modeltest"
	"casey.internal/worker/session"
	"casey.internal/worker/speech/speechtest"
)

// page is where events arrive.
type page struct {
	mu     sync.Mutex
	events []any
}

func (p *page) Send(event any) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.events = append(p.events, event)
	return nil
}
func (*page) WriteRTP([]byte, uint32, bool) error { return nil }
func (*page) SendText([]byte) error               { return nil }
func (*page) SendBinary([]byte) error             { return nil }

// framing makes of each page what the recogniser in memory takes for the word.
type framing struct{}

func (framing) Frame([]byte) ([]byte, error) { return []byte("hello"), nil }

// world are services that can fail.
type world struct {
	voice *speechtest.Synthesizer
	ears  *earstest.Recognizer
	model *modeltest.Model
}

// run has a check-up made, and returns what the page is told.
func (w world) run(t *testing.T) channel.Checkup {
	t.Helper()
	var told channel.Checkup
	synctest.Test(t, func(t *testing.T) {
		events, out := make(chan any, 2), &page{}
		talk := checkup.New(func(session.Line) []checkup.Trial {
			return checkup.Services{
				Voice: w.voice, Ears: w.ears, Model: w.model, Framing: func() (ears.Framing, error) { return framing{}, nil },
			}.Trials()
		})
		done := make(chan error)
		go func() {
			done <- talk.Run(t.Context(), session.Line{Events: events, Out: out, Log: slog.New(slog.DiscardHandler)})
		}()
		events <- session.Opened{}
		time.Sleep(time.Minute)
		synctest.Wait()
		out.mu.Lock()
		if len(out.events) == 1 {
			told, _ = out.events[0].(channel.Checkup)
		}
		out.mu.Unlock()
		events <- &channel.End{}
		if err := <-done; err != nil {
			t.Errorf("ended by %v", err)
		}
	})
	return told
}

func healthy() world {
	return world{new(speechtest.Synthesizer), new(earstest.Recognizer), new(modeltest.Model)}
}

func TestAWordByEach(t *testing.T) {
	told := healthy().run(t)
	if len(told.Services) != 3 {
		t.Fatalf("told %+v", told)
	}
	for i, service := range []string{"Polly", "Transcribe", "Bedrock"} {
		if got := told.Services[i]; got.Service != service || got.Error != "" {
			t.Errorf("%+v", got)
		}
	}
}

// TestWhatFailsIsNamed by its code alone, and the others are tried all the same.
func TestWhatFailsIsNamed(t *testing.T) {
	denied := &failure.Error{Service: "x", Kind: failure.Refused, Code: "AccessDeniedException", Err: errors.New("arn:aws:iam::1:role/secret may not")}
	for name, c := range map[string]struct {
		set  func(world)
		want string
	}{
		"the model is refused": {func(w world) { w.model.Fail(denied) }, "Polly:, Transcribe:, Bedrock:AccessDeniedException"},
		"no voice":             {func(w world) { w.voice.FailAudio(denied) }, "Polly:AccessDeniedException, Transcribe:there was no voice to listen to, Bedrock:"},
		"no ears":              {func(w world) { w.ears.Refuse(denied) }, "Polly:, Transcribe:AccessDeniedException, Bedrock:"},
		"deaf ears":            {func(w world) { w.ears.Deafen(1) }, "Polly:, Transcribe:the word was not heard, Bedrock:"},
		"something else":       {func(w world) { w.ears.Refuse(errors.New("open /secret")) }, "Polly:, Transcribe:internal error, Bedrock:"},
		"it takes for ever":    {func(w world) { w.voice.Latency = time.Hour }, "Polly:no answer within 15s, Transcribe:there was no voice to listen to, Bedrock:"},
	} {
		w := healthy()
		c.set(w)
		var got []string
		for _, s := range w.run(t).Services {
			got = append(got, s.Service+":"+s.Error)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestItEndsWhenItHasTo(t *testing.T) {
	talk := checkup.New(func(session.Line) []checkup.Trial { return nil })
	for event, want := range map[any]error{session.HandOver{}: session.ErrHandedOver, session.Farewell{}: session.ErrDrained} {
		events := make(chan any, 1)
		events <- event
		if err := talk.Run(t.Context(), session.Line{Events: events}); !errors.Is(err, want) {
			t.Errorf("%T: %v", event, err)
		}
	}
	over, cancel := context.WithCancelCause(t.Context())
	cancel(io.EOF)
	if err := talk.Run(over, session.Line{}); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}
