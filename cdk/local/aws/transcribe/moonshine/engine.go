//go:build cgo

package moonshine

import (
	"fmt"
	"time"

	"casey.internal/cdk/local/aws/awswire"
	"casey.internal/cdk/local/aws/transcribe"
	"casey.internal/cdk/local/aws/transcribe/sound"
)

// Config is how an engine hears. All functions are called from the ears' goroutines.
type Config struct {
	// Wheel is the folder of the unpacked wheel.
	Wheel string
	// Quiet is how long it has to be quiet for a result to be final.
	Quiet time.Duration
	// Denied is called when a final result would not have had a word that was called stable.
	Denied func()
	// Behind is called once for each stretch in which an ear is too slow for what is said, with by
	// how much. Until it has caught up it shows no partial results.
	Behind func(by time.Duration)
	// Failed is called when the library does not understand what it was given; what it had
	// understood until then is final.
	Failed func(error)
	// Now is the clock by which an ear keeps up; nil is time.Now.
	Now func() time.Time
}

// Engine opens ears for streams. Each has a model of its own, so that none waits for another. One thing
// they share, and cannot help it: the library keeps the state of its voice detector once in a process,
// so when several speak at the same time, lines may begin and end a little otherwise than alone.
type Engine struct {
	pool   pool
	config Config
}

// NewEngine loads the library and a model.
func NewEngine(c Config) (*Engine, error) {
	library, err := Open(c.Wheel)
	if err != nil {
		return nil, err
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	e := &Engine{pool: pool{library: library}, config: c}
	first, err := library.load()
	if err != nil {
		return nil, err
	}
	e.pool.put(first)
	return e, nil
}

// Open returns an ear for one stream; its owner closes it.
func (e *Engine) Open(s transcribe.Settings) (transcribe.Ear, error) {
	if s.Model != "" {
		return nil, awswire.BadRequest("BadRequestException", "The requested language model couldn't be found.")
	}
	source, err := sound.New(s.Encoding, s.Rate)
	if err != nil {
		return nil, err
	}
	t, err := e.pool.get()
	if err != nil {
		return nil, fmt.Errorf("get transcriber: %w", err)
	}
	ear := &Ear{engine: e, transcriber: t, begin: t.begin, source: source, stability: s.Stability}
	if err := ear.listen(nil); err != nil {
		e.pool.put(t)
		return nil, err
	}
	return ear, nil
}

// Close frees the idle models; no ear is open any more.
func (e *Engine) Close() { e.pool.close() }
