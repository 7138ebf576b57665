package recognition

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"
)

// Config adjusts Ears; the zero value of a field means its default.
type Config struct {
	// Framing makes the form in which one stream's audio is sent, a new one for
	// each stream. Default: Ogg.
	Framing func() (Framing, error)
	// Keep is how much audio is remembered for a stream that has to be replaced;
	// default 20 s.
	Keep time.Duration
	// Stuck is how long a chunk may wait to be sent before the stream counts as
	// broken; default 3 s.
	Stuck time.Duration
	// Drain is how long the last results are waited for after Finish; default 3 s.
	Drain time.Duration
	// Patience decides when to try again and when to give up.
	Patience Patience
	Log      *slog.Logger // default: none
}

// Ears listens to one candidate. One goroutine calls Hear, one calls Run, one
// reads Results.
type Recognition struct {
	recognizer Recognizer
	config     Config
	tape       *tape
	results    chan Result
	renew      chan struct{}

	streams, dropped, repeated atomic.Int64

	// Owned by Run.
	covered  time.Duration // up to here final results have come
	speaking bool          // a partial result has not become final yet
	suspect  bool          // the last stream missed what was said: replay all of it
	sent     time.Duration // up to here the last stream was given audio; its sender writes it
}

// New returns Ears that use r. They listen as soon as Run runs; what Hear took
// before is not lost.
func New(r Recognizer, c Config) *Recognition {
	setDefault(&c.Keep, 20*time.Second)
	setDefault(&c.Stuck, 3*time.Second)
	setDefault(&c.Drain, 3*time.Second)
	setDefault(&c.Log, slog.New(slog.DiscardHandler))
	if c.Framing == nil {
		c.Framing = NewOgg
	}
	return &Recognition{
		recognizer: r, config: c,
		tape:    newTape(c.Keep),
		results: make(chan Result, 32),
		renew:   make(chan struct{}, 1),
	}
}

func setDefault[T comparable](v *T, to T) {
	var zero T
	if *v == zero {
		*v = to
	}
}

// Hear takes the next page of a stream of Opus without gaps, and when it ends;
// it is an ogg.Sink. It never blocks and keeps no reference to page.
func (e *Recognition) Hear(page []byte, end time.Duration) { e.tape.add(page, end) }

// Heard returns how much has been heard: the time, in Result's terms, at which
// the next page begins.
func (e *Recognition) Heard() time.Duration { return e.tape.heard() }

// Results brings what was recognised, its times since the ears began. A result
// replaces earlier partial ones that it overlaps in time, those of a stream that
// broke included, which never become final. What a stream took back comes once
// more, without words. It is closed when Run returns.
func (e *Recognition) Results() <-chan Result { return e.results }

// Finish says that nothing more will be heard: Run returns nil when the last
// results have come.
func (e *Recognition) Finish() { e.tape.finish() }

// Renew replaces the stream by another that hears again all that has no final
// result yet: for when somebody spoke and nothing was recognised.
func (e *Recognition) Renew() {
	select {
	case e.renew <- struct{}{}:
	default: // one is asked for already
	}
}

// Stats is what happened to the audio.
type Stats struct {
	Streams  int           // started
	Dropped  time.Duration // never sent, because streams were away for too long
	Repeated int           // results that a new stream gave once more, and that were dropped
}

// Stats may be called at any time.
func (e *Recognition) Stats() Stats {
	return Stats{
		Streams:  int(e.streams.Load()),
		Dropped:  time.Duration(e.dropped.Load()),
		Repeated: int(e.repeated.Load()),
	}
}

// Run listens until Finish (nil), ctx ends (its cause), or recognition has
// failed for good: the *failure.Error that the last attempt ended with.
func (e *Recognition) Run(ctx context.Context) error {
	defer close(e.results)
	trouble := e.config.Patience.start()
	for {
		began := time.Now()
		worked, err := e.listen(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err == nil {
			return nil
		}
		wait, giveUp := trouble.after(err, worked, began)
		e.config.Log.Warn("recognition stream ended", "error", err, "lived", time.Since(began), "again_in", wait, "gave_up", giveUp)
		if giveUp {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
