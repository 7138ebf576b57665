package standin

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"casey.internal/cdk/local/aws/bedrock"
	"casey.internal/cdk/local/aws/bedrock/converse"
	"casey.internal/cdk/local/aws/bedrock/openai"
	"casey.internal/cdk/local/aws/bedrock/rules"
	"casey.internal/cdk/local/aws/canned"
	"casey.internal/cdk/local/aws/polly"
	"casey.internal/cdk/local/aws/polly/espeak"
	"casey.internal/cdk/local/aws/transcribe"
	"casey.internal/cdk/local/aws/transcribe/recognizer"
	"casey.internal/cdk/local/aws/transcribe/sphinx"
	"casey.internal/cdk/local/aws/transcribe/vocabulary"
)

// engines are what answers behind the protocols.
type engines struct {
	ears  transcribe.Engine
	model converse.Model
	voice polly.Renderer
	close func()
}

// load loads the engines that c asks for. denied is called when a final transcript denies a stable word.
func load(ctx context.Context, c Config, log *slog.Logger, denied func()) (*engines, error) {
	synthesiser, err := espeak.New()
	if err != nil {
		return nil, err
	}
	studio := polly.NewStudio(synthesiser)
	scripted := canned.Engine{Quiet: c.FinalDelay}
	if c.Canned {
		model, rest, err := mind(ctx, c, log, canned.Reply)
		return &engines{ears: scripted, model: model, voice: polly.NewShelf(studio), close: rest}, err
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
	recogniser, err := recognizer.NewEngine(config, c.Model, v, denied)
	if err != nil {
		return nil, err
	}
	return &engines{
		ears: ears{scripted: scripted, real: recogniser}, model: model, voice: studio,
		close: func() { recogniser.Close(); rest() },
	}, nil
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

// ears opens scripted ears for streams that are marked, real ones for all others.
type ears struct{ scripted, real transcribe.Engine }

// Open opens an ear.
func (e ears) Open(s transcribe.Settings) (transcribe.Ear, error) {
	if s.Model == canned.Marker {
		return e.scripted.Open(s)
	}
	return e.real.Open(s)
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
