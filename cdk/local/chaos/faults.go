package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"syscall"
	"time"

	"casey.internal/cdk/local/unkind"
)

// fault is something that goes wrong while everybody talks.
type fault struct {
	name string
	// strike makes it go wrong, and right again where that does not come by
	// itself; it returns when it has.
	strike func(ctx context.Context, c *crowd) error
}

// faults are all of them; away is how long a service is.
func faults(workers int, away time.Duration) []fault {
	return []fault{
		{"kill -9 of a worker", func(ctx context.Context, c *crowd) error { return c.restart(ctx, c.busiest(ctx), syscall.SIGKILL) }},
		{"media away", func(ctx context.Context, c *crowd) error {
			c.roads(func(l *leg) { l.road.Cut(true) })
			rest(ctx, away)
			c.roads(func(l *leg) { l.road.Cut(false) })
			return nil
		}},
		{"changed client address", func(_ context.Context, c *crowd) (err error) {
			c.roads(func(l *leg) { err = l.road.Rebind() })
			return err
		}},
		{"sockets cut", func(ctx context.Context, c *crowd) error {
			c.roads((*leg).LoseSocket)
			rest(ctx, 2*time.Second)
			return nil
		}},
		{"DynamoDB away", unkindly(unkind.Settings{TableAway: true}, away)},
		{"SQS away", unkindly(unkind.Settings{QueuesAway: true}, away)},
		{"queue messages twice and late", func(ctx context.Context, c *crowd) error {
			defer func() { _ = c.stack.SetUnkind(unkind.Settings{}) }() // settings that were in force are in order
			s := unkind.Settings{Seed: 1, Duplicate: 1, DelayMinMS: 10, DelayMaxMS: 200, ShuffleMS: 300, StaleMS: 50}
			if err := c.stack.SetUnkind(s); err != nil {
				return err
			}
			return c.restart(ctx, c.busiest(ctx), syscall.SIGTERM)
		}},
		{"SIGTERM of each worker in turn", func(ctx context.Context, c *crowd) error {
			for n := range workers {
				if err := c.restart(ctx, n+1, syscall.SIGTERM); err != nil {
					return err
				}
				rest(ctx, 3*time.Second)
			}
			return nil
		}},
		{"Transcribe throttled", ai(`{"transcribe":{"throttle":true}}`, away/2)},
		{"Bedrock stalled", ai(`{"bedrock":{"stall_ms":3000}}`, away/2)},
		{"Polly reset", ai(`{"polly":{"down":true}}`, away/2)},
		{"Transcribe reset", ai(`{"transcribe":{"die_after_events":2}}`, away/2)},
	}
}

// restart ends a worker and waits for its successor.
func (c *crowd) restart(ctx context.Context, worker int, sig syscall.Signal) error {
	name := fmt.Sprintf("worker-%d", worker)
	pid, err := c.stack.PID(name)
	if err != nil {
		return err
	}
	if err := c.stack.Kill(name, sig); err != nil {
		return err
	}
	return c.stack.AwaitRestart(ctx, name, pid)
}

// busiest is the worker that holds most sessions.
func (c *crowd) busiest(ctx context.Context) int {
	best, most := 1, -1
	for n := 1; c.stack.WorkerURL(fmt.Sprintf("worker-%d", n)) != ""; n++ {
		if active := c.active(ctx, n); active > most {
			best, most = n, active
		}
	}
	return best
}

// active is how many sessions a worker holds; none when it cannot be asked.
func (c *crowd) active(ctx context.Context, worker int) int {
	url := c.stack.WorkerURL(fmt.Sprintf("worker-%d", worker)) + "/metrics"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	defer func() { _ = response.Body.Close() }()
	var counters map[string]int
	if json.NewDecoder(response.Body).Decode(&counters) != nil {
		return 0
	}
	return counters["active"]
}

// roads does something to the present leg of everybody.
func (c *crowd) roads(do func(*leg)) {
	for _, p := range c.persons {
		p.mu.Lock()
		l := p.current
		p.mu.Unlock()
		if l != nil {
			do(l)
		}
	}
}

func (l *leg) LoseSocket() { l.Candidate.LoseSocket() }

func unkindly(s unkind.Settings, away time.Duration) func(context.Context, *crowd) error {
	return func(ctx context.Context, c *crowd) error {
		if err := c.stack.SetUnkind(s); err != nil {
			return err
		}
		rest(ctx, away)
		return c.stack.SetUnkind(unkind.Settings{})
	}
}

// ai has a stand-in misbehave for a while.
func ai(settings string, away time.Duration) func(context.Context, *crowd) error {
	return func(ctx context.Context, c *crowd) error {
		if err := control(ctx, c.stack.Standin, http.MethodPost, settings); err != nil {
			return err
		}
		rest(ctx, away)
		return control(ctx, c.stack.Standin, http.MethodDelete, "")
	}
}

func control(ctx context.Context, standin, method, body string) error {
	request, err := http.NewRequestWithContext(ctx, method, standin+"/_control", bytes.NewBufferString(body))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode >= http.StatusMultipleChoices {
		var why json.RawMessage
		_ = json.NewDecoder(response.Body).Decode(&why) // as much as there is
		return fmt.Errorf("control the stand-ins: %s %s", response.Status, why)
	}
	return nil
}

// rest lets time pass.
func rest(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
