// Package chaos lets everything go wrong, one after the other, while a crowd
// talks to casey on the local stack, and looks what came of it: who was lost,
// which words, and how soon everybody was heard again.
package chaos

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/cdk/local/bench"
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
	Limit    time.Duration // to be heard again after a fault; default 30 s
	Ghosts   time.Duration // until nothing is left of the sessions; default 120 s
	Only     []string      // names of faults; nil = all
	Progress func(format string, args ...any)
	Log      io.Writer // gets what all programs log; nil = nobody
	// WorkerEnv is added to the environment of the workers.
	WorkerEnv []string
}

func (c Config) complete() Config {
	setDefault(&c.Workers, 3)
	setDefault(&c.Sessions, 30)
	setDefault(&c.Talk, 10*time.Second)
	setDefault(&c.Away, 30*time.Second)
	setDefault(&c.Limit, 30*time.Second)
	setDefault(&c.Ghosts, 2*time.Minute)
	if c.Progress == nil {
		c.Progress = func(string, ...any) {}
	}
	return c
}

func setDefault[T comparable](v *T, to T) {
	var zero T
	if *v == zero {
		*v = to
	}
}

// notice is how long a client may take to notice that its peer is gone, and a
// little more.
const notice = 4 * time.Second

// Run makes the chaos and returns its table: for each fault the sessions, how
// many of them and of their turns were lost, how many ended with a reason, and
// the time from what the client noticed until it heard the voice again.
func Run(ctx context.Context, c Config) (*bench.Table, error) {
	c = c.complete()
	stack, err := local.Start(ctx, local.Config{
		Root: c.Root, Build: c.Build, Workers: c.Workers, Slots: 25, Log: c.Log, Standin: []string{"-canned", "-limit", "200"},
		WorkerEnv: append([]string{"CASEY_DRAIN=20s", "LOG_LEVEL=info", "TRANSCRIBE_STREAMS=0"}, c.WorkerEnv...),
	})
	if err != nil {
		return nil, err
	}
	defer stack.Stop()
	t := bench.NewTable("chaos", c.Root)
	for _, f := range faults(c.Workers, c.Away) {
		if c.Only != nil && !slices.Contains(c.Only, f.name) {
			continue
		}
		if err := c.suffer(ctx, t, stack, f); err != nil {
			return t, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return t, nil
}

// suffer gathers a crowd, strikes and looks.
func (c Config) suffer(ctx context.Context, t *bench.Table, stack *local.Stack, f fault) error {
	crowd, err := gather(ctx, stack, c.Sessions, c.Seed)
	defer crowd.disperse()
	if err != nil {
		return err
	}
	rest(ctx, c.Talk)
	for _, p := range crowd.persons {
		p.forget()
	}
	if err := f.strike(ctx, crowd); err != nil {
		return err
	}
	rest(ctx, notice)
	o := crowd.look(ctx, c.Limit)
	ghosts, err := crowd.farewell(ctx, c.Ghosts)
	if err != nil {
		return err
	}
	o.write(t, f.name, ghosts)
	c.Progress("%s: %d sessions, %d lost, %d ended, %d turns heard, %d lost, %d ghosts, %d restored, p50 %.0f ms, p95 %.0f ms, %d replies moved, gap p95 %.0f ms",
		f.name, o.sessions, o.lost, o.ended, o.turns, o.turnsLost, ghosts,
		len(o.again), bench.Percentile(o.again, 50), bench.Percentile(o.again, 95), len(o.gaps), bench.Percentile(o.gaps, 95))
	for _, why := range o.why {
		c.Progress("  %s", why)
	}
	return nil
}

// write adds what came of a fault to the table.
func (o outcome) write(t *bench.Table, fault string, ghosts int) {
	t.Note(fault+": sessions", float64(o.sessions), "")
	t.AtMost(fault+": lost", float64(o.lost), 0, "")
	t.Note(fault+": ended with a reason", float64(o.ended), "")
	t.Note(fault+": turns heard", float64(o.turns), "")
	t.AtMost(fault+": turns lost", float64(o.turnsLost), 0, "")
	t.AtMost(fault+": ghosts", float64(ghosts), 0, "")
	if len(o.again) > 0 {
		t.Note(fault+": had to be restored", float64(len(o.again)), "")
		t.AtMost(fault+": heard again, p50", bench.Percentile(o.again, 50), 5000, "ms")
		t.Note(fault+": heard again, p95", bench.Percentile(o.again, 95), "ms")
	}
	if len(o.gaps) > 0 {
		t.Note(fault+": replies that another worker ended", float64(len(o.gaps)), "")
		t.AtMost(fault+": gap in them, p50", bench.Percentile(o.gaps, 50), 500, "ms")
		t.Note(fault+": gap in them, p95", bench.Percentile(o.gaps, 95), "ms")
	}
}
