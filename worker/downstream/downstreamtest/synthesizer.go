package downstreamtest

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"
	"time"

	"casey.internal/shared/clock"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/speech"
)

// Word is the length of every word, in frames of 24 ms.
const (
	Word    = perWord * frame
	perWord = 13
	frame   = 24 * time.Millisecond
)

// header is that of Polly's frames: 24 kHz, 48 kbit/s, mono.
const (
	header    = "\xff\xf3\x64\xc4"
	frameSize = 144
	textAt    = 24 // of the word in a frame
)

// Synthesizer makes MP3s without sound whose frames name the word that they are
// part of. The zero value is ready and takes no time.
type Synthesizer struct {
	Audios func(text string) (time.Duration, error) // how long the audio takes, and how it fails
	Marked func(text string) (time.Duration, error) // the same of the marks

	mu    sync.Mutex
	texts []string
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
	s.mu.Unlock()
	if err := answer(ctx, text, s.Audios); err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(Voice(text))), nil
}

// Marks implements speech.Synthesizer: a viseme for each word, and one where the
// mouth closes.
func (s *Synthesizer) Marks(ctx context.Context, text string) ([]speech.Mark, error) {
	if err := answer(ctx, text, s.Marked); err != nil {
		return nil, err
	}
	var marks []speech.Mark
	at, from := time.Duration(0), 0
	for word := range strings.FieldsSeq(text) {
		from += strings.Index(text[from:], word)
		marks = append(marks,
			speech.Mark{Time: at, Kind: speech.WordMark, Value: word, Start: from, End: from + len(word)},
			speech.Mark{Time: at, Kind: speech.VisemeMark, Value: "a"})
		at, from = at+Word, from+len(word)
	}
	return append(marks, speech.Mark{Time: at - frame, Kind: speech.VisemeMark, Value: "sil"}), nil
}

func answer(ctx context.Context, text string, how func(string) (time.Duration, error)) error {
	var takes time.Duration
	var err error
	if how != nil {
		takes, err = how(text)
	}
	if err := clock.Sleep(ctx, takes); err != nil {
		return err
	}
	if err == nil && text == "" {
		return servicefailure.New("downstreamtest", servicefailure.Refused, "an empty text")
	}
	return err
}

// Voice returns a text as an MP3.
func Voice(text string) (file []byte) {
	for word := range strings.FieldsSeq(text) {
		for i := range perWord {
			f := make([]byte, frameSize)
			copy(f, header)
			f[textAt] = byte(i)
			copy(f[textAt+1:], word)
			file = append(file, f...)
		}
	}
	return file
}

// read returns the word that a frame names, and which of its frames it is.
func read(f []byte) (word string, number int) {
	return string(bytes.TrimRight(f[textAt+1:], "\x00")), int(f[textAt])
}
