// Command bench measures casey on the local stack and prints one table for
// each of its parts; build/bench has the same rows as JSON.
package main

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"

	"casey.internal/cdk/command"
	"casey.internal/cdk/local"
	"casey.internal/cdk/measure/latency"
	"casey.internal/cdk/measure/report"
)

func main() { command.Main("bench", run) }

// run measures what the arguments ask for.
func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	offers := flags.Int("offers", 30, "setup: how many candidates come, one after the other")
	sessions := flags.Int("sessions", 10, "reply: how many interviews at the same time")
	replies := flags.Int("replies", 8, "reply: how many replies in each")
	if err := command.Parse(flags, args); err != nil {
		return err
	}
	root, err := local.Root()
	if err != nil {
		return err
	}
	benches := map[string]func() (*report.Table, error){
		"setup": func() (*report.Table, error) { return latency.Setup(ctx, root, *offers, command.Progress) },
		"reply": func() (*report.Table, error) { return latency.Reply(ctx, root, *sessions, *replies, command.Progress) },
	}
	names := flags.Args()
	if len(names) == 0 {
		names = []string{"setup", "reply"}
	}
	for _, name := range names {
		if benches[name] == nil {
			return command.WrongError{Err: fmt.Errorf("there is no bench %q, only setup and reply", name)}
		}
		table, err := benches[name]()
		if err != nil {
			return err
		}
		if err := table.Publish(filepath.Join(root, "build", "bench")); err != nil {
			return err
		}
	}
	return nil
}
