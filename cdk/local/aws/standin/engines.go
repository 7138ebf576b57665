package standin

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"casey.internal/cdk/local/aws/bedrock"
	"casey.internal/cdk/local/aws/bedrock/converse"
	"casey.internal/cdk/local/aws/bedrock/openai"
	"casey.internal/cdk/local/aws/bedrock/rules"
	"casey.internal/cdk/local/aws/canned"
	fetched "casey.internal/cdk/local/aws/engines"
	"casey.internal/cdk/local/aws/polly"
	"casey.internal/cdk/local/aws/polly/espeak"
	"casey.internal/cdk/local/aws/polly/hibari"
	"casey.internal/cdk/local/aws/transcribe"
	"casey.internal/cdk/local/aws/transcribe/moonshine"
	"casey.internal/cdk/local/aws/transcribe/recognizer"
	"casey.internal/cdk/local/aws/transcribe/sphinx"
	"casey.internal/cdk/local/aws/transcribe/vocabulary"
)

// notes are what the engines tell: a final transcript that denies a stable word, and an ear that is too slow.
type notes struct{ denied, behind func() }

// engines are what answers behind the protocols.
type engines struct {
	ears  ears
	model converse.Model
	voice polly.Renderer
	close func()
}

// load loads the engines that c asks for, or says which it has instead.
func load(ctx context.Context, c Config, log *slog.Logger, notes notes) (*engines, error) {
	synthesiser, err := espeak.New()
	if err != nil {
		return nil, err
	}
	scripted, err := scriptedEars(c)
	if err != nil {
		return nil, err
	}
	if c.Canned {
		model, rest, err := mind(ctx, c, log, canned.Reply)
		return &engines{ears: ears{scripted: scripted}, model: model, voice: polly.NewShelf(polly.NewStudio(synthesiser)), close: rest}, err
	}
	model, rest, err := mind(ctx, c, log, rules.Answer)
	if err != nil {
		return nil, err
	}
	config := sphinx.Config{Model: c.Acoustic, Quiet: c.FinalDelay}
	v, err := sentences(c, config, log)
	if err != nil {
		return nil, err
	}
	usual := c.Ear
	if usual == Moonshine {
		usual = recognizer.Grammar
	}
	recogniser, err := recognizer.NewEngine(config, usual, v, notes.denied)
	if err != nil {
		return nil, err
	}
	e := &engines{ears: ears{scripted: scripted, usual: recogniser, named: recogniser, log: log}, model: model, voice: polly.NewStudio(synthesiser), close: func() { recogniser.Close(); rest() }}
	if c.Ear == Moonshine {
		e.hearWithMoonshine(c, log, notes)
	}
	if c.Voice == Hibari {
		e.speakWithHibari(c, log, synthesiser)
	}
	return e, nil
}

// scriptedEars are what hears what is written down.
func scriptedEars(c Config) (canned.Engine, error) {
	e := canned.Engine{Quiet: c.FinalDelay, Every: c.PartialEvery, Lag: c.PartialLag}
	if c.PartialEvery > 0 {
		e.Phase = func() time.Duration { return rand.N(c.PartialEvery) }
	}
	if c.Hears == "" {
		return e, nil
	}
	f, err := os.Open(c.Hears)
	if err != nil {
		return e, fmt.Errorf("open what is heard: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	e.Hears, err = canned.Utterances(f)
	return e, err
}

// also has close do one thing more, first.
func (e *engines) also(end func()) {
	before := e.close
	e.close = func() { end(); before() }
}

// hearWithMoonshine has Moonshine hear the streams that name no model, or says why it does not.
func (e *engines) hearWithMoonshine(c Config, log *slog.Logger, notes notes) {
	behind := func(by time.Duration) {
		notes.behind()
		log.Warn("this machine is too slow to hear all who speak: no partial results until it has caught up", "behind", by.Round(time.Millisecond))
	}
	free, err := func() (*moonshine.Engine, error) {
		wheel, err := place(c, fetched.Moonshine)
		if err != nil {
			return nil, err
		}
		return moonshine.NewEngine(moonshine.Config{
			Wheel: wheel, Quiet: c.FinalDelay, Denied: notes.denied, Behind: behind,
			Failed: func(err error) { log.Warn("the recogniser gave up on what was being said", "error", err) },
		})
	}()
	if err != nil {
		log.Warn("only the vocabulary's sentences are heard: the recogniser of free speech is missing", "reason", err)
		return
	}
	e.ears.usual = free
	e.also(free.Close)
}

// speakWithHibari has Hibari speak for its voice, or says why it does not.
func (e *engines) speakWithHibari(c Config, log *slog.Logger, others *espeak.Synthesiser) {
	voice, err := func() (*hibari.Engine, error) {
		runtime, err := place(c, fetched.Moonshine)
		if err != nil {
			return nil, err
		}
		wheel, err := place(c, fetched.Hibari)
		if err != nil {
			return nil, err
		}
		return hibari.New(wheel, runtime, others, others)
	}()
	if err != nil {
		log.Warn("the interviewer speaks with espeak-ng's voice: the better one is missing", "reason", err)
		return
	}
	e.voice = polly.NewStudio(voice)
	e.also(func() { _ = voice.Close() }) // the process ends with it
}

// place is where a wheel is unpacked.
func place(c Config, w fetched.Wheel) (string, error) {
	folder := c.Engines
	if folder == "" {
		var err error
		if folder, err = fetched.Folder(); err != nil {
			return "", err
		}
	}
	return w.In(folder)
}

// mind returns the model that c asks for, or what answers where it names none, and what frees it.
func mind(ctx context.Context, c Config, log *slog.Logger, otherwise bedrock.Answer) (converse.Model, func(), error) {
	if c.LLM == "" {
		model, err := replies(c, otherwise)
		return model, func() {}, err
	}
	client, err := openai.Connect(ctx, openai.Config{URL: c.LLM, Model: c.LLMModel, Key: c.LLMKey, Log: log})
	if err != nil {
		return nil, nil, err
	}
	return client, client.Close, nil
}

// replies returns the model that says what the file of c has, and then what the usual one does.
func replies(c Config, usual bedrock.Answer) (converse.Model, error) {
	pace := bedrock.Pace{FirstToken: c.FirstToken, TokensPerSecond: c.TokensPerSecond}
	if c.Replies == "" {
		return bedrock.Paced{Answer: usual, Pace: pace}, nil
	}
	f, err := os.Open(c.Replies)
	if err != nil {
		return nil, fmt.Errorf("open replies: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	scripted, err := canned.Script(f, usual)
	return bedrock.Paced{Answer: scripted, Pace: pace}, err
}

// ears opens scripted ears for streams that are marked, and for all where there are no others; those of pocketsphinx for streams
// that name one of its models; the usual ones for all others.
type ears struct {
	scripted, usual transcribe.Engine
	named           *recognizer.Engine
	log             *slog.Logger
}

// Open opens an ear. Those that hear know English alone, and make English words of
// anything else.
func (e ears) Open(s transcribe.Settings) (transcribe.Ear, error) {
	switch {
	case s.Model == canned.Marker || e.usual == nil:
		return e.scripted.Open(s)
	case s.Language != "" && !strings.HasPrefix(s.Language, "en-"):
		e.log.Warn("what is said in this language is heard as English words: the local recognisers know no other language", "language", s.Language)
	}
	switch {
	case s.Model != "":
		return e.named.Open(s)
	}
	return e.usual.Open(s)
}

// sentences reads the vocabulary that casey ships and the files of c, and warns of what the model cannot pronounce.
func sentences(c Config, config sphinx.Config, log *slog.Logger) (*vocabulary.Vocabulary, error) {
	v := vocabulary.New()
	if err := v.Add(vocabulary.Interview()); err != nil {
		return nil, err
	}
	for _, name := range c.Sentences {
		if err := addFile(v, name); err != nil {
			return nil, err
		}
	}
	known, dropped, err := recognizer.Known(config, v)
	for _, s := range dropped {
		log.Warn("sentence left out: a word is not in the dictionary", "sentence", s)
	}
	return known, err
}

func addFile(v *vocabulary.Vocabulary, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("open sentences: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	return v.Add(f)
}
