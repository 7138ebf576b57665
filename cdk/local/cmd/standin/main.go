// Command standin stands in for Amazon Transcribe, Bedrock and Polly on one
// machine. It prints one line of JSON when it is ready.
//
// It is built with cgo and takes these Debian packages: apt-get install -y gcc
// pkg-config libespeak-ng-dev libpocketsphinx-dev libsphinxbase-dev
// espeak-ng-data pocketsphinx-en-us opus-tools lame sox.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"casey.internal/cdk/local/aws/standin"
)

// usage is the exit status for a command line that is wrong.
const usage = 2

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	config, err := standin.ParseFlags(os.Args[1:], os.Stderr)
	config.LLMKey = os.Getenv("LLM_API_KEY")
	switch {
	case errors.Is(err, flag.ErrHelp):
		return
	case err != nil:
		fmt.Fprintln(os.Stderr, "standin:", err)
		os.Exit(usage)
	}
	if err := run(ctx, config, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "standin:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, config standin.Config, out io.Writer) error {
	server, err := standin.New(ctx, config, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		return err
	}
	if err := json.NewEncoder(out).Encode(server.Ready()); err != nil {
		return fmt.Errorf("print addresses: %w", err)
	}
	return server.Run(ctx)
}
