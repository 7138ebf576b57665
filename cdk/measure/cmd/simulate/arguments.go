package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"casey.internal/cdk/command"
	"casey.internal/cdk/measure/fleet"
	"casey.internal/cdk/options"
)

// arguments are the choices of a command line.
type arguments struct {
	own       bool // a scenario of one's own
	seed      uint64
	hourly    float64
	times     float64
	length    time.Duration
	start     time.Duration
	whole     time.Duration
	account   fleet.Account
	options   options.Options
	streamsOK bool // the quota was named
}

// parse reads arguments; w gets the help.
func parse(args []string, w io.Writer) (arguments, error) {
	var a arguments
	context := map[string]any{}
	flags := flag.NewFlagSet("simulate", flag.ContinueOnError)
	flags.SetOutput(w)
	flags.Uint64Var(&a.seed, "seed", 1, "of who comes when")
	flags.Float64Var(&a.hourly, "arrivals", 0, "a scenario of your own: so many an hour")
	flags.Float64Var(&a.times, "times", 1, "so many times as many, an hour after it counts")
	flags.DurationVar(&a.length, "length", 45*time.Minute, "of an interview on average; they differ by a third")
	flags.DurationVar(&a.start, "start", 35*time.Second, "of a task on average, until it takes interviews; they differ by a third")
	flags.DurationVar(&a.whole, "for", 4*time.Hour, "how long it counts")
	flags.IntVar(&a.account.Streams, "streams", 0, "the account's quota of Transcribe streams (default: what -c streams says)")
	flags.Float64Var(&a.account.Speech, "speech", 8, "the account's quota of Polly calls a second")
	flags.IntVar(&a.account.VCPU, "vcpu", 0, "the account's quota of Fargate vCPUs; 0: any number")
	flags.Func("c", "an option of the deployment as `KEY=VALUE`, as for make deploy; may be repeated", func(s string) error {
		key, value, ok := strings.Cut(s, "=")
		if !ok {
			return errors.New("want KEY=VALUE")
		}
		context[key] = value
		return nil
	})
	if err := command.Parse(flags, args); err != nil {
		return a, err
	}
	o, err := options.Parse(context, "us-east-1")
	if err != nil {
		return a, command.WrongError{Err: err}
	}
	a.options = o
	flags.Visit(func(f *flag.Flag) {
		a.own = a.own || f.Name != "seed"
		a.streamsOK = a.streamsOK || f.Name == "streams"
	})
	return a, a.check(flags.Args())
}

// check says in a sentence what cannot be.
func (a *arguments) check(rest []string) error {
	for _, c := range []struct {
		wrong bool
		say   string
	}{
		{len(rest) > 0, fmt.Sprintf("%q is no flag", strings.Join(rest, " "))},
		{a.own && (a.hourly <= 0 || a.hourly > 100_000), "a scenario of your own needs -arrivals, up to 100000 an hour"},
		{a.times < 0 || a.times > 1000, "-times is from 0 to 1000"},
		{a.length < time.Minute || a.length > 4*time.Hour, "-length is from 1m to 4h"},
		{a.start < 0 || a.start > time.Hour, "-start is from 0s to 1h"},
		{a.whole < time.Minute || a.whole > 7*24*time.Hour, "-for is from 1m to 168h"},
		{a.account.Streams < 0 || a.account.Speech < 0 || a.account.VCPU < 0, "no quota is negative"},
	} {
		if c.wrong {
			return command.WrongError{Err: errors.New(c.say)}
		}
	}
	return nil
}

// scenario is the one that was asked for.
func (a *arguments) scenario() fleet.Scenario {
	rate := func(time.Duration) float64 { return a.hourly }
	s := fleet.New("own", fmt.Sprintf("%g an hour", a.hourly), a.options, rate, a.hourly*max(1, a.times))
	s.Lead = 2 * time.Hour
	s.For = s.Lead + a.whole
	if a.times != 1 {
		s.Title += fmt.Sprintf(", then ×%g", a.times)
		s.Rate = fleet.Rise(rate, a.times, s.Lead+min(time.Hour, a.whole/2))
	}
	s.Seed = a.seed
	s.World.Shortest, s.World.Longest = a.length*2/3, a.length*4/3
	s.World.StartLeast, s.World.StartMost = a.start*2/3, a.start*4/3
	s.Account = a.account
	if !a.streamsOK {
		s.Account.Streams = a.options.Streams
	}
	if a.account.Speech == 0 {
		s.Account.Speech = math.Inf(1)
	}
	return s
}

// store writes folder/NAME.json.
func store(folder, name string, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("store %s: %w", name, err)
	}
	return os.WriteFile(filepath.Join(folder, name+".json"), append(data, '\n'), 0o644)
}
