// Command worker holds interviews: it takes sessions from the dispatch queue
// and talks with their candidates over WebRTC. `worker --help` lists what it
// reads from the environment.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"casey.internal/shared/settings"
)

// garbage is how much garbage may come beside what is in use until it is collected, in
// percent (Go's own default: 100). With 25 a session takes 0.69 MB instead of 0.81 at 120 of
// them and no more CPU time, but at 30, which is what tasks have, a fifth more of it
// (make bench-density); and of 2 GB a full task uses a tenth.
const garbage = 50

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		if _, bad := errors.AsType[*settings.Error](err); bad {
			fmt.Fprintln(os.Stderr, "worker --help lists what can be set")
			os.Exit(2)
		}
		os.Exit(1)
	}
}
