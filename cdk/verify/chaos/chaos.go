// Package chaos lets everything go wrong, one after the other, while a crowd
// talks to casey on the local stack, and looks what came of it: who was lost,
// which words, and how soon everybody was heard again.
package chaos

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/cdk/verify/ecs"
	"casey.internal/shared/retry"
)

// Config says how much chaos.
type Config struct {
	Root     string
	Build    string        // folder of the binaries; empty = Root/build
	Workers  int           // default 3
	Sessions int           // default 30
	Seed     uint64        // of when who talks
	Talk     time.Duration // how long everybody talks before it goes wrong; default 10 s
	Away     time.Duration // how long a service is away; default 30 s
	Limit    time.Duration // to be heard again after a fault; default 60 s
	Ghosts   time.Duration // until nothing is left of the sessions; default 120 s
	Only     []string      // names of faults, or how they begin; nil = all
	Together bool          // one crowd suffers them all, which is quicker
	Progress func(format string, args ...any)
	Log      io.Writer // gets what all programs log; nil = nobody
}

func (c Config) complete() Config {
	c.Workers = cmp.Or(c.Workers, 3)
	c.Sessions = cmp.Or(c.Sessions, 30)
	c.Talk = cmp.Or(c.Talk, 10*time.Second)
	c.Away = cmp.Or(c.Away, 30*time.Second)
	c.Limit = cmp.Or(c.Limit, time.Minute)
	c.Ghosts = cmp.Or(c.Ghosts, 2*time.Minute)
	if c.Progress == nil {
		c.Progress = func(string, ...any) {}
	}
	return c
}

// world is the stack that the crowd talks to.
type world struct {
	stack *local.Stack
	ecs   *ecs.Service
	plan  retry.Plan // what the page does to restore what is lost
}

// Names lists the faults, in the order in which they come.
func Names() (names []string) {
	for _, f := range all(world{}, 0) {
		names = append(names, f.name)
	}
	return names
}

// all faults; away is how long a service is.
func all(w world, away time.Duration) []fault {
	return slices.Concat(outages(away), services(away/2), []fault{newRevision(w)})
}

// Run makes the chaos and returns what came of it, also of the faults before
// the one at which it had to stop.
func Run(ctx context.Context, c Config) (Report, error) {
	c = c.complete()
	report := Report{Root: c.Root, Seed: c.Seed, Sessions: c.Sessions}
	if err := c.Check(); err != nil {
		return report, err
	}
	w, stop, err := c.start(ctx)
	if err != nil {
		return report, err
	}
	defer stop()
	chosen := slices.DeleteFunc(all(w, c.Away), func(f fault) bool { return !c.chosen(f.name) })
	size := 1
	if c.Together {
		size = max(len(chosen), 1)
	}
	for group := range slices.Chunk(chosen, size) {
		c.Progress("%d of %d faults are over", len(report.outcomes), len(chosen))
		outcomes, err := c.suffer(ctx, w, group)
		report.outcomes = append(report.outcomes, outcomes...)
		if err != nil {
			return report, err
		}
	}
	return report, nil
}

func (c Config) chosen(name string) bool {
	return c.Only == nil || slices.ContainsFunc(c.Only, func(only string) bool { return strings.HasPrefix(name, only) })
}

// UnknownError is a name that no fault has or begins with.
type UnknownError struct{ Name string }

func (e UnknownError) Error() string {
	return fmt.Sprintf("no fault is called %q: choose of\n%s", e.Name, strings.Join(Names(), "\n"))
}

// Check returns an UnknownError when Only has a name that chooses nothing.
func (c Config) Check() error {
	for _, only := range c.Only {
		if !slices.ContainsFunc(Names(), Config{Only: []string{only}}.chosen) || only == "" {
			return UnknownError{only}
		}
	}
	return nil
}

// start starts the stack, its workers as tasks of a service of ECS. Who stops
// it in the middle of things does not want to wait for good-byes.
func (c Config) start(ctx context.Context) (world, func(), error) {
	plan, err := retry.Load()
	if err != nil {
		return world{}, nil, err
	}
	script, err := writeScript()
	if err != nil {
		return world{}, nil, err
	}
	forget := func() { _ = os.Remove(script) }
	service, err := ecs.Start(ctx)
	if err != nil {
		forget()
		return world{}, nil, err
	}
	stack, err := local.Start(ctx, local.Config{
		Root: c.Root, Build: c.Build, Workers: c.Workers, Slots: 25, Streams: 400, Log: c.Log, Standin: []string{"-canned", "-replies", script},
		WorkerEnv: []string{"CASEY_DRAIN=20s", "LOG_LEVEL=info"},
		TaskEnv:   service.Env,
	})
	if err != nil {
		forget()
		service.Close()
		return world{}, nil, err
	}
	hurry := context.AfterFunc(ctx, stack.Abort)
	return world{stack, service, plan}, func() {
		hurry()
		stack.Stop()
		service.Close()
		forget()
	}, nil
}

// suffer gathers a crowd and has it suffer faults.
func (c Config) suffer(ctx context.Context, w world, faults []fault) ([]outcome, error) {
	c.Progress("%d people gather", c.Sessions)
	crowd, err := gather(ctx, w, c.Sessions, c.Seed)
	defer crowd.disperse()
	if err != nil {
		return nil, err
	}
	rest(ctx, c.Talk)
	outcomes, err := c.strikeAll(ctx, crowd, faults)
	for _, o := range outcomes {
		o.print(c.Progress)
	}
	return outcomes, err
}

// strikeAll has a crowd suffer faults, one after the other. The last outcome tells what was
// left when everybody had gone, or which fault was under way when ctx ended.
func (c Config) strikeAll(ctx context.Context, crowd *crowd, faults []fault) (outcomes []outcome, err error) {
	for _, f := range faults {
		o, err := c.strike(ctx, crowd, f)
		switch {
		case ctx.Err() != nil:
			return append(outcomes, outcome{fault: f.name, stopped: true}), context.Cause(ctx)
		case err != nil:
			return outcomes, fmt.Errorf("%s: %w", f.name, err)
		}
		outcomes = append(outcomes, o)
	}
	last := &outcomes[len(outcomes)-1]
	last.ghosts = crowd.farewell(ctx, c.Ghosts)
	for _, f := range faults {
		if f.after != nil {
			last.leftover += f.after(ctx)
		}
	}
	if ctx.Err() != nil {
		*last = outcome{fault: last.fault, stopped: true}
	}
	return outcomes, context.Cause(ctx)
}

// strike has a crowd suffer one fault. What comes of it means nothing once ctx has ended.
func (c Config) strike(ctx context.Context, crowd *crowd, f fault) (outcome, error) {
	c.Progress("%s", f.name)
	crowd.each((*person).forget)
	if err := f.strike(ctx, crowd); err != nil || ctx.Err() != nil {
		return outcome{}, err
	}
	c.Progress("  is over; everybody has to be heard again")
	o := crowd.look(ctx, c.Limit)
	o.fault = f.name
	return o, nil
}
