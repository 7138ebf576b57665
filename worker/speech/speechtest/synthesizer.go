// Package speechtest has a synthesizer that makes no sound, and the contract
// that it keeps as every synthesizer does.
package speechtest

import (
	"context"
	"io"
	"strings"
	"sync"
	"time"

	"casey.internal/worker/ogg"
	"casey.internal/worker/opus"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/speech"
)

const service = "speechtest"

// Word is the length of every word.
const Word = 300 * time.Millisecond

// packet is the length of every packet.
const packet = 20 * time.Millisecond

// Synthesizer says every word in the same time, in packets of 20 ms that carry
// their number within the text. The zero value is ready.
type Synthesizer struct {
	Latency      time.Duration // until the first byte of audio
	MarksLatency time.Duration

	mu         sync.Mutex
	audioErrs  []error
	marksErrs  []error
	breakAfter int
	stall      time.Duration
	texts      []string
}

// FailAudio makes the next calls for audio fail, one with each error.
func (s *Synthesizer) FailAudio(errs ...error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.audioErrs = append(s.audioErrs, errs...)
}

// FailMarks makes the next calls for marks fail, one with each error.
func (s *Synthesizer) FailMarks(errs ...error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.marksErrs = append(s.marksErrs, errs...)
}

// BreakAfter breaks all audio off after some bytes; 0 = never.
func (s *Synthesizer) BreakAfter(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.breakAfter = n
}

// Stall makes all audio wait in its middle.
func (s *Synthesizer) Stall(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stall = d
}

// Texts returns what audio was asked for.
func (s *Synthesizer) Texts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.texts...)
}

// Audio implements speech.Synthesizer.
func (s *Synthesizer) Audio(ctx context.Context, text string) (io.ReadCloser, error) {
	s.mu.Lock()
	s.texts = append(s.texts, text)
	err := pop(&s.audioErrs)
	breakAfter, stall := s.breakAfter, s.stall
	s.mu.Unlock()
	if err := answer(ctx, text, s.Latency, err); err != nil {
		return nil, err
	}
	data := voice(text)
	if breakAfter > 0 && breakAfter < len(data) {
		return &reader{done: ctx.Done(), data: data[:breakAfter], end: io.ErrUnexpectedEOF}, nil
	}
	return &reader{done: ctx.Done(), data: data, stallAt: len(data) / 2, stall: stall, end: io.EOF}, nil
}

// Marks implements speech.Synthesizer.
func (s *Synthesizer) Marks(ctx context.Context, text string) ([]speech.Mark, error) {
	s.mu.Lock()
	err := pop(&s.marksErrs)
	s.mu.Unlock()
	if err := answer(ctx, text, s.MarksLatency, err); err != nil {
		return nil, err
	}
	marks := []speech.Mark{{Kind: speech.SentenceMark, Value: text, End: len(text)}}
	at := 0
	for i, w := range strings.Fields(text) {
		time := time.Duration(i) * Word
		at += strings.Index(text[at:], w)
		marks = append(marks,
			speech.Mark{Time: time, Kind: speech.WordMark, Value: w, Start: at, End: at + len(w)},
			speech.Mark{Time: time, Kind: speech.VisemeMark, Value: "a"})
		at += len(w)
	}
	return marks, nil
}

// pop removes the first of errs.
func pop(errs *[]error) (first error) {
	if len(*errs) > 0 {
		first, *errs = (*errs)[0], (*errs)[1:]
	}
	return first
}

// answer is the part that every call has in common.
func answer(ctx context.Context, text string, latency time.Duration, err error) error {
	select {
	case <-time.After(latency):
	case <-ctx.Done():
	}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return err
	case text == "" || len(text) > 6000:
		return servicefailure.New(service, servicefailure.Refused, "a text of %d bytes", len(text))
	}
	return nil
}

// voice returns a text as an Ogg Opus stream.
func voice(text string) []byte {
	var stream []byte
	mux := ogg.NewMuxer(1)
	for i := range len(strings.Fields(text)) * int(Word/packet) {
		stream, _ = mux.Append(stream, Packet(i)) // well formed
	}
	return stream
}

// Packet returns packet i of every text.
func Packet(i int) []byte {
	return append(opus.Silence(), byte(i>>8), byte(i))
}

// reader gives its data in pieces, with a stall in between.
type reader struct {
	done    <-chan struct{}
	data    []byte
	read    int
	stallAt int
	stall   time.Duration
	end     error
}

func (r *reader) Read(p []byte) (int, error) {
	if r.read >= len(r.data) {
		return 0, r.end
	}
	if r.stall > 0 && r.read >= r.stallAt {
		select {
		case <-time.After(r.stall):
		case <-r.done:
			return 0, context.Canceled
		}
		r.stall = 0
	}
	n := copy(p[:min(len(p), 64)], r.data[r.read:])
	r.read += n
	return n, nil
}

func (r *reader) Close() error { return nil }
