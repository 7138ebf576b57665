package chaos

import (
	"context"
	"errors"
	"syscall"
	"time"

	"casey.internal/cdk/local/aws/faults"
	"casey.internal/shared/clock"
)

// fault is something that goes wrong while everybody talks.
type fault struct {
	name string
	// strike makes it go wrong, and right again where that does not come by
	// itself; it returns when it has.
	strike func(ctx context.Context, c *crowd) error
	// after, where it is set, looks at what is left when everybody has gone, and
	// returns how much that should be gone is not.
	after func(ctx context.Context) (leftover int)
}

// notice is the longest that a client may take to notice that its peer is gone,
// and a little more.
const notice = 4 * time.Second

// offlineFor is the time that people have no network: a tunnel.
const offlineFor = 10 * time.Second

// outages are all faults, those of the AI services and the new revision
// excepted; away is how long a service is.
func outages(away time.Duration) []fault {
	return []fault{
		{name: "kill -9 of a worker", strike: func(ctx context.Context, c *crowd) error {
			defer rest(ctx, notice)
			return c.restart(ctx, c.busiest(ctx), syscall.SIGKILL)
		}},
		{name: "SIGTERM of each worker", strike: endEach(syscall.SIGTERM)},
		{name: "no network", strike: func(ctx context.Context, c *crowd) error {
			c.strike()
			c.each(func(p *person) { p.goOffline(true) })
			rest(ctx, min(away, offlineFor))
			c.each(func(p *person) { p.goOffline(false) })
			return nil
		}},
		{name: "changed client address", strike: func(ctx context.Context, c *crowd) (err error) {
			c.strike()
			c.roads(func(l *leg) { err = errors.Join(err, l.road.Rebind()) })
			rest(ctx, time.Second)
			c.each((*person).suspect)
			rest(ctx, notice)
			return err
		}},
		{name: "sockets cut", strike: func(ctx context.Context, c *crowd) error {
			c.strike()
			c.roads(func(l *leg) { l.LoseSocket() })
			rest(ctx, notice)
			return nil
		}},
		{name: "late queue and SIGTERM", strike: lateQueue(syscall.SIGTERM)},
		{name: "late queue and kill -9", strike: lateQueue(syscall.SIGKILL)},
		{name: "DynamoDB away", strike: during(faults.Settings{TableAway: true}, away)},
		{name: "SQS away", strike: during(faults.Settings{QueuesAway: true}, away)},
		{name: "services fail while people reconnect", strike: whileReconnecting(
			away, faults.Settings{QueuesAway: true}, faults.Settings{TableAway: true})},
	}
}

// endEach ends one worker after the other.
func endEach(sig syscall.Signal) func(context.Context, *crowd) error {
	return func(ctx context.Context, c *crowd) error {
		for _, name := range c.workers() {
			if err := c.restart(ctx, name, sig); err != nil {
				return err
			}
			rest(ctx, 3*time.Second)
		}
		return nil
	}
}

// lateQueue has every message of the queues come twice, late and out of order
// while a worker goes.
func lateQueue(sig syscall.Signal) func(context.Context, *crowd) error {
	return func(ctx context.Context, c *crowd) error {
		late := faults.Settings{Seed: 1, Duplicate: 1, DelayMinMS: 10, DelayMaxMS: 200, ShuffleMS: 300}
		if err := c.stack.SetFaults(late); err != nil {
			return err
		}
		err := c.restart(ctx, c.busiest(ctx), sig)
		rest(ctx, notice)
		if kind := c.stack.SetFaults(faults.Settings{}); err == nil {
			err = kind
		}
		return err
	}
}

// restart ends a worker and waits for its successor.
func (c *crowd) restart(ctx context.Context, name string, sig syscall.Signal) error {
	pid, err := c.stack.PID(name)
	if err != nil {
		return err
	}
	c.strike()
	if err := c.stack.Kill(name, sig); err != nil {
		return err
	}
	return c.stack.AwaitRestart(ctx, name, pid)
}

// busiest is the worker that holds most sessions.
func (c *crowd) busiest(ctx context.Context) string {
	best, most := "", -1
	for _, name := range c.workers() {
		if active := c.active(ctx, name); active > most {
			best, most = name, active
		}
	}
	return best
}

// active returns the number of sessions that a worker holds; none when it
// cannot be asked.
func (c *crowd) active(ctx context.Context, worker string) int {
	m, err := c.stack.Metrics(ctx, worker)
	if err != nil {
		return 0
	}
	return int(m["active"])
}

// each does something to everybody.
func (c *crowd) each(do func(*person)) {
	for _, p := range c.persons {
		do(p)
	}
}

// roads does something to the present leg of everybody.
func (c *crowd) roads(do func(*leg)) {
	for _, p := range c.persons {
		if l, _, _ := p.legs(); l != nil && l.Client != nil {
			do(l)
		}
	}
}

func during(s faults.Settings, away time.Duration) func(context.Context, *crowd) error {
	return func(ctx context.Context, c *crowd) error {
		c.strike()
		if err := c.stack.SetFaults(s); err != nil {
			return err
		}
		rest(ctx, away)
		return c.stack.SetFaults(faults.Settings{})
	}
}

// whileReconnecting has everybody come back from a tunnel just when the
// services fail, one way after the other.
func whileReconnecting(away time.Duration, ways ...faults.Settings) func(context.Context, *crowd) error {
	return func(ctx context.Context, c *crowd) error {
		c.strike()
		c.each(func(p *person) { p.goOffline(true) })
		rest(ctx, min(away, offlineFor))
		for _, way := range ways {
			if err := c.stack.SetFaults(way); err != nil {
				return err
			}
			c.each(func(p *person) { p.goOffline(false) })
			rest(ctx, away/time.Duration(len(ways)))
		}
		return c.stack.SetFaults(faults.Settings{})
	}
}

// rest lets time pass.
func rest(ctx context.Context, d time.Duration) { _ = clock.Sleep(ctx, d) }
