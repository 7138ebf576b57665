// Command cdk synthesises casey's CloudFormation template. The CDK's command
// line runs it (see cdk.json), in this folder.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/aws/jsii-runtime-go"

	"casey.internal/cdk/artifacts"
	"casey.internal/cdk/options"
	"casey.internal/cdk/stack"
)

func main() {
	err := synthesise()
	closeQuietly()
	if err != nil {
		fmt.Fprintln(os.Stderr, "casey:", err)
		os.Exit(1)
	}
}

// closeQuietly ends the CDK's own process. The CDK waits for it twice, and
// would say on os.Stderr that the second time there is none.
func closeQuietly() {
	said := os.Stderr
	if nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		defer func() { _ = nowhere.Close() }()
		os.Stderr = nowhere
	}
	jsii.Close()
	os.Stderr = said
}

// synthesise turns the panic that the CDK raises on any error into an error, so
// that a user reads a sentence and not a dump.
func synthesise() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.Join(err, fmt.Errorf("%v", r))
		}
	}()
	app := stack.NewApp(nil)
	chosen, err := options.Parse(stack.Context(app), os.Getenv("CDK_DEFAULT_REGION"))
	if err != nil {
		return err
	}
	if err := artifacts.AddInterviews("..", "../build/aws", chosen.Interviews); err != nil {
		return err
	}
	stack.New(app, chosen, stack.Built("../build/aws"))
	app.Synth(nil)
	return nil
}
