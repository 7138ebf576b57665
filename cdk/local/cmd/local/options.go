package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"

	"casey.internal/cdk/deploy/dotenv"
	"casey.internal/cdk/local"
	"casey.internal/cdk/local/aws/faults"
	"casey.internal/cdk/local/aws/transcribe/keep"
	"casey.internal/cdk/page"
	"casey.internal/worker/interviewer"
)

// options are the command line.
type options struct {
	port, workers, slots int
	faults               uint64
	ai, state            string
	keep, open, verbose  bool
	record               bool
	standin              string
	sentences            list
	ear, voice           string
	llm, llmModel        string
	interviews           string
}

// list is a flag that may be repeated.
type list []string

// String returns the values, as a flag.Value does.
func (l *list) String() string { return strings.Join(*l, ",") }

// Set adds a value.
func (l *list) Set(v string) error { *l = append(*l, v); return nil }

const help = `local runs all of casey on this machine and prints where to open it. Ctrl-C stops everything.

  make run ARGS="-workers 2 -faults 7"

`

// parse reads the command line. It returns flag.ErrHelp when help was asked
// for, after writing it to out.
func parse(arguments []string, out io.Writer) (options, error) {
	var o options
	set := flag.NewFlagSet("local", flag.ContinueOnError)
	set.SetOutput(out)
	set.IntVar(&o.port, "port", 3001, "port of page and gateway; 0 takes a free one")
	set.IntVar(&o.workers, "workers", 1, "how many workers")
	set.IntVar(&o.slots, "slots", 25, "interviews at once in each worker")
	set.Uint64Var(&o.faults, "faults", 0, "make queue, table, functions and gateway fail as AWS does, by this `seed`; 0: never")
	set.StringVar(&o.ai, "ai", "local", "who hears, thinks and speaks: `local|aws` (aws needs credentials and costs money)")
	set.StringVar(&o.state, "state", "", "`folder` that keeps everything (default build/local-state)")
	set.BoolVar(&o.keep, "keep", false, "go on with the interviews of the last run")
	set.BoolVar(&o.open, "open", false, "open the page in the browser")
	set.BoolVar(&o.verbose, "v", false, "show debug lines of the log too")
	set.Var(&o.sentences, "sentences", "`file` of sentences that the local recognition is to know, one a line; may be repeated")
	set.StringVar(&o.interviews, "interviews", "", "`folder` of interviews of yours, which are all there are then (worker/interviewer/INTERVIEWS.md says how to write one)")
	set.StringVar(&o.ear, "ear", "", "local recognition: `moonshine|grammar|open` (default moonshine; grammar knows the vocabulary alone, open gets a third of the words wrong)")
	set.StringVar(&o.voice, "voice", "", "local voice: `hibari|espeak` (default hibari)")
	set.BoolVar(&o.record, "record", false, "keep what the local recognition hears of you and what it makes of it, in casey/recordings of your data folder (make bench-ears ARGS=-recorded says how much of it was wrong)")
	set.StringVar(&o.llm, "llm", "", "`URL` of a model server of yours that thinks, as in http://localhost:11434/v1 (Ollama, llama.cpp, LM Studio, vLLM, LocalAI; its key in LLM_API_KEY)")
	set.StringVar(&o.llmModel, "llm-model", "", "`name` of its model (default the first that it lists)")
	set.StringVar(&o.standin, "standin", "", "more `arguments` for the local stand-ins, as in \"-final-delay 2s -canned\"")
	set.Usage = func() { _, _ = io.WriteString(out, help); set.PrintDefaults() }
	if err := set.Parse(arguments); err != nil {
		return o, err
	}
	return o, o.check(set.Args())
}

func (o options) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("what is %q? see -help", rest[0])
	case o.ai != "local" && o.ai != "aws":
		return fmt.Errorf("-ai %s: it is local or aws", o.ai)
	case o.llm != "" && o.ai == "aws":
		return errors.New("-ai aws thinks with Bedrock, -llm with a server of yours: take one of them")
	case o.llm == "" && o.llmModel != "":
		return errors.New("-llm-model is a model of the server that -llm names")
	case o.record && o.ai == "aws":
		return errors.New("-record keeps what the local recognition hears; with -ai aws nothing is kept")
	case o.port < 0 || o.port > 65535:
		return fmt.Errorf("-port %d: a port is 0 to 65535", o.port)
	case o.workers < 1 || o.slots < 1:
		return errors.New("-workers and -slots are at least 1")
	}
	return nil
}

// stack is the configuration that the options and the environment ask for.
func (o options) stack(ctx context.Context) (local.Config, error) {
	root, err := local.Root()
	if err != nil {
		return local.Config{}, err
	}
	cfg := local.Config{
		Root: root, State: o.state, Keep: o.keep,
		Address:    net.JoinHostPort("127.0.0.1", strconv.Itoa(o.port)),
		OwnAddress: true, Workers: o.workers, Slots: o.slots, AWS: o.ai == "aws", LLM: o.llm, LLMModel: o.llmModel, Standin: o.standinArguments(),
		Log: os.Stdout, Colour: terminal(), Verbose: o.verbose, Progress: os.Stdout,
		WorkerEnv: passed(os.Environ()),
	}
	if o.faults != 0 {
		cfg.Faults = faults.AsAWS(o.faults)
	}
	if cfg.State == "" {
		cfg.State = filepath.Join(root, "build", "local-state")
	}
	if o.record {
		if cfg.Record, err = keep.Folder(); err != nil {
			return cfg, err
		}
	}
	if cfg.AWS {
		if err := dotenv.Enter(filepath.Join(root, "cdk", "local", ".env")); err != nil {
			return cfg, err
		}
		var account aws.Config
		if cfg.WorkerEnv, account, err = identity(ctx, os.Environ()); err != nil {
			return cfg, err
		}
		if err := services(ctx, account, os.Getenv, os.Stdout); err != nil {
			return cfg, err
		}
	}
	return cfg, o.addInterviews(&cfg)
}

// addInterviews gives the interviews to the workers, and what is public of them to the
// page.
func (o options) addInterviews(cfg *local.Config) error {
	shelf := interviewer.BuiltIn()
	if o.interviews != "" {
		folder, err := filepath.Abs(o.interviews)
		if err != nil {
			return fmt.Errorf("-interviews: %w", err)
		}
		if shelf, err = interviewer.Open(os.DirFS(folder)); err != nil {
			return fmt.Errorf("-interviews %s:\n%w", o.interviews, err)
		}
		cfg.WorkerEnv = append(cfg.WorkerEnv, "CASEY_INTERVIEWS="+folder)
	}
	site, err := page.Bundle(page.Config{Local: !cfg.AWS, Interviews: shelf})
	cfg.Page = site
	return err
}

func (o options) standinArguments() []string {
	var arguments []string
	for _, file := range o.sentences {
		arguments = append(arguments, "-sentences", file)
	}
	if o.ear != "" {
		arguments = append(arguments, "-ear", o.ear)
	}
	if o.voice != "" {
		arguments = append(arguments, "-voice", o.voice)
	}
	return append(arguments, strings.Fields(o.standin)...)
}

// passed are the variables by which a user tunes workers.
func passed(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(variable string) bool {
		for _, prefix := range []string{"TRANSCRIBE_", "POLLY_", "BEDROCK_", "CASEY_JUDGE=", "FRAME_MS=", "LOG_LEVEL=", "LOG_PII=", "CASEY_WARM=", "CASEY_DRAIN=", "CASEY_MAX_INTERVIEW="} {
			if strings.HasPrefix(variable, prefix) {
				return false
			}
		}
		return true
	})
}

// identity is the user's environment for the real AWS. The stores' endpoints
// stay ours, and a bundle of authorities that was meant for stand-ins would
// keep AWS out.
func identity(ctx context.Context, env []string) ([]string, aws.Config, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, cfg, fmt.Errorf("AWS configuration: %w", err)
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return nil, cfg, fmt.Errorf("-ai aws needs AWS credentials (AWS_PROFILE, `aws sso login`, or AWS_ACCESS_KEY_ID, in your shell or in cdk/local/.env): %w", err)
	}
	if cfg.Region == "" {
		return nil, cfg, errors.New("-ai aws needs a region: set AWS_REGION in your shell or in cdk/local/.env")
	}
	env = slices.DeleteFunc(slices.Clone(env), func(variable string) bool {
		return strings.HasPrefix(variable, "AWS_ENDPOINT_URL") || strings.HasPrefix(variable, "AWS_CA_BUNDLE=")
	})
	return append(env, "AWS_REGION="+cfg.Region), cfg, nil
}

// terminal tells whether the output is one that shows colours.
func terminal() bool {
	info, err := os.Stdout.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == ""
}
