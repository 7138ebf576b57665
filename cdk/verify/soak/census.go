package soak

import (
	"context"
	"maps"
	"os"
	"slices"

	"casey.internal/cdk/measure/report"
)

const workerName = "worker-1"

// process is the resources of a process. What cannot be known of it is 0.
type process struct {
	goroutines        int64 // but those of connections that are kept
	heap, collections int64
	files             int64 // but TCP connections
	connections       int64 // TCP
	resident          int64
	active, held      int64 // sessions in slots, and in any list
}

// census is the resources of everything.
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
	if err := c.self.mine(); err != nil {
		return nil, err
	}
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
	m, err := s.stack.Metrics(ctx, workerName)
	p.goroutines = m["goroutines"] - 2*p.connections // a client reads and writes each in a goroutine
	p.heap, p.collections = m["heap_bytes"], m["collections"]
	p.active, p.held = m["active"], m["held"]
	return p, err
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

// tooMany reports whether a figure is above what it may be: exactly = nothing,
// memory excepted.
func (r row) tooMany(exactly bool) bool {
	if exactly && r.unit == "" {
		return r.more > 0
	}
	return r.more > r.slack
}

const mb = 1 << 20

// rows is all of a census beside the one before.
func (c *census) rows(before *census) []row {
	rows := c.worker.rows("worker", before.worker)
	rows = append(rows, row{"worker: sessions in any list", c.worker.held, 0, "", 1})
	rows = append(rows, c.self.rows("gateway, hosts of functions, visitors", before.self)...)
	for _, name := range slices.Sorted(maps.Keys(c.functions)) {
		rows = append(rows, c.functions[name].rows("function "+name, before.functions[name])...)
	}
	return append(rows,
		row{"queues", c.stores.queues - before.stores.queues, 0, "", 1},
		row{"messages in queues", c.stores.messages, 0, "", 1},
		row{"rows of sessions that neither ended nor are paused", c.stores.running, 0, "", 1},
		row{"rows of workers", c.stores.workers - before.stores.workers, 0, "", 1},
		row{"rows that never expire", c.stores.lasting, 0, "", 1})
}

// rows is a process beside itself before. What is not known of it is left out.
func (p process) rows(name string, before process) []row {
	var rows []row
	if p.goroutines > 0 {
		rows = append(rows, row{name + ": goroutines", p.goroutines - before.goroutines, slackGoroutines, "", 1})
	}
	if p.heap > 0 {
		rows = append(rows, row{name + ": heap in use", p.heap - before.heap, slackHeap, "MB", mb})
	}
	if p.resident > 0 {
		rows = append(rows, row{name + ": resident memory", p.resident - before.resident, slackResident, "MB", mb})
	}
	return append(rows,
		row{name + ": open files", p.files - before.files, slackFiles, "", 1},
		row{name + ": connections", p.connections - before.connections, slackConnections, "", 1})
}

// left are the figures that are not back.
func (c *census) left(before *census, exactly bool) []row {
	return slices.DeleteFunc(c.rows(before), func(r row) bool { return !r.tooMany(exactly) })
}

// compare adds what there is more of to the table.
func (c *census) compare(t *report.Table, before *census) {
	for _, r := range c.rows(before) {
		t.AtMost(r.what+", more than before", float64(r.more)/r.scale, float64(r.slack)/r.scale, r.unit)
	}
	t.Note("rows that expire", float64(c.stores.expiring), "")
}
