// Command deploy puts casey on AWS and looks after it there: make deploy and
// its like run it, in the folder cdk. `deploy help` lists what it does.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"casey.internal/cdk/deploy"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout)
	switch {
	case errors.Is(err, deploy.ErrDeclined):
		fmt.Fprintln(os.Stderr, err)
	case err != nil:
		fmt.Fprintln(os.Stderr, "casey:", err)
		os.Exit(1)
	}
}
