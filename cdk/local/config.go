// Package local runs all of casey on this machine: the very binaries that are
// deployed, with stand-ins for the AWS services around them. `make run` is one
// such stack; tests and benches start their own.
package local

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"casey.internal/cdk/local/aws/faults"
)

// Config says what to run. The zero value is a whole stack on free ports with
// its state in a temporary folder.
type Config struct {
	// Root is the checkout; default: the folder above the working directory
	// that holds go.work.
	Root string
	// Build is the folder of the binaries; default Root/build.
	Build string
	// State is the folder that keeps everything; empty is a temporary one that
	// Stop removes. Two stacks cannot share it.
	State string
	// Keep goes on with the tables and queues that the last stack left in
	// State; otherwise they are emptied.
	Keep bool
	// Address is the address of gateway and page; default 127.0.0.1:0, a free port.
	Address string
	// Workers is the number of workers to start (default 1, -1: none), Slots the
	// interviews that each takes (default 25).
	Workers, Slots int
	// Streams is how many streams of Transcribe the account has: what workers are told
	// and the stand-ins allow. Default 25, as in a new account, or as many as the workers
	// have slots. With AWS the account's own limit counts.
	Streams int
	// OwnAddress has the workers announce this machine's own address, too, where it
	// has one: Firefox as installed never uses the loopback one for media.
	OwnAddress bool
	// Faults are those that the stand-ins play from the start; Stack.Control
	// changes it.
	Faults faults.Settings
	// AWS uses the real Transcribe, Bedrock and Polly with the credentials in
	// WorkerEnv, and starts no stand-ins.
	AWS bool
	// NoStandin starts no stand-ins for Transcribe, Bedrock and Polly, for
	// tests that need none.
	NoStandin bool
	// LLM is the base URL of a model server with OpenAI's API that thinks behind the stand-in for Bedrock, and LLMModel the
	// name of its model (empty: its first); empty: rules do. LLM_API_KEY of this process's environment is the server's key.
	LLM, LLMModel string
	// Record is a folder that keeps what the stand-in for Transcribe hears and what it makes of it; empty: nothing is kept.
	Record string
	// Standin are further arguments for the stand-ins' process.
	Standin []string
	// WorkerEnv is added to what the workers get, and wins over it. Nothing of this
	// process's own environment reaches them, or the functions.
	WorkerEnv []string
	// TaskEnv, where it is set, returns what is added for the worker of a name.
	TaskEnv func(worker string) []string
	// Authorizer is the environment of the authorizer function beside what it
	// shares with the others, like "CASEY_ACCESS=key"; nil: there is none, and
	// everybody may connect.
	Authorizer []string
	// Environments and Concurrency are those of each function: processes, and
	// invocations that one takes at a time. Defaults 1 and 8; with 8 and 1 a
	// crash hits one invocation alone, as on AWS.
	Environments, Concurrency int
	// Sweep is the time between two runs of the sweep function; default 2 s.
	Sweep time.Duration
	// Page serves what is not the API's.
	Page http.Handler
	// Setup makes table and queues before anything uses them and returns the
	// dispatch queue's URL. cfg reaches the stores. Default: what casey
	// deploys.
	Setup func(ctx context.Context, cfg aws.Config, table string) (dispatch string, err error)
	// Log gets the log as text for people, in colour if Colour is set; nil:
	// only the file in State has it.
	Log    io.Writer
	Colour bool
	// Verbose shows debug lines in Log too; the file has them always.
	Verbose bool
	// Progress gets a line for each step of the start; nil discards them.
	Progress io.Writer
}

// complete fills in the defaults.
func (c Config) complete() (Config, error) {
	if c.Root == "" {
		root, err := Root()
		if err != nil {
			return c, err
		}
		c.Root = root
	}
	build, err := filepath.Abs(cmp.Or(c.Build, filepath.Join(c.Root, "build"))) // programs start elsewhere
	if err != nil {
		return c, fmt.Errorf("find the binaries: %w", err)
	}
	c.Build = build
	c.Address = cmp.Or(c.Address, "127.0.0.1:0")
	c.Workers = max(cmp.Or(c.Workers, 1), 0)
	c.Slots = cmp.Or(c.Slots, 25)
	c.Streams = cmp.Or(c.Streams, max(25, c.Workers*c.Slots))
	c.Sweep = cmp.Or(c.Sweep, 2*time.Second)
	if c.Progress == nil {
		c.Progress = io.Discard
	}
	if c.Setup == nil {
		c.Setup = setup
	}
	return c, c.checkBinaries()
}

// checkBinaries finds out before anything starts what is not built.
func (c Config) checkBinaries() error {
	var needed []string
	for _, f := range c.functions() {
		needed = append(needed, c.bootstrap(f))
	}
	if c.Workers > 0 {
		needed = append(needed, c.worker())
	}
	if c.standins() {
		needed = append(needed, c.standin())
	}
	var missing []string
	for _, path := range needed {
		if _, err := os.Stat(path); err != nil {
			missing = append(missing, path)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("not built: %s; run `make build`", strings.Join(missing, ", "))
	}
	return nil
}

// functions are the Lambda functions; each binary is build/NAME/bootstrap.
func (c Config) functions() []string {
	all := []string{"connect", "message", "disconnect", "sweep"}
	if c.Authorizer != nil {
		all = append(all, authorizer)
	}
	return all
}

func (c Config) bootstrap(function string) string {
	return filepath.Join(c.Build, function, "bootstrap")
}
func (c Config) worker() string  { return filepath.Join(c.Build, "worker") }
func (c Config) standin() string { return filepath.Join(c.Build, "standin") }

// standinArguments are those that say what the stand-ins do.
func (c Config) standinArguments() []string {
	arguments := []string{"-limit", strconv.Itoa(c.Streams)}
	if c.LLM != "" {
		arguments = append(arguments, "-llm", c.LLM)
	}
	if c.LLMModel != "" {
		arguments = append(arguments, "-llm-model", c.LLMModel)
	}
	if c.Record != "" {
		arguments = append(arguments, "-record", c.Record)
	}
	return append(arguments, c.Standin...)
}

func (c Config) standins() bool { return !c.AWS && !c.NoStandin }

// Root finds the checkout: the nearest folder at or above the working directory
// that holds go.work.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the checkout: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("find the checkout: no go.work at or above the working directory")
		}
		dir = parent
	}
}
