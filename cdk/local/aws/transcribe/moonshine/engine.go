//go:build cgo

package moonshine

import (
	"fmt"
	"time"

	"casey.internal/cdk/local/aws/transcribe/sound"
	"casey.internal/cdk/local/standin/awswire"
	"casey.internal/cdk/local/standin/transcribe"
)

// Notes are what an engine tells of its ears. They are called from the ears' goroutines.
type Notes struct {
	// Denied is called when a final result would not have had a word that was called stable.
	Denied func()
	// Behind is called once for each stretch in which an ear is too slow for what is said, with by how
	// much. Until it has caught up it shows no partial results.
	Behind func(by time.Duration)
}

// Engine opens ears for streams. Each has a model of its own, so that none waits for another.
type Engine struct {
	pool  pool
	quiet time.Duration
	notes Notes
	now   func() time.Time
}

// NewEngine loads the library and a model of an unpacked wheel. Results are final when it has been
// quiet for so long.
func NewEngine(wheel string, quiet time.Duration, notes Notes) (*Engine, error) {
	library, err := Open(wheel)
	if err != nil {
		return nil, err
	}
	e := &Engine{pool: pool{library: library}, quiet: quiet, notes: notes, now: time.Now}
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
	ear := &Ear{engine: e, transcriber: t, source: source, stability: s.Stability}
	if err := ear.listen(nil); err != nil {
		e.pool.put(t)
		return nil, err
	}
	return ear, nil
}

// Close frees the idle models; no ear is open any more.
func (e *Engine) Close() { e.pool.close() }
