// Package recognition is supervised speech recognition: it takes a candidate's
// audio as it comes and gives what was said, on one timeline, whatever happens to
// the recogniser's streams meanwhile.
package recognition

import (
	"context"
	"iter"
	"time"
)

// Recognizer starts streams of speech recognition: Amazon Transcribe in
// production (worker/transcribe).
type Recognizer interface {
	// Start opens a stream and returns when it takes audio. ctx governs the
	// stream's whole life, not the start alone; the implementation limits how
	// long the start may take. Failures are of type *servicefailure.Error.
	Start(ctx context.Context) (Stream, error)
}

// Stream is one stream of recognition. One goroutine sends while another reads
// the results; Close may be called by anybody at any time.
type Stream interface {
	// Send hands over a chunk of audio, of a length of at most a second, at about
	// the speed of speech. It may block when the service reads slowly; Close ends
	// that. It fails once the stream has ended; Results tells why it ended.
	Send(chunk []byte, length time.Duration) error
	// Results yields results until the stream ends, with the reason as its last
	// pair. To be read once.
	Results() iter.Seq2[Result, error]
	// Close ends the stream at once and releases it; results that were not read
	// are lost. Closing twice is harmless.
	Close() error
}

// Result has what was recognised of one stretch of speech so far. Results with
// the same ID replace each other until one is not Partial.
type Result struct {
	ID         string
	Partial    bool
	Start, End time.Duration // since the stream began; from a Recognition since that began
	Text       string
	Words      []Word
}

// began returns where the first word begins.
func (r Result) began() time.Duration {
	if len(r.Words) == 0 {
		return r.Start
	}
	return r.Words[0].Start
}

// Word is one word or punctuation mark of a Result.
type Word struct {
	Text        string
	Start, End  time.Duration
	Stable      bool // will not change any more in later partial results
	Punctuation bool
	Confidence  float64 // 0 to 1; 0 = not given (partial results)
}
