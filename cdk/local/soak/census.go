package soak

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"

	"casey.internal/cdk/local/bench"
)

const workerName = "worker-1"

// process is what a process holds. What cannot be known of it is 0.
type process struct {
	goroutines, heap, collections int64
	files, resident               int64
	active, held                  int64 // sessions in slots, and in any list
}

// census is what everything holds.
type census struct {
	worker    process
	self      process            // gateway, what runs the functions, and the visitors
	functions map[string]process // their own processes
	stores    stored
}

func (s *soak) census(ctx context.Context) (*census, error) {
	worker, err := s.worker(ctx)
	if err != nil {
		return nil, err
	}
	c := &census{worker: worker, functions: map[string]process{}}
	if c.self, err = look(os.Getpid()); err != nil {
		return nil, err
	}
	c.self.goroutines = int64(runtime.NumGoroutine())
	children, err := bootstraps(os.Getpid())
	if err != nil {
		return nil, err
	}
	for name, pid := range children {
		if c.functions[name], err = look(pid); err != nil {
			return nil, err
		}
	}
	c.stores, err = s.stores.look(ctx)
	return c, err
}

// worker asks the worker itself, and the system about it.
func (s *soak) worker(ctx context.Context) (process, error) {
	pid, err := s.stack.PID(workerName)
	if err != nil {
		return process{}, err
	}
	p, err := look(pid)
	if err != nil {
		return p, err
	}
	m, err := metrics(ctx, s.stack.WorkerURL(workerName)+"/metrics")
	p.goroutines, p.heap, p.collections = m["goroutines"], m["heap_bytes"], m["collections"]
	p.active, p.held = m["active"], m["held"]
	return p, err
}

// metrics reads a worker's. The connection is not kept, so that it counts once.
func metrics(ctx context.Context, url string) (map[string]int64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("worker: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	var m map[string]int64
	if err := json.NewDecoder(response.Body).Decode(&m); err != nil {
		return nil, fmt.Errorf("worker: %w", err)
	}
	return m, nil
}

// idle reports whether no interview is left anywhere.
func (c *census) idle() bool {
	return c.worker.active == 0 && c.worker.held == 0 && c.stores.running == 0 && c.stores.messages == 0
}

// row is one figure of a census: what there is more of than before.
type row struct {
	what        string
	more, slack int64
	unit        string
	scale       float64
}

func (r row) tooMany() bool { return r.more > r.slack }

// rows is all of a census beside the one before.
func (c *census) rows(before *census) []row {
	const mb = 1 << 20
	rows := []row{
		{"worker: goroutines", c.worker.goroutines - before.worker.goroutines, slackGoroutines, "", 1},
		{"worker: open files", c.worker.files - before.worker.files, slackFiles, "", 1},
		{"worker: heap in use", c.worker.heap - before.worker.heap, slackHeap, "MB", mb},
		{"worker: resident memory", c.worker.resident - before.worker.resident, slackResident, "MB", mb},
		{"worker: sessions in any list", c.worker.held, 0, "", 1},
		{"gateway, hosts of functions, visitors: goroutines", c.self.goroutines - before.self.goroutines, slackGoroutines, "", 1},
		{"gateway, hosts of functions, visitors: open files", c.self.files - before.self.files, slackFiles, "", 1},
	}
	for name, p := range c.functions {
		rows = append(rows,
			row{"function " + name + ": open files", p.files - before.functions[name].files, slackFiles, "", 1},
			row{"function " + name + ": resident memory", p.resident - before.functions[name].resident, slackResident, "MB", mb})
	}
	slices.SortStableFunc(rows[7:], func(a, b row) int { return strings.Compare(a.what, b.what) })
	return append(rows,
		row{"queues", c.stores.queues - before.stores.queues, 0, "", 1},
		row{"messages in queues", c.stores.messages, 0, "", 1},
		row{"rows of sessions that neither ended nor are paused", c.stores.running, 0, "", 1},
		row{"rows of workers", c.stores.workers - before.stores.workers, 0, "", 1},
		row{"rows that never expire", c.stores.lasting, 0, "", 1})
}

// left are the figures that are not back.
func (c *census) left(before *census) []row {
	return slices.DeleteFunc(c.rows(before), func(r row) bool { return !r.tooMany() })
}

// compare adds what there is more of to the table.
func (c *census) compare(t *bench.Table, before *census) {
	for _, r := range c.rows(before) {
		t.AtMost(r.what+", more than before", float64(r.more)/r.scale, float64(r.slack)/r.scale, r.unit)
	}
	t.Note("rows that expire", float64(c.stores.expiring), "")
}
