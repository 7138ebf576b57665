package speech

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"casey.internal/worker/failure"
	"casey.internal/worker/ogg"
	"casey.internal/worker/pacing"
)

// Config says how a Voice speaks.
type Config struct {
	Synthesizer Synthesizer
	Out         Out
	Wheel       *pacing.Wheel // must run
	Frame       time.Duration // of a packet: 20 ms (default) or 40 ms
	Cache       *Cache        // of what was said before in this voice; nil = none

	// Open takes the Opus packets out of the synthesizer's audio; default: Ogg
	// Opus, as it is.
	Open func(audio io.Reader) Packets

	Log *slog.Logger // default: none
}

// Packets are the Opus packets of an audio stream. Next returns the next one,
// valid until the following call, with its length in samples at 48 kHz, and
// io.EOF after the last. PreSkip is how many samples at the beginning are the
// encoder's lookahead.
type Packets interface {
	Next() (packet []byte, samples int, err error)
	PreSkip() int
}

// Voice is the interviewer's voice in one session.
type Voice struct {
	config Config
	mouth  *mouth
	turn   chan struct{} // held by the utterance that is played
	calls  chan struct{} // one for each synthesis in progress
	tasks  sync.WaitGroup
}

// inProgress is how many utterances of a session are synthesised at once: the
// one that is about to be said and the next.
const inProgress = 2

// New returns a silent Voice.
func New(c Config) *Voice {
	if c.Frame == 0 {
		c.Frame = 20 * time.Millisecond
	}
	if c.Open == nil {
		c.Open = func(audio io.Reader) Packets { return ogg.NewDemuxer(audio) }
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Voice{
		config: c,
		mouth:  newMouth(c.Out, c.Wheel, c.Frame),
		turn:   make(chan struct{}, 1),
		calls:  make(chan struct{}, inProgress),
	}
}

// Close waits for whatever is in progress; the contexts that were given to
// Prepare must have ended. The line rests afterwards.
func (v *Voice) Close() {
	v.tasks.Wait()
	v.mouth.line.Stop()
}

// Prepare begins to synthesise text, which is made speakable first, and returns
// at once. ctx governs the synthesis. To be one ahead, prepare the next sentence
// when one begins to be played.
func (v *Voice) Prepare(ctx context.Context, text string) *Utterance {
	u := &Utterance{voice: v, text: Speakable(text), requested: time.Now(), marked: make(chan struct{})}
	if line, ok := v.config.Cache.get(u.text); ok {
		u.recording, u.marks = line.recording, line.marks
		close(u.marked)
		return u
	}
	u.recording = newRecording()
	if u.text == "" {
		u.recording.end(nil)
		close(u.marked)
		return u
	}
	v.tasks.Go(func() { v.synthesize(ctx, u) })
	return u
}

// synthesize asks for audio and marks at once.
func (v *Voice) synthesize(ctx context.Context, u *Utterance) {
	select {
	case v.calls <- struct{}{}:
		defer func() { <-v.calls }()
	case <-ctx.Done():
		u.recording.end(context.Cause(ctx))
		close(u.marked)
		return
	}
	var both sync.WaitGroup
	both.Go(func() {
		defer close(u.marked)
		marks, err := v.config.Synthesizer.Marks(ctx, u.text)
		if err != nil {
			v.config.Log.Warn("speaking without marks", "error", err)
		}
		u.marks, u.unmarked = marks, err
	})
	err := v.record(ctx, u)
	u.recording.end(err)
	both.Wait()
	if err == nil && u.unmarked == nil {
		v.config.Cache.put(u.text, cached{u.recording, u.marks})
	}
}

// record takes the packets out of the audio as it comes.
func (v *Voice) record(ctx context.Context, u *Utterance) error {
	audio, err := v.config.Synthesizer.Audio(ctx, u.text)
	if err != nil {
		return fmt.Errorf("synthesize: %w", err)
	}
	defer func() { _ = audio.Close() }()
	bytes := &stamped{Reader: audio}
	packets := v.config.Open(bytes)
	for size := 0; size <= maxRecording; {
		packet, samples, err := packets.Next()
		switch {
		case errors.Is(err, io.EOF):
			_, _ = io.Copy(io.Discard, audio) // closed before its end, the call would count as given up
			return nil
		case err != nil:
			return fmt.Errorf("receive audio: %w", failure.Why(ctx, "voice", err))
		}
		u.recording.setSkip(packets.PreSkip())
		u.recording.append(packet, samples, bytes.at)
		size += len(packet)
	}
	return failure.New("voice", failure.Broken, "more than %d bytes for one utterance", maxRecording)
}

// maxRecording bounds what one utterance may hold: more than ten minutes, as
// much as Polly gives.
const maxRecording = 4 << 20
