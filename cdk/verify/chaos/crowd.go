package chaos

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/cdk/verify/ecs"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/store"
)

// gatherWithin is the longest that everybody may take until they are heard.
const gatherWithin = time.Minute

// records are what casey has written of the crowd.
type records interface {
	Session(ctx context.Context, id interview.SessionID) (*interview.Session, error)
	Turns(ctx context.Context, id interview.SessionID) ([]interview.Turn, error)
	Unended(ctx context.Context) ([]interview.Session, error)
}

// crowd is everybody who talks, and what they talk to.
type crowd struct {
	stack   *local.Stack
	ecs     *ecs.Service
	store   records
	persons []*person
	strikes []time.Time // when something was done to them
	running sync.WaitGroup
	stop    context.CancelFunc
}

// gather has n persons join, every tenth of them the legacy client, and
// returns when all of them are heard.
func gather(ctx context.Context, w world, n int, seed uint64) (*crowd, error) {
	run, stop := context.WithCancel(ctx)
	c := &crowd{stack: w.stack, ecs: w.ecs, store: store.New(w.stack.AWS(), "casey"), stop: stop}
	for i := range n {
		p := newPerson(c.stack.WS, seed+uint64(i), i%10 == 9, w.plan)
		c.persons = append(c.persons, p)
		c.running.Go(func() {
			if err := p.run(run); err != nil {
				p.end(lost + ": " + err.Error())
			}
		})
	}
	joined, cancel := context.WithTimeout(ctx, gatherWithin)
	defer cancel()
	err := await(joined, func() bool {
		return !slices.ContainsFunc(c.persons, func(p *person) bool { return !p.begun() })
	})
	if err != nil {
		return c, fmt.Errorf("not everybody is heard: %w", err)
	}
	return c, nil
}

// disperse ends what is left of the crowd's clients.
func (c *crowd) disperse() {
	c.stop()
	c.running.Wait()
}

// strike notes that something is done to everybody now.
func (c *crowd) strike() { c.strikes = append(c.strikes, time.Now()) }

// struck is the last strike before a time.
func (c *crowd) struck(before time.Time) time.Time {
	for _, at := range slices.Backward(c.strikes) {
		if at.Before(before) {
			return at
		}
	}
	return before
}

// workers are the names of those that run.
func (c *crowd) workers() []string {
	var names []string
	for _, name := range c.stack.Programs() {
		if strings.HasPrefix(name, "worker-") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// legacyClients returns the number of the crowd who still talk with the legacy
// client.
func (c *crowd) legacyClients() (n int) {
	for _, p := range c.persons {
		if p.legacy && p.reason() == "" {
			n++
		}
	}
	return n
}

// await polls until the answer is yes or ctx ends.
func await(ctx context.Context, ask func() bool) error {
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	for !ask() {
		select {
		case <-every.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// farewell has everybody end their interview, and returns how many sessions
// are still not over when limit has passed.
func (c *crowd) farewell(ctx context.Context, limit time.Duration) (ghosts int) {
	for _, p := range c.persons {
		if current, _, _ := p.legs(); current != nil && current.Client != nil && !p.legacy {
			_ = current.SendChannel(channel.EncodePage(channel.End{})) // who is away has left
		}
	}
	waiting, cancel := context.WithTimeout(ctx, limit/2)
	defer cancel()
	_ = await(waiting, func() bool { // the others leave without a word
		return !slices.ContainsFunc(c.persons, func(p *person) bool { return !p.legacy && p.reason() == "" })
	})
	c.disperse()
	over, stop := context.WithTimeout(ctx, limit)
	defer stop()
	_ = await(over, func() bool { // what is left by then are ghosts
		open, err := c.store.Unended(over)
		ghosts = len(slices.DeleteFunc(open, func(s interview.Session) bool { return s.State == interview.Paused }))
		return err == nil && ghosts == 0
	})
	return ghosts
}
