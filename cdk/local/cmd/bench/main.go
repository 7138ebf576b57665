// Command bench measures casey on the local stack and prints one table for
// each of its parts; build/bench has the same rows as JSON.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"casey.internal/cdk/local"
	"casey.internal/cdk/local/bench"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures what the arguments ask for.
func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	offers := flags.Int("offers", 30, "how many candidates come, one after the other")
	if err := flags.Parse(args); err != nil {
		return err
	}
	root, err := local.Root()
	if err != nil {
		return err
	}
	table, err := bench.Setup(ctx, root, *offers, progress)
	if err != nil {
		return err
	}
	return show(table, root)
}

// show prints and stores a table.
func show(t *bench.Table, root string) error {
	if err := t.Print(os.Stdout); err != nil {
		return err
	}
	return t.Write(filepath.Join(root, "build", "bench"))
}

// progress tells of long work on standard error, where it does not spoil the tables.
func progress(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
