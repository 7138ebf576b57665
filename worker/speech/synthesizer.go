// Package speech says things: it turns sentences into utterances, prepares each
// ahead of its playback, paces their Opus packets into RTP and knows what has
// been sent, so that the record can hold what was heard and no more.
package speech

import (
	"context"
	"io"
	"time"
)

// Synthesizer turns text into a voice: Amazon Polly in production (worker/polly).
type Synthesizer interface {
	// Audio returns the spoken text as an Ogg Opus stream at 48 kHz (or MP3,
	// as configured). What is read comes as it is made; closing the reader
	// releases the call. Failures, here and while reading, are of type
	// *servicefailure.Error.
	Audio(ctx context.Context, text string) (io.ReadCloser, error)
	// Marks returns when what of the text is said in Audio, in order of time.
	Marks(ctx context.Context, text string) ([]Mark, error)
}

// The kinds of Mark.
const (
	SentenceMark = "sentence"
	WordMark     = "word"
	VisemeMark   = "viseme"
)

// Mark says that something begins at a time of an utterance's audio.
type Mark struct {
	Time       time.Duration // since the beginning of the audio
	Kind       string
	Value      string // the word or sentence as written, the viseme's code
	Start, End int    // where in the text it stands, in bytes; 0, 0 for visemes
}
