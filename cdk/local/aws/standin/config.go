// Package standin stands in for Amazon Transcribe streaming, Bedrock ConverseStream and Polly on one machine, over their wire protocols,
// with engines that really hear and speak. It is the one process of casey with C libraries in it.
package standin

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"casey.internal/cdk/local/aws/transcribe/recognizer"
	"casey.internal/cdk/local/aws/transcribe/sphinx"
)

// Moonshine is the engine of -ear beside pocketsphinx's two: it hears free speech.
const Moonshine = "moonshine"

// Hibari is the engine of -voice that has one voice.
const Hibari = "hibari"

// Espeak is the engine of -voice that has all the others.
const Espeak = "espeak"

// Config is how the stand-ins are started.
type Config struct {
	// HTTPS, API and HTTP are the addresses to listen on; port 0 takes a free one.
	HTTPS, API, HTTP string
	// State is the folder that keeps the certificate.
	State string
	// Sentences are files that are added to the vocabulary.
	Sentences []string
	// Ear hears streams that name no language model: Moonshine, or one of the models of pocketsphinx.
	Ear string
	// Voice speaks for Polly's usual voice: Hibari or Espeak. Espeak has all the others.
	Voice string
	// Engines is the folder of what Moonshine and Hibari are made of.
	Engines string
	// Record is the folder that keeps what is heard and what is made of it; "" keeps nothing.
	Record string
	// Acoustic is the folder of pocketsphinx's model.
	Acoustic string
	// FinalDelay is how long it has to be quiet before a result is final.
	FinalDelay time.Duration
	// Idle is how long a stream may be without audio; Life how long it may be.
	Idle, Life time.Duration
	// Limit is the number of streams at once.
	Limit int
	// FirstToken and TokensPerSecond pace the model.
	FirstToken      time.Duration
	TokensPerSecond float64
	// PollyDelay passes before Polly's first byte; PollyPage is the most audio on its Ogg pages, 0: a second;
	// PollyConcurrent and PollyTPS are its quotas, 0: none.
	PollyDelay, PollyPage time.Duration
	PollyConcurrent       int
	PollyTPS              float64
	// Replies is a file of what the model says, one reply a line; empty: what fits.
	Replies string
	// LLM is the base URL of a model server that thinks in place of the rules, "" for none; LLMModel its model, "" for
	// its first, and LLMKey the key that it wants, "" for none. ParseFlags knows no key: it is no argument.
	LLM, LLMModel, LLMKey string
	// Canned replaces the engines by a script. Hears is a file of what it hears, empty: what casey's benches say.
	// PartialEvery is how much audio lies between two of its partial results, 0: each word has its own; PartialLag is how late
	// a word is in them.
	Canned                   bool
	Hears                    string
	PartialEvery, PartialLag time.Duration
	// Seed seeds the faults.
	Seed uint64
}

// files is a flag that may be repeated.
type files []string

// String returns the files, as a flag.Value does.
func (f *files) String() string { return strings.Join(*f, ",") }

// Set adds a file.
func (f *files) Set(name string) error { *f = append(*f, name); return nil }

// ParseFlags reads the configuration from a command line. It returns flag.ErrHelp when help was asked for, after writing it to out.
func ParseFlags(args []string, out io.Writer) (Config, error) {
	var c Config
	set := flag.NewFlagSet("standin", flag.ContinueOnError)
	set.SetOutput(out)
	set.StringVar(&c.HTTPS, "https", "127.0.0.1:0", "`address` for Transcribe, which needs TLS; the others answer there too")
	set.StringVar(&c.API, "api", "127.0.0.1:0", "`address` for Bedrock and Polly over TLS, with any number of streams on a connection")
	set.StringVar(&c.HTTP, "http", "127.0.0.1:0", "`address` for Bedrock, Polly and /_control")
	set.StringVar(&c.State, "state", "build/local-state/standin", "`folder` that keeps the certificate; ca.pem in it is for AWS_CA_BUNDLE")
	set.Var((*files)(&c.Sentences), "sentences", "`file` of sentences to add to the vocabulary, one a line; may be repeated")
	set.StringVar(&c.Ear, "ear", Moonshine, "`engine` that hears: moonshine; grammar (the vocabulary alone, exactly) or open (free speech, a third of the words wrong) without it")
	set.StringVar(&c.Voice, "voice", Hibari, "`engine` that speaks: hibari, or espeak without it")
	set.StringVar(&c.Engines, "engines", "", "`folder` of what `make engines` fetched (default: casey/engines in the user's cache)")
	set.StringVar(&c.Record, "record", "", "`folder` to keep what is heard in, and what is made of it; empty: nothing is kept")
	set.StringVar(&c.Acoustic, "acoustic", sphinx.DefaultModel, "`folder` of pocketsphinx's en-us model")
	set.DurationVar(&c.FinalDelay, "final-delay", 1100*time.Millisecond, "quiet after which a transcript is final")
	set.DurationVar(&c.Idle, "idle", 15*time.Second, "time without audio after which a transcription fails")
	set.DurationVar(&c.Life, "life", 4*time.Hour, "time after which a transcription is ended")
	set.IntVar(&c.Limit, "limit", 25, "transcriptions at once")
	set.DurationVar(&c.FirstToken, "first-token", 250*time.Millisecond, "time before the model's first token")
	set.Float64Var(&c.TokensPerSecond, "tokens-per-second", 80, "the model's rate; 0: at once")
	set.DurationVar(&c.PollyDelay, "polly-delay", 60*time.Millisecond, "time before Polly's first byte")
	set.DurationVar(&c.PollyPage, "polly-page", 0, "most audio on one of Polly's Ogg pages; 0: a second")
	set.IntVar(&c.PollyConcurrent, "polly-concurrent", 0, "Polly's calls at once; 0: no limit (AWS: 18)")
	set.Float64Var(&c.PollyTPS, "polly-tps", 0, "Polly's calls a second; 0: no limit (AWS: 8)")
	set.StringVar(&c.Replies, "replies", "", "`file` of what the model is to say first, one reply a line")
	set.StringVar(&c.LLM, "llm", "", "`URL` of a model server with OpenAI's API, as in http://localhost:11434/v1; LLM_API_KEY is its key")
	set.StringVar(&c.LLMModel, "llm-model", "", "`name` of the server's model; the first that it lists if absent")
	set.BoolVar(&c.Canned, "canned", false, "hear and say what is written down, at next to no cost")
	set.StringVar(&c.Hears, "hears", "", "`file` of what -canned hears, an utterance a line, its words as in \"unless@590ms\" with the time of their end")
	set.DurationVar(&c.PartialEvery, "partial-every", 0, "audio between two partial results of -canned; 0: each word has its own")
	set.DurationVar(&c.PartialLag, "partial-lag", 0, "how late a word is in the partial results of -canned")
	set.Uint64Var(&c.Seed, "seed", 1, "seed of the faults")
	if err := set.Parse(args); err != nil {
		return Config{}, err
	}
	if set.NArg() > 0 {
		return Config{}, fmt.Errorf("unexpected argument %q", set.Arg(0))
	}
	return c, c.check()
}

func (c Config) check() error {
	switch {
	case !slices.Contains([]string{Moonshine, recognizer.Grammar, recognizer.Open}, c.Ear):
		return fmt.Errorf("-ear is moonshine, grammar or open, not %q", c.Ear)
	case c.Voice != Hibari && c.Voice != Espeak:
		return fmt.Errorf("-voice is hibari or espeak, not %q", c.Voice)
	case c.FinalDelay < 100*time.Millisecond || c.FinalDelay > 5*time.Second:
		return errors.New("-final-delay is between 100ms and 5s")
	case c.Idle <= 0 || c.Life <= 0 || c.Limit <= 0:
		return errors.New("-idle, -life and -limit are above 0")
	case !c.Canned && (c.Hears != "" || c.PartialEvery != 0 || c.PartialLag != 0):
		return errors.New("-hears, -partial-every and -partial-lag are settings of -canned")
	case c.PartialEvery < 0 || c.PartialLag < 0:
		return errors.New("-partial-every and -partial-lag are not below 0")
	case c.LLM == "" && c.LLMModel != "":
		return errors.New("-llm-model is a model of the server that -llm names")
	case c.LLM != "" && c.Replies != "":
		return errors.New("-llm asks a model, -replies has none asked")
	}
	return nil
}
