package density

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/cdk/local/process/logs"
	"casey.internal/cdk/measure/latency"
	"casey.internal/cdk/measure/report"
)

// Crowded is what came of more candidates than a worker carries.
type Crowded struct {
	Came  int // candidates
	Point     // of those who were let in
}

// arrival is the time from one candidate to the next.
const arrival = 200 * time.Millisecond

// Crowd has n candidates come, one soon after the other, to a worker that has a slot for
// each but half of a core: another process is busy there. Each that is let in talks at
// once. It measures how those fare once all have come.
func Crowd(ctx context.Context, c Config, n int) (*Crowded, error) {
	if err := leaveFirst(ctx); err != nil {
		return nil, err
	}
	voice, err := latency.Answer(ctx)
	if err != nil {
		return nil, err
	}
	stack, err := c.start(ctx, n)
	if err != nil {
		return nil, err
	}
	defer stack.Stop()
	heard := soundOf(voice, c.Frame)
	busy, leave := context.WithCancel(ctx)
	defer leave()
	rival := exec.CommandContext(busy, "taskset", "-c", "0", "sh", "-c", "while :; do :; done")
	if err := rival.Start(); err != nil {
		return nil, fmt.Errorf("a busy process beside the worker: %w", err)
	}
	defer func() { leave(); _ = rival.Wait() }() // it is killed
	idle, err := stack.Metrics(ctx, worker)
	if err != nil {
		return nil, err
	}
	talking, goAway := context.WithCancel(ctx)
	var all sync.WaitGroup
	defer all.Wait()
	defer goAway()
	for range n {
		all.Go(func() {
			one, err := enter(talking, stack.WS)
			if err != nil {
				return // there is no room until the end
			}
			defer one.Close()
			_ = one.talk(talking, 0, heard) // until the end
		})
		if err := pause(ctx, arrival); err != nil {
			return nil, err
		}
	}
	if err := pause(ctx, settle); err != nil {
		return nil, err
	}
	inside, err := stack.Metrics(ctx, worker)
	if err != nil {
		return nil, err
	}
	result := &Crowded{Came: n, Point: Point{Sessions: int(inside["active"])}}
	if result.Sessions == 0 {
		return nil, fmt.Errorf("nobody of %d was let in", n)
	}
	if result.Sessions < n && !told(stack) {
		return nil, fmt.Errorf("%d of %d were let in, and the worker does not say why", result.Sessions, n)
	}
	return result, c.watch(ctx, stack, idle, &result.Point)
}

// told reports whether the worker's log says that it takes nobody.
func told(stack *local.Stack) bool {
	return slices.ContainsFunc(stack.Logs().Entries(), func(e logs.Entry) bool {
		return strings.HasPrefix(e.Message, "no session is taken")
	})
}

// CrowdTable returns the report of a crowd.
func CrowdTable(root string, c *Crowded) *report.Table {
	t := report.NewTable("density-crowd", root)
	t.Note("candidates came, a fifth of a second apart", float64(c.Came), "")
	t.Note("of them were let in", float64(c.Sessions), "")
	t.Note("CPU of a session's minute", c.PerMinute, "s")
	t.Note("the worker's core in use, half of which it can have", 100*c.Busy, "%")
	t.AtMost("packets sent a frame late or more", 100*c.Sent.share(20*time.Millisecond), goalCrowded, "%")
	t.Note("packets sent late by less than, p50", c.Sent.percentile(50), "ms")
	t.Note("packets sent late by less than, p99", c.Sent.percentile(99), "ms")
	t.Note("replies", float64(len(c.Own)), "")
	t.Note("own share of a reply, p50", report.Percentile(c.Own, 50), "ms")
	t.AtMost("own share of a reply, p95", report.Percentile(c.Own, 95), goalOwn, "ms")
	return t
}
