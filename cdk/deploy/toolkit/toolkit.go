// Package toolkit runs the CDK's command line.
package toolkit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"casey.internal/cdk/deploy/account"
)

// Version is the command line's, pinned: the one that npm calls the latest does
// not read what this CDK writes.
const Version = "2.1148.1"

// Toolkit runs it in a folder.
type Toolkit struct {
	Folder   string   // where cdk.json is
	Context  []string // KEY=VALUE, beside what cdk.json has
	Env      []string // beside the process's own
	Out, Err io.Writer
	In       io.Reader
}

// ErrDifferent says that there is something to deploy, or drift.
var ErrDifferent = errors.New("toolkit: there are differences")

// Run runs one command; its output is shown as it comes.
func (t Toolkit) Run(ctx context.Context, args ...string) error {
	npx, err := exec.LookPath("npx")
	if err != nil {
		return &account.ProblemError{Sentence: "Node.js is not installed: the CDK needs it (version 22 or later, https://nodejs.org).", Cause: err}
	}
	all := append([]string{"--yes", "aws-cdk@" + Version}, args...)
	for _, c := range t.Context {
		all = append(all, "-c", c)
	}
	cmd := exec.CommandContext(ctx, npx, all...)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = t.Folder, t.In, t.Out, t.Err
	cmd.Env = append(append(os.Environ(), "CDK_DISABLE_CLI_TELEMETRY=true", "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20"), t.Env...)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("cdk %s: %w", args[0], err)
	}
	return nil
}

// Compare runs a command that ends with 1 where there are differences, such as
// diff or drift with --fail.
func (t Toolkit) Compare(ctx context.Context, args ...string) error {
	err := t.Run(ctx, append(args, "--fail")...)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == 1 {
		return ErrDifferent
	}
	return err
}
