// Package lambda runs a Lambda function on this machine: it serves the Lambda
// Runtime API (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html)
// and runs the very bootstrap binary that is deployed as a child process
// against it.
package lambda

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"
)

// ErrTimeout is the error of Invoke when the function has not answered within
// its time limit.
var ErrTimeout = errors.New("the function timed out")

// ErrCrashed is the error of Invoke when the function's process ended while it
// held the invocation.
var ErrCrashed = errors.New("the function's process ended")

// Error is an error that the function itself answered with.
type Error struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

// Error names the error as Lambda reports it.
func (e *Error) Error() string { return e.Type + ": " + e.Message }

// Config describes one function.
type Config struct {
	// Name is the function's name, for its ARN and its environment.
	Name string
	// Bootstrap is the path of the binary.
	Bootstrap string
	// Env is the whole environment of the process; the variables that Lambda
	// sets are added.
	Env []string
	// Environments is the number of processes that run side by side; default 1.
	Environments int
	// Concurrency is the number of invocations that one process takes at a time
	// (AWS_LAMBDA_MAX_CONCURRENCY); default 8. A crash loses all of them, and
	// one that a sibling's poll takes while the process dies: with 1 and
	// several Environments a crash hits one invocation alone, as it does on
	// AWS.
	Concurrency int
	// Timeout is the function's time limit; default 29 s, API Gateway's own.
	Timeout time.Duration
	// Cold is asked at each invocation whether it finds its environment gone,
	// and waits for a new one; nil: never.
	Cold func() bool
	// Output gets what the process writes; nil discards it.
	Output io.Writer
	// Log is told about starts and crashes; nil discards it.
	Log *slog.Logger
}

// Function is one Lambda function. It is safe for concurrent use.
type Function struct {
	cfg   Config
	queue chan *invocation

	ready     chan struct{} // closed when the first environment has asked for work
	readyOnce sync.Once

	mu   sync.Mutex
	envs map[*environment]struct{}
	init time.Duration
}

// New returns a function that serves once Run is called.
func New(cfg Config) *Function {
	cfg.Environments = cmp.Or(cfg.Environments, 1)
	cfg.Concurrency = cmp.Or(cfg.Concurrency, 8)
	cfg.Timeout = cmp.Or(cfg.Timeout, 29*time.Second)
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Output == nil {
		cfg.Output = io.Discard
	}
	return &Function{
		cfg: cfg, queue: make(chan *invocation),
		ready: make(chan struct{}), envs: map[*environment]struct{}{},
	}
}

// Invoke hands payload to a free environment and returns the answer. It fails
// with ErrTimeout, ErrCrashed, an *Error of the function's own, or ctx's error.
// Without a free environment it waits for one.
func (f *Function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if f.cfg.Cold != nil && f.cfg.Cold() {
		f.Cool()
	}
	ctx, cancel := context.WithTimeoutCause(ctx, f.cfg.Timeout, ErrTimeout)
	defer cancel()
	deadline, _ := ctx.Deadline()
	inv := newInvocation(payload, deadline)
	select {
	case f.queue <- inv:
	case <-ctx.Done():
		return nil, fmt.Errorf("invoke %s: %w", f.cfg.Name, context.Cause(ctx))
	}
	select {
	case r := <-inv.result:
		if r.err != nil {
			return nil, fmt.Errorf("invoke %s: %w", f.cfg.Name, r.err)
		}
		return r.body, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("invoke %s: %w", f.cfg.Name, context.Cause(ctx))
	}
}

// Ready blocks until an environment has asked for work for the first time, or
// ctx is done.
func (f *Function) Ready(ctx context.Context) error {
	select {
	case <-f.ready:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for %s: %w", f.cfg.Name, context.Cause(ctx))
	}
}

// InitTime returns the time that the last environment took from the start of
// its process to its first request for work.
func (f *Function) InitTime() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.init
}

// Cool makes every environment give way to a new, cold one: what they hold is
// finished, what comes next waits.
func (f *Function) Cool() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for e := range f.envs {
		e.retire()
	}
}

// Kill ends every process of the function at once, as a crash would; new ones
// start.
func (f *Function) Kill() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for e := range f.envs {
		e.crash()
	}
}

func (f *Function) polled(e *environment) {
	f.mu.Lock()
	f.init = time.Since(e.started)
	f.mu.Unlock()
	f.readyOnce.Do(func() { close(f.ready) })
}

// functionError reads the error document of a runtime; one that is none is
// reported as it is.
func functionError(body []byte) error {
	e := new(Error)
	if json.Unmarshal(body, e) != nil || e.Type == "" && e.Message == "" {
		return &Error{Type: "Unhandled", Message: string(body)}
	}
	return e
}
