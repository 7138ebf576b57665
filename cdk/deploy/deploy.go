// Package deploy is what `make deploy` does, from the question who you are to
// the address that was tried.
package deploy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"casey.internal/cdk/deploy/account"
	"casey.internal/cdk/deploy/cost"
	"casey.internal/cdk/deploy/doctor"
	"casey.internal/cdk/deploy/imageonly"
	"casey.internal/cdk/deploy/live"
	"casey.internal/cdk/deploy/toolkit"
	"casey.internal/cdk/deploy/trial"
	"casey.internal/cdk/options"
)

// StackID is the stack's in the CDK's app, whatever its name.
const StackID = "Casey"

// The outputs of the stack that are used.
const (
	outputURL        = "WsUrl"
	outputSite       = "SiteUrl"
	outputRepository = "RepositoryUrl"
	outputCluster    = "ClusterName"
	outputService    = "ServiceName"
	outputWorkerLog  = "WorkerLogGroup"
	outputSecret     = "TicketSecretArn"
)

const (
	healthyWithin = 10 * time.Minute
	tryWithin     = 2 * time.Minute
)

// Tool is the CDK's command line.
type Tool interface {
	Run(ctx context.Context, args ...string) error
	Compare(ctx context.Context, args ...string) error
}

// Account is what is deployed.
type Account interface {
	Stack(ctx context.Context, name string) (live.Stack, error)
	Template(ctx context.Context, name string) ([]byte, error)
	AwaitWorkers(ctx context.Context, cluster, service string, say func(string)) error
	Logs(ctx context.Context, group string, since time.Time, w io.Writer) error
}

// Deployer deploys into one account.
type Deployer struct {
	Options  options.Options
	Identity account.Identity
	Tool     Tool
	Account  Account
	Try      func(context.Context, trial.Visitor) (trial.Result, error)
	Speak    func(context.Context, trial.Visitor) (trial.Services, error) // a worker tries the services
	Refused  func(context.Context, trial.Visitor) error                   // somebody is not let in
	Secret   func(ctx context.Context, arn string) ([]byte, error)        // that signs tickets, for who may read it
	Look     func(context.Context, options.Options) []doctor.Check        // at the account
	Choose   func(*Deployer) error                                        // asks what a deploy needs beside its options; nil = nothing
	Settle   func(d *Deployer, key, value string) error                   // chooses an option for this run
	Key      string                                                       // to try with; empty = ask for one where keys are needed
	Ask      func(question, yes string) (answer string, err error)        // yes is what means yes
	Assembly string                                                       // folder of the cloud assembly, as Tool names it
	Folder   string                                                       // the same, as this process does
	Image    string                                                       // tag of an image in the repository to use; empty = build one
	Out      io.Writer
}

// ErrDeclined says that the answer was no.
var ErrDeclined = errors.New("nothing was changed")

// Whoami says who deploys, and where to.
func (d *Deployer) Whoami() {
	d.say("account  %s\nregion   %s\narn      %s\nuser id  %s\nstack    %s", d.Identity.Account, d.Identity.Region, d.Identity.ARN, d.Identity.UserID, d.Options.Name())
}

// Deploy shows what would change and what it costs, asks, deploys, and tries
// the result.
func (d *Deployer) Deploy(ctx context.Context) error {
	d.Whoami()
	zones, err := d.examine(ctx)
	if err != nil {
		return err
	}
	exists, err := d.exists(ctx)
	if err != nil {
		return err
	}
	if err := d.settleZones(ctx, exists, zones); err != nil {
		return err
	}
	if err := d.choose(); err != nil {
		return err
	}
	d.say("\n%s", cost.Of(d.Options))
	if err := d.synthesise(ctx); err != nil {
		return err
	}
	if err := d.show(ctx, exists); err != nil {
		return err
	}
	if err := d.confirm(fmt.Sprintf("\nDeploy %s to account %s, region %s? [y/N] ", d.Options.Name(), d.Identity.Account, d.Identity.Region), "y"); err != nil {
		return err
	}
	if err := d.apply(ctx, "--import-existing-resources"); err != nil {
		return err
	}
	return d.prove(ctx)
}

// choose asks for what is to be known before anything is changed.
func (d *Deployer) choose() error {
	if d.Choose != nil {
		if err := d.Choose(d); err != nil {
			return err
		}
	}
	return d.chooseKey()
}

// synthesise builds everything and writes the template.
func (d *Deployer) synthesise(ctx context.Context) error {
	d.say("\nbuilding (the first time takes a minute or two) ...")
	return d.Tool.Run(ctx, "synth", "--quiet")
}

// Worker deploys a new image of the worker, and nothing else.
func (d *Deployer) Worker(ctx context.Context) error {
	d.Whoami()
	stack, err := d.Account.Stack(ctx, d.Options.Name())
	if err != nil {
		return d.missing(err)
	}
	if err := d.chooseKey(); err != nil {
		return err
	}
	if err := d.synthesise(ctx); err != nil {
		return err
	}
	deployed, err := d.Account.Template(ctx, d.Options.Name())
	if err != nil {
		return err
	}
	image := ""
	if d.Image != "" {
		image = stack.Outputs[outputRepository] + ":" + d.Image
	}
	if err := imageonly.Rewrite(d.Folder, deployed, image); err != nil {
		return err
	}
	if err := d.confirm(fmt.Sprintf("\nDeploy a new worker to %s? [y/N] ", d.Options.Name()), "y"); err != nil {
		return err
	}
	if err := d.apply(ctx); err != nil {
		return err
	}
	return d.prove(ctx)
}

// exists reports whether the stack is there, and finds whether it can be
// deployed to.
func (d *Deployer) exists(ctx context.Context) (exists bool, err error) {
	stack, err := d.Account.Stack(ctx, d.Options.Name())
	switch {
	case errors.Is(err, live.ErrNoStack):
		return false, nil
	case err != nil:
		return false, err
	case stack.Status == "REVIEW_IN_PROGRESS": // there is a change set and nothing else
		return false, nil
	}
	if sentence := broken(stack.Status); sentence != "" {
		return false, &account.ProblemError{Sentence: d.Options.Name() + " " + sentence}
	}
	return true, nil
}

// broken says, after a stack's name, why it cannot be deployed to in this
// status, and what helps; empty = it can.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
func broken(status string) string {
	switch status {
	case "ROLLBACK_COMPLETE":
		return "is empty, since its first deploy failed: run make destroy, then make deploy again."
	case "CREATE_FAILED", "ROLLBACK_FAILED", "DELETE_FAILED":
		return "is half there (" + status + "): run make destroy, then make deploy again."
	case "UPDATE_ROLLBACK_FAILED":
		return "could neither be updated nor put back: run cd cdk && npx aws-cdk@" + toolkit.Version + " rollback " + StackID + ", then make deploy again."
	}
	if strings.HasSuffix(status, "_IN_PROGRESS") {
		return "is being worked on by CloudFormation (" + status + "): wait until it has finished."
	}
	return ""
}

// show shows drift and changes. Neither stops a deploy: that is asked.
func (d *Deployer) show(ctx context.Context, exists bool) error {
	if !exists {
		d.say("%s does not exist yet: everything will be created.", d.Options.Name())
		return nil
	}
	d.say("looking for drift and changes ...")
	for _, what := range []string{"drift", "diff"} {
		err := d.Tool.Compare(ctx, what, StackID, "--app", d.Assembly)
		if err != nil && !errors.Is(err, toolkit.ErrDifferent) {
			return err
		}
	}
	return nil
}

func (d *Deployer) apply(ctx context.Context, more ...string) error {
	args := append([]string{"deploy", StackID, "--app", d.Assembly, "--require-approval", "never", "--progress", "events"}, more...)
	return d.Tool.Run(ctx, args...)
}

// URL prints the address.
func (d *Deployer) URL(ctx context.Context) error {
	stack, err := d.Account.Stack(ctx, d.Options.Name())
	if err != nil {
		return d.missing(err)
	}
	d.say("%s", stack.Outputs[outputURL])
	return nil
}

// Logs follows the workers' log.
func (d *Deployer) Logs(ctx context.Context) error {
	stack, err := d.Account.Stack(ctx, d.Options.Name())
	if err != nil {
		return d.missing(err)
	}
	return d.Account.Logs(ctx, stack.Outputs[outputWorkerLog], time.Now().Add(-10*time.Minute), d.Out)
}

// Diff shows what a deploy would change.
func (d *Deployer) Diff(ctx context.Context) error {
	exists, err := d.exists(ctx)
	if err != nil {
		return err
	}
	if err := d.settleZones(ctx, exists, nil); err != nil {
		return err
	}
	if err := d.Tool.Run(ctx, "synth", "--quiet"); err != nil {
		return err
	}
	return d.Tool.Run(ctx, "diff", StackID, "--app", d.Assembly)
}

// Destroy removes the stack once its name has been typed. The usage log stays.
// It makes the assembly anew: the one that is there may be another deployment's.
func (d *Deployer) Destroy(ctx context.Context) error {
	d.Whoami()
	if err := d.confirm(fmt.Sprintf("This removes %s with all that it knows. Type its name to go on: ", d.Options.Name()), d.Options.Name()); err != nil {
		return err
	}
	if err := d.synthesise(ctx); err != nil { // what is there may be of another environment
		return err
	}
	return d.Tool.Run(ctx, "destroy", StackID, "--app", d.Assembly, "--force")
}

// confirm asks; anything but yes is no.
func (d *Deployer) confirm(question, yes string) error {
	answer, err := d.Ask(question, yes)
	if err != nil {
		return err
	}
	if !strings.EqualFold(strings.TrimSpace(answer), yes) {
		return ErrDeclined
	}
	return nil
}

func (d *Deployer) missing(err error) error {
	if errors.Is(err, live.ErrNoStack) {
		return &account.ProblemError{Sentence: d.Options.Name() + " is not deployed in account " + d.Identity.Account + ", region " + d.Identity.Region + ": run make deploy."}
	}
	return err
}

func (d *Deployer) say(format string, args ...any) {
	_, _ = fmt.Fprintf(d.Out, format+"\n", args...)
}
