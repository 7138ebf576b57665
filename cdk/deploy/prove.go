package deploy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"casey.internal/cdk/deploy/account"
	"casey.internal/cdk/deploy/live"
	"casey.internal/cdk/deploy/trial"
	"casey.internal/cdk/options"
	"casey.internal/shared/ticket"
)

// ticketLife is how long the ticket of a trial is good for.
const ticketLife = 5 * time.Minute

// prove waits for the workers, tries the address and prints it.
func (d *Deployer) prove(ctx context.Context) error {
	stack, err := d.Account.Stack(ctx, d.Options.Name())
	if err != nil {
		return err
	}
	if err := d.awaitWorkers(ctx, stack); err != nil {
		return err
	}
	services, err := d.attempt(ctx, stack)
	if err != nil {
		return fmt.Errorf("deployed, but it does not work: %w (make logs shows what the workers say)", err)
	}
	if site := stack.Outputs[outputSite]; site != "" {
		d.say("page: %s", site)
	}
	d.say("\nNEXT_PUBLIC_WS_URL=%s", stack.Outputs[outputURL])
	d.say("%s", services)
	return nil
}

func (d *Deployer) awaitWorkers(ctx context.Context, stack live.Stack) error {
	healthy, cancel := context.WithTimeout(ctx, healthyWithin)
	defer cancel()
	return d.Account.AwaitWorkers(healthy, stack.Outputs[outputCluster], stack.Outputs[outputService], func(s string) { d.say("%s", s) })
}

// attempt tries the address, as somebody who may come in and, where not
// everybody may, as somebody who may not; then it has a worker try the services.
// It returns what to say of those.
func (d *Deployer) attempt(ctx context.Context, stack live.Stack) (services string, err error) {
	ctx, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	visitor := trial.Visitor{URL: stack.Outputs[outputURL], Origin: d.origin(stack)}
	if d.Options.Access != options.Open {
		if err := d.Refused(ctx, visitor); err != nil {
			return "", err
		}
		d.say("tried: nobody comes in without a %s", d.pass())
	}
	visitor.Key, visitor.Ticket = d.Key, d.ticket(ctx, stack)
	if d.Options.Access != options.Open && visitor.Key+visitor.Ticket == "" {
		d.say("not tried: whether somebody with a %s does (%s)", d.pass(), d.whyNot())
		return "not tried: Polly, Transcribe and Bedrock, for which one has to come in", nil
	}
	result, err := d.Try(ctx, visitor)
	if err != nil {
		return "", err
	}
	d.say("tried: answered after %v, media after %v", result.Answered.Round(time.Millisecond), result.Connected.Round(time.Millisecond))
	times, err := d.Speak(ctx, visitor)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("a worker said, heard and thought a word: %v", times), nil
}

// origin is a page's that may use the address.
func (d *Deployer) origin(stack live.Stack) string {
	if len(d.Options.Origins) > 0 {
		return d.Options.Origins[0]
	}
	return stack.Outputs[outputSite]
}

// pass is what somebody needs to come in.
func (d *Deployer) pass() string {
	if d.Options.Access == options.Key {
		return "key"
	}
	return "ticket"
}

func (d *Deployer) whyNot() string {
	if d.Options.Access == options.Key {
		return "no key was given; CASEY_KEY=… gives one"
	}
	return "these credentials may not read the secret"
}

// ticket makes one where that is what is needed and the secret may be read.
func (d *Deployer) ticket(ctx context.Context, stack live.Stack) string {
	if d.Options.Access != options.Ticket {
		return ""
	}
	secret, err := d.Secret(ctx, stack.Outputs[outputSecret])
	if err != nil {
		return ""
	}
	return ticket.New(secret, "make-deploy", time.Now().Add(ticketLife))
}

// chooseKey asks for the key to try with, before anything is changed.
func (d *Deployer) chooseKey() error {
	if d.Options.Access != options.Key {
		d.Key = ""
		return nil
	}
	if d.Key == "" {
		answer, err := d.Ask("\nOne of the keys, to try it with (Enter: only try that nobody comes in without one): ", "")
		if err != nil {
			return err
		}
		d.Key = strings.TrimSpace(answer)
	}
	sum := sha256.Sum256([]byte(d.Key))
	if d.Key != "" && !slices.Contains(d.Options.Keys, hex.EncodeToString(sum[:])) {
		return &account.ProblemError{Sentence: "That key is none of keys: give one whose SHA-256 sum is among them (make key prints both).", Cause: errors.New("unknown key")}
	}
	return nil
}
