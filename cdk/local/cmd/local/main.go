// Command local is what `make run` runs: all of casey on this machine until Ctrl-C.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"casey.internal/cdk/local"
)

// doubled is the time within which a second signal is taken for the first.
const doubled = 300 * time.Millisecond

// usage is the exit status for a command line that is wrong.
const usage = 2

func main() {
	o, err := parse(os.Args[1:], os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return
	case err != nil:
		fmt.Fprintln(os.Stderr, "local:", err)
		os.Exit(usage)
	}
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "\nlocal:", err)
		os.Exit(1)
	}
}

// run starts the stack and waits for a signal. A second one ends it without grace.
func run(o options) error {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()

	cfg, err := o.stack(ctx)
	if err != nil {
		return err
	}
	stack, err := startUnless(ctx, cancel, cfg, signals)
	if err != nil || stack == nil {
		return err
	}
	welcome(stack, cfg)
	if o.open {
		open(ctx, stack.URL)
	}
	<-signals
	fmt.Println("\nstopping (Ctrl-C again: at once) ...")
	stop(stack, signals)
	fmt.Println("stopped, nothing is left running")
	return nil
}

// startUnless starts the stack; a signal meanwhile gives up, and then there is
// neither a stack nor an error.
func startUnless(ctx context.Context, cancel context.CancelFunc, cfg local.Config, signals <-chan os.Signal) (*local.Stack, error) {
	type result struct {
		stack *local.Stack
		err   error
	}
	started := make(chan result, 1)
	go func() {
		s, err := local.Start(ctx, cfg)
		started <- result{s, err}
	}()
	select {
	case r := <-started:
		return r.stack, r.err
	case <-signals:
		fmt.Println("\ngiving up ...")
		cancel()
		if r := <-started; r.stack != nil {
			r.stack.Stop()
		}
		return nil, nil
	}
}

// stop ends the stack, at once when another signal comes.
func stop(stack *local.Stack, signals <-chan os.Signal) {
	done := make(chan struct{})
	go func() { defer close(done); stack.Stop() }()
	began := time.Now()
	for {
		select {
		case <-done:
			return
		case <-signals:
			if time.Since(began) < doubled {
				continue // the same one, to the whole process group
			}
			fmt.Println("\nkilling what is left ...")
			stack.Abort()
		}
	}
}

func welcome(stack *local.Stack, cfg local.Config) {
	ai := "it hears and speaks on this machine alone; AI=aws uses your AWS account"
	if cfg.LLM != "" {
		ai += "\n  thinking: the model at " + cfg.LLM
	}
	if cfg.Record != "" {
		ai += "\n  RECORDING: what is heard of you, and what is made of it, is kept in " + cfg.Record
	}
	if cfg.AWS {
		ai = "Transcribe, Bedrock and Polly are the real ones and cost money"
	}
	fmt.Printf("\n  casey is ready    %s\n\n  %s\n  log: %s/log    calls and what they cost: %s/usage.jsonl\n  control: %s    stop: Ctrl-C\n\n",
		stack.URL, ai, cfg.State, cfg.State, stack.Control)
}

// open shows the page in the browser of the desktop; without one nothing happens.
func open(ctx context.Context, url string) {
	program := "xdg-open"
	if runtime.GOOS == "darwin" {
		program = "open"
	}
	if err := exec.CommandContext(ctx, program, url).Run(); err != nil {
		fmt.Printf("cannot open a browser: %v\n", err)
	}
}
