package recognizer

import (
	"fmt"
	"os"
	"sync"

	"casey.internal/cdk/local/aws/awswire"
	"casey.internal/cdk/local/aws/transcribe"
	"casey.internal/cdk/local/aws/transcribe/sound"
	"casey.internal/cdk/local/aws/transcribe/sphinx"
	"casey.internal/cdk/local/aws/transcribe/vocabulary"
)

// The models that a stream can ask for by the name of a custom language model.
const (
	// Grammar is the closed set of sentences.
	Grammar = "grammar"
	// Open is free speech, of which about one word in three is misunderstood.
	Open = "open"
)

// Engine opens ears for streams.
type Engine struct {
	config     sphinx.Config
	usual      string
	vocabulary *vocabulary.Vocabulary
	denied     func()

	mu    sync.Mutex
	pools map[string]*sphinx.Pool
}

// NewEngine loads the model that is used when a stream names none, usual. The vocabulary's words are all in the model's dictionary
// (Known). denied is called when a final result denies a word that was called stable.
func NewEngine(config sphinx.Config, usual string, v *vocabulary.Vocabulary, denied func()) (*Engine, error) {
	e := &Engine{config: config, usual: usual, vocabulary: v, denied: denied, pools: map[string]*sphinx.Pool{}}
	if _, err := e.pool(usual); err != nil {
		return nil, err
	}
	return e, nil
}

// pool returns the pool of a model, which is loaded when it is first asked for.
func (e *Engine) pool(model string) (*sphinx.Pool, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if p := e.pools[model]; p != nil {
		return p, nil
	}
	config := e.config
	switch model {
	case Grammar:
		config.Grammar = e.vocabulary.Grammar()
	case Open:
	default:
		return nil, awswire.BadRequest("BadRequestException", "The requested language model couldn't be found.")
	}
	p, err := sphinx.NewPool(config)
	if err != nil {
		return nil, fmt.Errorf("load model %s: %w", model, err)
	}
	e.pools[model] = p
	return p, nil
}

// Open returns an ear for one stream; its owner closes it.
func (e *Engine) Open(s transcribe.Settings) (transcribe.Ear, error) {
	model := s.Model
	if model == "" {
		model = e.usual
	}
	pool, err := e.pool(model)
	if err != nil {
		return nil, err
	}
	audio, err := sound.New(s.Encoding, s.Rate)
	if err != nil {
		return nil, err
	}
	decoder, err := pool.Get()
	if err != nil {
		return nil, fmt.Errorf("get decoder: %w", err)
	}
	ear := &Ear{engine: e, pool: pool, decoder: decoder, vocabulary: e.vocabulary, source: audio, stability: s.Stability}
	ear.start()
	return ear, nil
}

// Close frees the idle decoders; no ear is open any more.
func (e *Engine) Close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, p := range e.pools {
		p.Close()
	}
}

// Known returns the vocabulary without the sentences that the model cannot pronounce, and those.
func Known(config sphinx.Config, v *vocabulary.Vocabulary) (*vocabulary.Vocabulary, []string, error) {
	f, err := os.Open(config.Dictionary())
	if err != nil {
		return nil, nil, fmt.Errorf("open dictionary (Debian package pocketsphinx-en-us): %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	return v.Known(f)
}
