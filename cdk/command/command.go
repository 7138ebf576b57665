// Package command is how casey's tools for developers begin and end: Ctrl-C
// stops them cleanly, errors are one line on standard error, and the exit
// status says what went wrong.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// The exit statuses beside 0. A shell itself has 130 for what Ctrl-C ended.
const (
	failed  = 1
	wrong   = 2
	stopped = 130
)

// WrongError is a mistake on a command line.
type WrongError struct{ Err error }

func (e WrongError) Error() string { return e.Err.Error() }

// Unwrap returns the error as the parser of flags has it.
func (e WrongError) Unwrap() error { return e.Err }

// Parse reads flags. The error is a WrongError, or flag.ErrHelp when the usage
// was asked for and has been printed; arguments beyond the flags are the
// caller's to look at.
func Parse(flags *flag.FlagSet, args []string) error {
	err := flags.Parse(args)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return err
	}
	return WrongError{err}
}

// Progress tells of long work, as fmt.Printf would, on standard error, where it does not
// spoil what a tool prints.
func Progress(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// Main runs a tool with the arguments of the process until it is done or
// somebody presses Ctrl-C, which ends its ctx, and exits unless all went well.
func Main(name string, run func(ctx context.Context, args []string) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	status, line := end(err, ctx.Err() != nil)
	stop()
	if line != "" {
		fmt.Fprintln(os.Stderr, name+": "+line)
	}
	os.Exit(status)
}

// end returns a process's exit status and its last line.
func end(err error, interrupted bool) (status int, line string) {
	_, isWrong := errors.AsType[WrongError](err)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0, ""
	case isWrong:
		return wrong, err.Error()
	case interrupted:
		return stopped, "stopped"
	}
	return failed, err.Error()
}
