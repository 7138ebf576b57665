// Command soak opens and closes many interviews on the local stack, prints
// what is left of them and writes build/bench/soak.json. It exits with 1 when
// anything is left.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"casey.internal/cdk/command"
	"casey.internal/cdk/local"
	"casey.internal/cdk/verify/soak"
)

func main() { command.Main("soak", run) }

// run soaks as the arguments ask.
func run(ctx context.Context, args []string) error {
	var c soak.Config
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	flags.IntVar(&c.Sessions, "sessions", 1000, "how many interviews are opened and closed")
	flags.IntVar(&c.Parallel, "parallel", 30, "how many visitors there are at a time")
	flags.BoolVar(&c.Brief, "brief", false, "without the ways of ending that a worker notices by its time limits")
	flags.StringVar(&c.Build, "build", "", "folder of the binaries; empty = build")
	verbose := flags.Bool("v", false, "show what all programs log")
	if err := command.Parse(flags, args); err != nil {
		return err
	}
	if *verbose {
		c.Log = os.Stderr
	}
	root, err := local.Root()
	if err != nil {
		return err
	}
	c.Root = root
	c.Progress = command.Progress
	table, err := soak.Run(ctx, c)
	if err != nil {
		return err
	}
	if err := table.Publish(filepath.Join(root, "build", "bench")); err != nil {
		return err
	}
	var left []string
	for _, row := range table.Missed() {
		left = append(left, row.Metric)
	}
	if left != nil {
		return fmt.Errorf("not back to the start: %s", strings.Join(left, "; "))
	}
	return nil
}
