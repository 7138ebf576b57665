// Package toolkit runs the CDK's command line.
package toolkit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"

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

// quiet keeps to itself what nobody can do anything about: boxes about versions
// of Node to come, and about npm's own settings.
var quiet = []string{
	"CDK_DISABLE_CLI_TELEMETRY=true", "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20", "NODE_NO_WARNINGS=1", "npm_config_loglevel=error",
}

// ErrDifferent says that there is something to deploy, or drift.
var ErrDifferent = errors.New("toolkit: there are differences")

// oldest is the oldest Node.js that the CDK runs on, advised the oldest that it
// is still mended for.
const oldest, advised = 20, 22

// Check finds out whether there is a Node.js for the command line.
func Check(ctx context.Context) error {
	if _, err := exec.LookPath("npx"); err != nil {
		return &account.ProblemError{Sentence: fmt.Sprintf("Node.js is not installed: the CDK needs it (version %d or later, https://nodejs.org).", advised), Cause: err}
	}
	said, err := exec.CommandContext(ctx, "node", "--version").Output() // v20.19.2
	if err != nil {
		return &account.ProblemError{Sentence: fmt.Sprintf("Node.js does not run: install version %d or later (https://nodejs.org).", advised), Cause: err}
	}
	version := strings.TrimPrefix(strings.TrimSpace(string(said)), "v")
	major, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(major); err == nil && n < oldest {
		return &account.ProblemError{Sentence: fmt.Sprintf("Node.js %s is too old for the CDK: install version %d or later (https://nodejs.org).", version, advised)}
	}
	return nil
}

// Run runs one command; its output is shown as it comes.
func (t Toolkit) Run(ctx context.Context, args ...string) error {
	if err := Check(ctx); err != nil {
		return err
	}
	all := append([]string{"--yes", "aws-cdk@" + Version}, args...)
	for _, c := range t.Context {
		all = append(all, "-c", c)
	}
	cmd := exec.CommandContext(ctx, "npx", all...)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = t.Folder, t.In, t.Out, t.Err
	cmd.Env = append(append(os.Environ(), quiet...), t.Env...)
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
