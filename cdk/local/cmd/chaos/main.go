// Command chaos lets everything go wrong while a crowd talks to casey on the
// local stack, prints what came of it and writes build/bench/chaos.json. It
// exits with 1 when anybody, or anything that was heard, was lost.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/cdk/local/chaos"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}

// run makes the chaos that the arguments ask for.
func run(ctx context.Context, args []string) error {
	var c chaos.Config
	flags := flag.NewFlagSet("chaos", flag.ContinueOnError)
	flags.IntVar(&c.Workers, "workers", 3, "how many")
	flags.IntVar(&c.Sessions, "sessions", 30, "how many talk at a time")
	flags.Uint64Var(&c.Seed, "seed", 1, "of when who talks")
	flags.DurationVar(&c.Away, "away", 30*time.Second, "how long a service is away")
	flags.StringVar(&c.Build, "build", "", "folder of the binaries; empty = build")
	verbose := flags.Bool("v", false, "show what all programs log")
	only := flags.String("only", "", "names of faults, separated by commas; empty = all")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *only != "" {
		c.Only = strings.Split(*only, ",")
	}
	if *verbose {
		c.Log = os.Stderr
	}
	root, err := local.Root()
	if err != nil {
		return err
	}
	c.Root = root
	c.Progress = func(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
	table, err := chaos.Run(ctx, c)
	if err != nil {
		return err
	}
	if err := table.Print(os.Stdout); err != nil {
		return err
	}
	if err := table.Write(filepath.Join(root, "build", "bench")); err != nil {
		return err
	}
	if missed := table.Missed(); len(missed) > 0 {
		return fmt.Errorf("%d goals missed, the first: %s is %g", len(missed), missed[0].Metric, missed[0].Value)
	}
	return nil
}
