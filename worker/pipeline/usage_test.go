package pipeline_test

import (
	"context"
	"io"
	"iter"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/pacing"
	"casey.internal/worker/pipeline"
	"casey.internal/worker/recognition"
	"casey.internal/worker/recognition/recognitiontest"
	"casey.internal/worker/session"
	"casey.internal/worker/speech"
	"casey.internal/worker/speech/speechtest"
	"casey.internal/worker/usage"
)

// book keeps for which turn each service was called.
type book struct {
	mu    sync.Mutex
	turns map[string][]int
}

func (b *book) note(service string, turn int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turns[service] = append(b.turns[service], turn)
}

// voice, mind and stream are services that say for which turn they were called.
type (
	voice struct {
		speechtest.Synthesizer
		book *book
	}
	mind struct {
		model
		book *book
	}
	stream struct {
		recognition.Stream
		close func()
	}
	toHearing struct {
		recognitiontest.Recognizer
		turn func() int
		book *book
	}
)

func (v *voice) Audio(ctx context.Context, text string) (io.ReadCloser, error) {
	v.book.note("audio", usage.TurnOf(ctx))
	return v.Synthesizer.Audio(ctx, text)
}

func (v *voice) Marks(ctx context.Context, text string) ([]speech.Mark, error) {
	v.book.note("marks", usage.TurnOf(ctx))
	return v.Synthesizer.Marks(ctx, text)
}

func (m mind) Converse(ctx context.Context, r interviewer.Request) iter.Seq2[interviewer.Delta, error] {
	m.book.note(r.Tools[0].Name, usage.TurnOf(ctx))
	return m.model.Converse(ctx, r)
}

func (h *toHearing) Start(ctx context.Context) (recognition.Stream, error) {
	s, err := h.Recognizer.Start(ctx)
	return stream{s, sync.OnceFunc(func() { h.book.note("stream", h.turn()) })}, err
}

func (s stream) Close() error {
	s.close()
	return s.Stream.Close()
}

// TestEveryCallIsForATurn: greeting, answer, closing words and report; the
// stream was prepared before the first of them, and ends after the last.
func TestEveryCallIsForATurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := &book{turns: map[string][]int{}}
		ctx, cancel := context.WithCancel(t.Context())
		p, wheel := newPage(), pacing.New()
		var tasks sync.WaitGroup
		tasks.Go(func() { _ = wheel.Run(ctx) })
		config := usual(coach(t), mind{model{said: "I see."}, calls}, wheel)
		config.Voice = voices(&voice{book: calls})
		config.Recognizer = func(_ interview.SessionID, turn func() int) recognition.Recognizer {
			return &toHearing{turn: turn, book: calls}
		}
		prepared, err := pipeline.New(config).Prepare(ctx, "s")
		if err != nil {
			t.Fatal(err)
		}
		tasks.Go(func() {
			p.events <- session.Opened{}
			p.quiet(15 * time.Second)
			p.speak("I build bridges.")
			p.quiet(5 * time.Second)
			p.events <- session.Page{Event: &channel.End{}}
			p.quiet(15 * time.Second)
		})
		reason := prepared.Run(ctx, session.Media{
			Session: interview.Session{ID: "s"}, Packets: p.packets, Events: p.events, Out: p, Book: p, Log: slog.New(slog.DiscardHandler),
		})
		go func() { // whatever the script still says
			for range p.packets {
				continue
			}
		}()
		cancel()
		tasks.Wait()
		close(p.packets)
		last := len(p.record())
		if reason != nil || last != 4 {
			t.Fatalf("%v, %q", reason, p.record())
		}
		for service, want := range map[string][]int{"stream": {last}, "report": {last}, "review": {last}, "audio": {1, 3, last}, "marks": {1, 3, last}} {
			got := slices.Compact(slices.Sorted(slices.Values(calls.turns[service])))
			if !slices.Equal(got, want) {
				t.Errorf("%s was called for turns %v, want %v", service, got, want)
			}
		}
		for service, turns := range calls.turns {
			if slices.Contains(turns, 0) {
				t.Errorf("%s was called for no turn: %v", service, turns)
			}
		}
	})
}
