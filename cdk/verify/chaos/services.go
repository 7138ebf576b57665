package chaos

import (
	"context"
	"math/rand/v2"
	"time"

	"casey.internal/cdk/local/aws/control"
)

// misbehaviour is a way in which a service fails; its name completes that of
// the service.
type misbehaviour struct {
	name  string
	fault control.Fault
}

// ways are those of every service: an answer that stops for longer than
// anybody waits, a refusal of each call, a connection that breaks in the middle.
// Streams that are live are cut, or a recognition that was there before would
// notice nothing.
var ways = []misbehaviour{
	{"stalled", control.Fault{Cut: true, StallMS: 20000}},
	{"throttled", control.Fault{Cut: true, Throttle: true}},
	{"reset", control.Fault{Cut: true, DieAfterEvents: 2}},
}

var titles = map[control.Service]string{control.Transcribe: "Transcribe", control.Bedrock: "Bedrock", control.Polly: "Polly"}

// services are the faults of the AI services: each in each way.
func services(away time.Duration) (all []fault) {
	for _, s := range control.Services {
		for _, w := range ways {
			all = append(all, fault{name: titles[s] + " " + w.name, strike: misbehave(s, w.fault, away)})
		}
	}
	return all
}

// Some returns the names of n faults of the AI services, by a seed.
func Some(seed uint64, n int) (names []string) {
	every := services(0)
	random := rand.New(rand.NewPCG(seed, 9))
	for _, i := range random.Perm(len(every))[:n] {
		names = append(names, every[i].name)
	}
	return names
}

// misbehave has a stand-in misbehave for a while.
func misbehave(s control.Service, f control.Fault, away time.Duration) func(context.Context, *crowd) error {
	return func(ctx context.Context, c *crowd) error {
		standins := control.Client{URL: c.stack.Standin}
		c.strike()
		if err := standins.Set(ctx, map[control.Service]control.Fault{s: f}); err != nil {
			return err
		}
		rest(ctx, away)
		return standins.Reset(ctx)
	}
}
