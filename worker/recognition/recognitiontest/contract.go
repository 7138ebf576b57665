package recognitiontest

import (
	"context"
	"strings"
	"testing"
	"time"

	"casey.internal/worker/recognition"
)

// Subject is a recogniser under test, and audio that it understands.
type Subject struct {
	Recognizer recognition.Recognizer
	Chunks     [][]byte      // one stream's audio, ready to send, a Chunk long each, with a pause at its end
	Text       string        // what is said in it, in small letters without punctuation
	Pace       time.Duration // between two chunks
}

// Run checks what recognition relies on. start returns a new Subject for each part.
func Run(t *testing.T, start func(t *testing.T) Subject) {
	for name, part := range map[string]func(*testing.T, Subject){
		"words in order of time":          wordsInOrder,
		"close ends a silent stream":      closeEnds,
		"the context's end ends a stream": contextEnds,
		"a dead context starts nothing":   deadContext,
		"nothing can be sent after close": sendAfterClose,
	} {
		t.Run(name, func(t *testing.T) { part(t, start(t)) })
	}
}

// within is the time in which everything that should end at once must have ended.
const within = 5 * time.Second

// patience is the time that words may take on a busy machine.
const patience = time.Minute

func open(ctx context.Context, t *testing.T, s Subject) recognition.Stream {
	t.Helper()
	stream, err := s.Recognizer.Start(ctx)
	if err != nil {
		t.Fatalf("start: %v", err)
	}
	t.Cleanup(func() { _ = stream.Close() })
	return stream
}

func wordsInOrder(t *testing.T, s Subject) {
	stream := open(t.Context(), t, s)
	defer time.AfterFunc(patience, func() { _ = stream.Close() }).Stop()
	sent := make(chan error, 1)
	go func() { sent <- sendAll(stream, s) }()
	var finals []recognition.Result
	partial := map[string]bool{}
	for r, err := range stream.Results() {
		if err != nil {
			t.Fatalf("results: %v after %q", err, said(finals))
		}
		check(t, r)
		partial[r.ID] = partial[r.ID] || r.Partial
		if r.Partial {
			continue
		}
		if finals = append(finals, r); len(said(finals)) >= len(s.Text) {
			break
		}
	}
	if err := <-sent; err != nil {
		t.Errorf("send: %v", err)
	}
	for i, r := range finals {
		if !partial[r.ID] {
			t.Errorf("%q came without a partial result", r.Text)
		}
		if i > 0 && r.Start < finals[i-1].End {
			t.Errorf("%q begins before the end of %q", r.Text, finals[i-1].Text)
		}
	}
	if got := said(finals); got != s.Text {
		t.Errorf("recognised %q, said was %q", got, s.Text)
	}
}

// said returns the words of results.
func said(results []recognition.Result) string {
	var text []string
	for _, r := range results {
		text = append(text, plain(r.Text))
	}
	return strings.Join(text, " ")
}

func sendAll(stream recognition.Stream, s Subject) error {
	for _, c := range s.Chunks {
		if err := stream.Send(c, Chunk); err != nil {
			return err
		}
		<-time.After(s.Pace)
	}
	return nil
}

// check looks at one result by itself.
func check(t *testing.T, r recognition.Result) {
	t.Helper()
	if r.ID == "" || r.Text == "" || r.Start >= r.End {
		t.Errorf("result %+v", r)
	}
	last := r.Start
	for _, w := range r.Words {
		if w.Text == "" || w.Start > w.End || w.Start < last-10*time.Millisecond {
			t.Errorf("word %+v of %q", w, r.Text)
		}
		last = w.Start
	}
}

// plain returns text in small letters without punctuation.
func plain(text string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return strings.ContainsRune(" .,?!;:", r)
	}), " "))
}

func closeEnds(t *testing.T, s Subject) {
	stream := open(t.Context(), t, s)
	time.AfterFunc(10*time.Millisecond, func() { _ = stream.Close() })
	if results, err := drain(t, stream); results != 0 || err == nil {
		t.Errorf("%d results, %v", results, err)
	}
	if err := stream.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
}

func contextEnds(t *testing.T, s Subject) {
	ctx, cancel := context.WithCancel(t.Context())
	stream := open(ctx, t, s)
	time.AfterFunc(10*time.Millisecond, cancel)
	if results, err := drain(t, stream); results != 0 || err == nil {
		t.Errorf("%d results, %v", results, err)
	}
}

func deadContext(t *testing.T, s Subject) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if stream, err := s.Recognizer.Start(ctx); err == nil {
		_ = stream.Close()
		t.Error("a stream was started")
	}
}

func sendAfterClose(t *testing.T, s Subject) {
	stream := open(t.Context(), t, s)
	_ = stream.Close()
	if err := stream.Send(s.Chunks[0], Chunk); err == nil {
		t.Error("audio was taken by a closed stream")
	}
}

// drain reads the results to their end, which must come soon.
func drain(t *testing.T, stream recognition.Stream) (results int, reason error) {
	t.Helper()
	began := time.Now()
	for _, err := range stream.Results() {
		if err != nil {
			reason = err
			break
		}
		results++
	}
	if took := time.Since(began); took > within {
		t.Errorf("ended after %v", took)
	}
	return results, reason
}
