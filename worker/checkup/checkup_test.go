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
	"casey.internal/worker/interviewer/modeltest"
	"casey.internal/worker/recognition"
	"casey.internal/worker/recognition/recognitiontest"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/session"
	"casey.internal/worker/speech/speechtest"
)

// page is where events arrive.
type page struct {
	mu     sync.Mutex
	events []channel.WorkerEvent
}

func (p *page) Send(event channel.WorkerEvent) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.events = append(p.events, event)
	return nil
}
func (*page) WriteRTP([]byte, uint32, bool) error { return nil }
func (*page) SendText([]byte) error               { return nil }
func (*page) SendBinary([]byte) error             { return nil }

// framing makes of each chunk what the recogniser in memory takes for the word.
type framing struct{}

func (framing) Frame([][]byte) ([]byte, error) { return []byte("hello"), nil }

// world are services that can fail.
type world struct {
	voice *speechtest.Synthesizer
	ears  *recognitiontest.Recognizer
	model *modeltest.Model
}

// run has a check-up made, and returns what the page is told.
func (w world) run(t *testing.T) channel.Checkup {
	t.Helper()
	var told channel.Checkup
	synctest.Test(t, func(t *testing.T) {
		events, out := make(chan session.Event, 2), &page{}
		talk := checkup.New(func(session.Media) []checkup.Trial {
			return checkup.Services{
				Voice: w.voice, Recognizer: w.ears, Model: w.model, Framing: func() (recognition.Framing, error) { return framing{}, nil },
			}.Trials()
		})
		done := make(chan error)
		go func() {
			done <- talk.Run(t.Context(), session.Media{Events: events, Out: out, Log: slog.New(slog.DiscardHandler)})
		}()
		events <- session.Opened{}
		time.Sleep(time.Minute)
		synctest.Wait()
		out.mu.Lock()
		if len(out.events) == 1 {
			told, _ = out.events[0].(channel.Checkup)
		}
		out.mu.Unlock()
		events <- session.Page{Event: &channel.End{}}
		if err := <-done; err != nil {
			t.Errorf("ended by %v", err)
		}
	})
	return told
}

func healthy() world {
	return world{new(speechtest.Synthesizer), new(recognitiontest.Recognizer), new(modeltest.Model)}
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
	denied := &servicefailure.Error{Service: "x", Kind: servicefailure.Refused, Code: "AccessDeniedException", Err: errors.New("arn:aws:iam::1:role/secret may not")}
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
	talk := checkup.New(func(session.Media) []checkup.Trial { return nil })
	for event, want := range map[session.Event]error{session.HandOver{}: session.ErrHandedOver, session.Farewell{}: session.ErrDrained} {
		events := make(chan session.Event, 1)
		events <- event
		if err := talk.Run(t.Context(), session.Media{Events: events}); !errors.Is(err, want) {
			t.Errorf("%T: %v", event, err)
		}
	}
	over, cancel := context.WithCancelCause(t.Context())
	cancel(io.EOF)
	if err := talk.Run(over, session.Media{}); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}
