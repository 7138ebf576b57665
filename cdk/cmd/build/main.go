// Command build makes what the stack consists of, in build/aws. The CDK's
// command line runs it before it synthesises (cdk.json), and finds in
// node_modules/.bin what stands in for Docker.
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
	const out = "../build/aws"
	err := artifacts.Builder{Root: "..", Out: out, Log: os.Stderr}.All(ctx)
	if err == nil {
		err = artifacts.Offer(out, ".")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}
