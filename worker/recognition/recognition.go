package recognition

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"casey.internal/shared/clock"
)

// Config adjusts a Recognition; the zero value of a field means its default.
type Config struct {
	// Framing makes the form in which one stream's audio is sent, a new one for
	// each stream. Default: Ogg.
	Framing func() (Framing, error)
	// Keep is how much audio is remembered for a stream that has to be replaced, at
	// most: what was recognised for good, or is silence by what Voice tells, is forgotten
	// earlier. Default 20 s.
	Keep time.Duration
	// Stuck is how long a chunk may wait to be sent before the stream counts as
	// broken; default 3 s.
	Stuck time.Duration
	// Speed is how many times faster than it was spoken audio is sent at most, where
	// a new stream hears again what the last one had; default 2. Amazon Transcribe
	// wants it "as close to real-time as possible"
	// (https://docs.aws.amazon.com/transcribe/latest/dg/streaming.html).
	Speed float64
	// Silence says what of it is sent, once Voice has been called; nil = all.
	Silence *Silence
	// Behind is told when recognition falls behind what is heard, and when it has caught
	// up: the words of what was heard until then come as late as they usually do. It is
	// behind from the beginning, and from the end of a stream, until a stream was sent all
	// that it is to hear again; and when one has not taken what was heard for 300 ms. One
	// call follows the other, from a goroutine that does nothing else; a change that was
	// undone before the last call returned is left out. nil = nobody is told.
	Behind func(bool)
	// Patience decides when to try again and when to give up.
	Patience Patience
	Log      *slog.Logger // default: none
}

// Recognition is the speech recognition of one candidate. One goroutine calls
// Hear, one calls Run, one reads Results.
type Recognition struct {
	recognizer Recognizer
	config     Config
	tape       *tape
	gate       *gate
	lag        *lag
	results    chan Result
	renew      chan struct{}

	streams, dropped, repeated, refused, withheld atomic.Int64

	// Owned by Run.
	speaking bool          // a partial result has not become final yet
	began    time.Duration // where its first word does
	suspect  bool          // the last stream missed what was said: replay all of it
	sent     time.Duration // up to here the last stream was given audio, or it was withheld; its sender writes it
}

// New returns a Recognition that uses r. It begins when Run runs; what Hear took
// before is not lost.
func New(r Recognizer, c Config) *Recognition {
	c.Keep = cmp.Or(c.Keep, 20*time.Second)
	c.Stuck = cmp.Or(c.Stuck, 3*time.Second)
	c.Speed = cmp.Or(c.Speed, 2)
	c.Log = cmp.Or(c.Log, slog.New(slog.DiscardHandler))
	if c.Framing == nil {
		c.Framing = NewOgg
	}
	return &Recognition{
		recognizer: r, config: c,
		tape:    newTape(c.Keep),
		gate:    newGate(c.Silence),
		lag:     newLag(),
		results: make(chan Result, 32),
		renew:   make(chan struct{}, 1),
	}
}

// Hear takes the next packet of a stream of Opus without gaps, and its length; it
// is a mic.Sink. It never blocks, and does not keep the packet.
func (r *Recognition) Hear(packet []byte, length time.Duration) {
	r.tape.add(packet, length)
	r.lag.hear(length)
}

// Voice tells that somebody may be speaking since a position, in Heard's terms, or
// has not been since. Only silence by this is ever withheld. It never blocks.
func (r *Recognition) Voice(on bool, at time.Duration) { r.gate.hear(on, at) }

// Heard returns how much has been heard: the time, in Result's terms, at which
// the next packet begins.
func (r *Recognition) Heard() time.Duration { return r.tape.heard() }

// Results brings what was recognised, its times since recognition began. A result
// replaces earlier partial ones that it overlaps in time, those of a stream that
// broke included, which never become final. What a stream took back comes once
// more, without words. The channel is closed when Run returns.
func (r *Recognition) Results() <-chan Result { return r.results }

// Renew replaces the stream by another that hears again whatever may be speech and has no
// final result yet: for when somebody spoke and nothing was recognised.
func (r *Recognition) Renew() {
	select {
	case r.renew <- struct{}{}:
	default: // one is asked for already
	}
}

// Stats counts what happened to the audio.
type Stats struct {
	Streams  int           // started
	Dropped  time.Duration // never sent, because streams were away for too long
	Repeated int           // results that a new stream gave once more, and that were dropped
	Refused  int           // packets that could not be decoded and were sent as silence
	Withheld time.Duration // silence that was not sent
}

// Restarts returns how many streams replaced another.
func (s Stats) Restarts() int { return max(0, s.Streams-1) }

// Stats returns the counts so far; it may be called at any time.
func (r *Recognition) Stats() Stats {
	return Stats{
		Streams:  int(r.streams.Load()),
		Dropped:  time.Duration(r.dropped.Load()),
		Repeated: int(r.repeated.Load()),
		Refused:  int(r.refused.Load()),
		Withheld: time.Duration(r.withheld.Load()),
	}
}

// Run recognises until ctx ends (its cause), or recognition has failed for good:
// the *servicefailure.Error that the last attempt ended with.
func (r *Recognition) Run(ctx context.Context) error {
	defer close(r.results)
	defer r.tellBehind(ctx)()
	trouble := r.config.Patience.newTrouble()
	for {
		began := time.Now()
		worked, err := r.runStream(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		wait, giveUp := trouble.nextAttempt(err, worked, began)
		r.config.Log.Warn("recognition stream ended", "error", err, "lived", time.Since(began), "again_in", wait, "gave_up", giveUp)
		if giveUp {
			return err
		}
		if err := clock.Sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// tellBehind tells whether recognition is behind until stop is called, which waits for the
// last call.
func (r *Recognition) tellBehind(ctx context.Context) (stop func()) {
	if r.config.Behind == nil {
		return func() {}
	}
	tell := func(on bool) {
		if ctx.Err() == nil { // that of Run: what comes of its end is no news
			r.config.Behind(on)
		}
	}
	watching, cancel := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() { r.lag.watch(watching, tell) })
	return func() {
		cancel()
		watch.Wait()
	}
}
