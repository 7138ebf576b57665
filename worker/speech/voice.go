package speech

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"casey.internal/worker/language"
	"casey.internal/worker/ogg"
	"casey.internal/worker/pacing"
	"casey.internal/worker/speakable"
)

// Config says how a Voice speaks.
type Config struct {
	Synthesizer Synthesizer
	Fallback    Synthesizer // says what the other one cannot; nil = nobody does
	Out         Out
	Wheel       *pacing.Wheel     // must run
	Frame       time.Duration     // of a packet: 20 ms (default) or 40 ms
	Language    language.Language // of what is said; empty = English
	Cache       *Cache            // of what was said before in this voice; nil = none

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
	config  Config
	player  *player
	playing chan struct{} // held by the utterance that is played
	calls   chan struct{} // one for each synthesis in progress
	tasks   sync.WaitGroup
}

// inProgress limits how many utterances of a session are synthesised at once: the
// one that is about to be said and the next.
const inProgress = 2

func (c Config) withDefaults() Config {
	if c.Language == "" {
		c.Language = language.English
	}
	if c.Frame == 0 {
		c.Frame = 20 * time.Millisecond
	}
	if c.Open == nil {
		c.Open = func(audio io.Reader) Packets { return ogg.NewDemuxer(audio) }
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// New returns a silent Voice.
func New(c Config) *Voice {
	c = c.withDefaults()
	return &Voice{
		config:  c,
		player:  newPlayer(c.Out, c.Wheel, c.Frame),
		playing: make(chan struct{}, 1),
		calls:   make(chan struct{}, inProgress),
	}
}

// Close waits for whatever is in progress; the contexts that were given to
// Prepare must have ended. The ticker rests afterwards.
func (v *Voice) Close() {
	v.tasks.Wait()
	v.player.ticker.Stop()
}

// Pause stops the voice: the next packet is silence, and nothing follows until
// Resume goes on with the very packet that would have been next. Both return at
// once, and may be called at any time.
func (v *Voice) Pause() { v.player.hold() }

// Resume ends a pause, if there is one.
func (v *Voice) Resume() { v.player.release() }

// Prepare begins to synthesise text, which is made speakable first, and returns
// at once. ctx governs the synthesis. To be one ahead, prepare the next sentence
// when one begins to be played.
func (v *Voice) Prepare(ctx context.Context, text string) *Utterance {
	u := &Utterance{voice: v, line: speakable.Of(text, v.config.Language), requested: time.Now(), marked: make(chan struct{})}
	if said, ok := v.config.Cache.get(u.line.Said); ok {
		u.recording, u.marks = said.recording, Written(u.line, said.marks)
		close(u.marked)
		return u
	}
	u.recording = newRecording()
	if u.line.Said == "" {
		u.recording.end(nil)
		close(u.marked)
		return u
	}
	v.tasks.Go(func() { v.synthesize(ctx, u) })
	return u
}

// maxRecording bounds what one utterance may hold: more than ten minutes, as
// much as Polly gives.
const maxRecording = 4 << 20
