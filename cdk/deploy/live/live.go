// Package live looks at what is deployed: the stack's outputs, the health of
// its workers, and whether its model may be used.
package live

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/smithy-go"

	"casey.internal/shared/clock"
)

// lookEvery is how often the service is looked at while it starts.
const lookEvery = 5 * time.Second

// Account looks at one account and region.
type Account struct {
	cfg   aws.Config
	every time.Duration // between two looks at the workers
}

// New returns one that looks with these credentials.
func New(cfg aws.Config) *Account { return &Account{cfg, lookEvery} }

// ErrNoStack says that nothing is deployed yet.
var ErrNoStack = errors.New("live: there is no such stack")

// Stack is a stack as CloudFormation has it.
type Stack struct {
	Status  string
	Outputs map[string]string
}

// Stack returns a stack by name. ErrNoStack: it is not there.
func (a *Account) Stack(ctx context.Context, name string) (Stack, error) {
	out, err := cloudformation.NewFromConfig(a.cfg).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	if refused, ok := errors.AsType[smithy.APIError](err); ok && strings.Contains(refused.ErrorMessage(), "does not exist") {
		return Stack{}, ErrNoStack
	}
	if err != nil {
		return Stack{}, fmt.Errorf("look at stack %s: %w", name, err)
	}
	s := Stack{Outputs: map[string]string{}}
	for _, found := range out.Stacks {
		s.Status = string(found.StackStatus)
		for _, o := range found.Outputs {
			s.Outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
		}
	}
	return s, nil
}

// Template returns the template that a stack was deployed with.
func (a *Account) Template(ctx context.Context, name string) ([]byte, error) {
	out, err := cloudformation.NewFromConfig(a.cfg).GetTemplate(ctx, &cloudformation.GetTemplateInput{StackName: &name})
	if err != nil {
		return nil, fmt.Errorf("read the template of %s: %w", name, err)
	}
	return []byte(aws.ToString(out.TemplateBody)), nil
}

// AwaitWorkers waits until as many workers run as are asked for, all of them of
// the newest revision's deployment, or ctx is done; say is told what it waits for.
func (a *Account) AwaitWorkers(ctx context.Context, cluster, service string, say func(string)) error {
	client, said := ecs.NewFromConfig(a.cfg), ""
	for {
		out, err := client.DescribeServices(ctx, &ecs.DescribeServicesInput{Cluster: &cluster, Services: []string{service}})
		if err != nil {
			return fmt.Errorf("look at the workers: %w", err)
		}
		for _, s := range out.Services {
			for _, d := range s.Deployments {
				if aws.ToString(d.Status) != "PRIMARY" {
					continue
				}
				if d.RunningCount >= max(d.DesiredCount, 1) && d.PendingCount == 0 {
					return nil
				}
				if now := fmt.Sprintf("%d of %d workers run", d.RunningCount, d.DesiredCount); now != said {
					say(now)
					said = now
				}
			}
		}
		if err := clock.Sleep(ctx, a.every); err != nil {
			return fmt.Errorf("workers did not become healthy (make logs shows why): %w", err)
		}
	}
}
