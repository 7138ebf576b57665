// Command build makes what the stack consists of, in build/aws. The CDK's
// command line runs it before it synthesises (cdk.json).
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"casey.internal/cdk/artifacts"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := (artifacts.Builder{Root: "..", Out: "../build/aws", Log: os.Stderr}).All(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}
