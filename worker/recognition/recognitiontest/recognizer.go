// Package recognitiontest has a recogniser whose audio is text, and the contract
// that it keeps as every recogniser does.
package recognitiontest

import (
	"context"
	"iter"
	"strconv"
	"strings"
	"sync"
	"time"

	"casey.internal/worker/recognition"
	"casey.internal/worker/servicefailure"
)

const service = "recognitiontest"

// Chunk is the length of each chunk of audio.
const Chunk = 100 * time.Millisecond

// Silence is a chunk in which nobody speaks; any other chunk is the word in it.
const Silence = " "

// pause is the number of silent chunks that ends a segment.
const pause = 5

// Recognizer hears words that are sent to it as text, a chunk each. The zero
// value is ready.
type Recognizer struct {
	mu      sync.Mutex
	refuse  []error
	deaf    int
	streams []*Stream
}

// Refuse makes the next starts fail, one with each error.
func (r *Recognizer) Refuse(errs ...error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refuse = append(r.refuse, errs...)
}

// Deafen makes the next n streams take audio and recognise nothing.
func (r *Recognizer) Deafen(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.deaf = n
}

// Streams returns the streams that were started, oldest first.
func (r *Recognizer) Streams() []*Stream {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]*Stream(nil), r.streams...)
}

// Start implements recognition.Recognizer.
func (r *Recognizer) Start(ctx context.Context) (recognition.Stream, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if len(r.refuse) > 0 {
		err := r.refuse[0]
		r.refuse = r.refuse[1:]
		return nil, err
	}
	s := &Stream{changed: make(chan struct{}, 1), done: make(chan struct{}), open: make(chan struct{}), deaf: r.deaf > 0}
	r.deaf--
	close(s.open)
	context.AfterFunc(ctx, func() { s.Fail(context.Cause(ctx)) })
	r.streams = append(r.streams, s)
	return s, nil
}

// Stream implements recognition.Stream.
type Stream struct {
	changed chan struct{}
	done    chan struct{} // closed when there will be no more results
	deaf    bool

	mu      sync.Mutex
	open    chan struct{} // closed while audio is taken
	chunks  []string
	words   []recognition.Word // of the segment that is being spoken
	quiet   int                // silent chunks since its last word
	segment int
	results []recognition.Result
	ended   bool
	err     error
}

// Chunks returns what the stream was sent.
func (s *Stream) Chunks() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.chunks...)
}

// Stall makes Send block until the stream ends.
func (s *Stream) Stall() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = make(chan struct{})
}

// Fail ends the stream with err, after the results that it has given.
func (s *Stream) Fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		s.ended, s.err = true, err
		close(s.done)
	}
}

// Send implements recognition.Stream.
func (s *Stream) Send(chunk []byte, _ time.Duration) error {
	s.mu.Lock()
	open := s.open
	s.mu.Unlock()
	select {
	case <-open:
	case <-s.done:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return servicefailure.New(service, servicefailure.Broken, "stream closed")
	}
	s.hear(string(chunk))
	return nil
}

// hear recognises one chunk; the caller holds the lock.
func (s *Stream) hear(chunk string) {
	at := time.Duration(len(s.chunks)) * Chunk
	s.chunks = append(s.chunks, chunk)
	if s.deaf {
		return
	}
	if chunk == Silence {
		if s.quiet++; s.quiet >= pause {
			s.give(false)
		}
		return
	}
	s.quiet = 0
	s.words = append(s.words, recognition.Word{Text: chunk, Start: at, End: at + Chunk})
	for i := range s.words[:len(s.words)-1] {
		s.words[i].Stable = true
	}
	s.give(true)
}

// give adds a result; a final one begins the next segment.
func (s *Stream) give(partial bool) {
	if len(s.words) == 0 {
		return
	}
	text := make([]string, len(s.words))
	for i, w := range s.words {
		text[i] = w.Text
	}
	s.results = append(s.results, recognition.Result{
		ID: strconv.Itoa(s.segment), Partial: partial,
		Start: s.words[0].Start, End: s.words[len(s.words)-1].End,
		Text: strings.Join(text, " "), Words: append([]recognition.Word(nil), s.words...),
	})
	if !partial {
		s.segment++
		s.words = nil
	}
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// Results implements recognition.Stream.
func (s *Stream) Results() iter.Seq2[recognition.Result, error] {
	return func(yield func(recognition.Result, error) bool) {
		for {
			r, ok, err := s.next()
			switch {
			case ok && !yield(r, nil):
				return
			case ok:
				continue
			case err != nil:
				yield(recognition.Result{}, err)
				return
			}
			select {
			case <-s.changed:
			case <-s.done:
			}
		}
	}
}

// next removes the next result; err is why there will be none.
func (s *Stream) next() (r recognition.Result, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.results) > 0 {
		r, s.results = s.results[0], s.results[1:]
		return r, true, nil
	}
	return r, false, s.err
}

// Close implements recognition.Stream.
func (s *Stream) Close() error {
	s.Fail(context.Canceled)
	return nil
}
