package speechtest

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"casey.internal/worker/ogg"
	"casey.internal/worker/opus"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/speech"
)

// Texts are said by every synthesizer under test.
const (
	shortText = "Hello."
	longText  = "Tell me about a project that you are proud of, and about your own part in it."
)

// Run checks what a Voice relies on. start returns a synthesizer for each part.
func Run(t *testing.T, start func(t *testing.T) speech.Synthesizer) {
	for name, part := range map[string]func(*testing.T, speech.Synthesizer){
		"audio is Ogg Opus of a likely length": audio,
		"marks name every word and its place":  marks,
		"nothing and too much are refused":     refusals,
		"a dead context asks for nothing":      deadContext,
		"what is read half can be closed":      halfRead,
	} {
		t.Run(name, func(t *testing.T) { part(t, start(t)) })
	}
}

// length synthesises a text and returns how long it is.
func length(t *testing.T, s speech.Synthesizer, text string) time.Duration {
	t.Helper()
	r, err := s.Audio(t.Context(), text)
	if err != nil {
		t.Fatalf("audio: %v", err)
	}
	defer func() { _ = r.Close() }()
	var total int64
	for packets := ogg.NewDemuxer(r); ; {
		_, samples, err := packets.Next()
		if errors.Is(err, io.EOF) {
			return opus.Duration(total)
		}
		if err != nil {
			t.Fatalf("audio: %v", err)
		}
		total += int64(samples)
	}
}

func audio(t *testing.T, s speech.Synthesizer) {
	short, long := length(t, s, shortText), length(t, s, longText)
	if short < 200*time.Millisecond || short > 3*time.Second {
		t.Errorf("%q lasts %v", shortText, short)
	}
	if long < 2*short || long > 12*time.Second {
		t.Errorf("%q lasts %v, %q %v", longText, long, shortText, short)
	}
}

func marks(t *testing.T, s speech.Synthesizer) {
	got, err := s.Marks(t.Context(), longText)
	if err != nil {
		t.Fatal(err)
	}
	end := length(t, s, longText)
	words, visemes, last := 0, 0, time.Duration(0)
	for _, m := range got {
		if m.Time < last || m.Time > end {
			t.Errorf("mark %+v after %v of %v", m, last, end)
		}
		last = m.Time
		switch m.Kind {
		case speech.WordMark:
			words++
			if m.Start >= m.End || m.End > len(longText) || longText[m.Start:m.End] != m.Value {
				t.Errorf("word %+v is not there", m)
			}
		case speech.VisemeMark:
			visemes++
		}
	}
	if want := len(strings.Fields(longText)); words != want || visemes < want {
		t.Errorf("%d words and %d visemes for %d words", words, visemes, want)
	}
}

func refusals(t *testing.T, s speech.Synthesizer) {
	for _, text := range []string{"", strings.Repeat("word ", 1300)} {
		if r, err := s.Audio(t.Context(), text); servicefailure.KindOf(err) != servicefailure.Refused {
			t.Errorf("audio of %d bytes: %v, %v", len(text), r, err)
		}
		if _, err := s.Marks(t.Context(), text); servicefailure.KindOf(err) != servicefailure.Refused {
			t.Errorf("marks of %d bytes: %v", len(text), err)
		}
	}
}

func deadContext(t *testing.T, s speech.Synthesizer) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Audio(ctx, shortText); !errors.Is(err, context.Canceled) {
		t.Errorf("audio: %v", err)
	}
	if _, err := s.Marks(ctx, shortText); !errors.Is(err, context.Canceled) {
		t.Errorf("marks: %v", err)
	}
}

func halfRead(t *testing.T, s speech.Synthesizer) {
	r, err := s.Audio(t.Context(), longText)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(r, make([]byte, 100)); err != nil {
		t.Errorf("read: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if length(t, s, shortText) == 0 {
		t.Error("nothing could be said after that")
	}
}
