// Command engines fetches what the local stack hears and speaks with, where it is not there yet.
// What cannot be had is told in a line and is no error: there are smaller engines.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"

	"casey.internal/cdk/command"
	"casey.internal/cdk/local/aws/engines"
)

func main() { command.Main("engines", run) }

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("engines", flag.ContinueOnError)
	folder := flags.String("folder", "", "`folder` that keeps them (default: casey/engines in the user's cache)")
	if err := command.Parse(flags, args); err != nil {
		return err
	}
	if *folder == "" {
		usual, err := engines.Folder()
		if err != nil {
			return err
		}
		*folder = usual
	}
	err := engines.Fetch(ctx, *folder, engines.PythonPip, os.Stderr, engines.All...)
	if err != nil && ctx.Err() == nil {
		fmt.Fprintf(os.Stderr, "casey hears and speaks with its smaller engines this time: %s\n", strings.ReplaceAll(err.Error(), "\n", "; "))
		return nil
	}
	return err
}
