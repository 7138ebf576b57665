// Command chaos lets everything go wrong while a crowd talks to casey on the
// local stack, prints what came of it and writes build/bench/chaos.json. It
// exits with 1 when anybody, or anything that was heard, was lost. Stopped by
// Ctrl-C it writes nothing, prints the faults that are over and the one that is
// under way, and exits with 130.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"casey.internal/cdk/command"
	"casey.internal/cdk/local"
	"casey.internal/cdk/verify/chaos"
)

func main() { command.Main("chaos", run) }

// parse reads the arguments.
func parse(args []string) (chaos.Config, error) {
	var c chaos.Config
	flags := flag.NewFlagSet("chaos", flag.ContinueOnError)
	flags.IntVar(&c.Workers, "workers", 3, "`how many`")
	flags.IntVar(&c.Sessions, "sessions", 30, "`how many` talk at a time, every tenth of them with the legacy client")
	flags.Uint64Var(&c.Seed, "seed", 1, "`number` that decides when who talks")
	flags.DurationVar(&c.Away, "away", 30*time.Second, "how long DynamoDB and SQS are away, an AI service half as long")
	flags.StringVar(&c.Build, "build", "", "`folder` of the binaries; empty = build")
	verbose := flags.Bool("v", false, "show what all programs log")
	only := flags.String("only", "", "`names` of faults, or how they begin, separated by commas; empty = all of\n"+strings.Join(chaos.Names(), "\n"))
	if err := command.Parse(flags, args); err != nil {
		return c, err
	}
	if flags.NArg() > 0 {
		return c, command.WrongError{Err: fmt.Errorf("unexpected argument %q", flags.Arg(0))}
	}
	if *only != "" {
		c.Only = strings.Split(*only, ",")
	}
	if err := c.Check(); err != nil {
		return c, command.WrongError{Err: err}
	}
	if *verbose {
		c.Log = os.Stderr
	}
	return c, nil
}

// run makes the chaos. What came of it until then is told also when it was stopped.
func run(ctx context.Context, args []string) error {
	c, err := parse(args)
	if err != nil {
		return err
	}
	root, err := local.Root()
	if err != nil {
		return err
	}
	c.Root = root
	c.Progress = func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, time.Now().Format(time.TimeOnly)+" "+format+"\n", args...)
	}
	report, err := chaos.Run(ctx, c)
	if e := report.Print(os.Stdout); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	if err := report.Table().Write(filepath.Join(root, "build", "bench")); err != nil {
		return err
	}
	if losses := report.Losses(); len(losses) > 0 {
		return fmt.Errorf("%s\nthe same again: make chaos ARGS=%q", strings.Join(losses, "\n"), again(c))
	}
	return nil
}

// again are the arguments of the same chaos.
func again(c chaos.Config) string {
	arguments := fmt.Sprintf("-seed %d -workers %d -sessions %d -away %s", c.Seed, c.Workers, c.Sessions, c.Away)
	if len(c.Only) > 0 {
		arguments += fmt.Sprintf(" -only %q", strings.Join(c.Only, ","))
	}
	return arguments
}
