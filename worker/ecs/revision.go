package ecs

import (
	"context"
	"log/slog"
	"strings"
	"time"
)

const (
	lookEvery  = 30 * time.Second
	lookWithin = 10 * time.Second
)

// Revisions says which task definition a service is to run now: the ARN of its
// primary deployment's.
type Revisions interface {
	Current(ctx context.Context, cluster, service string) (taskDefinition string, err error)
}

// Watch finds out when a newer revision of the task's definition is deployed. A
// protected task is told nothing of a deployment.
type Watch struct {
	task      Task
	revisions Revisions
	log       *slog.Logger
	outdated  chan struct{}
}

// NewWatch returns a watch that watches nothing until Run.
func NewWatch(t Task, r Revisions, log *slog.Logger) *Watch {
	return &Watch{task: t, revisions: r, log: log, outdated: make(chan struct{})}
}

// Outdated is closed when the task is of an old revision.
func (w *Watch) Outdated() <-chan struct{} { return w.outdated }

// Run looks every 30 s until the task is outdated or ctx is done. That it
// cannot look is no reason to stop working.
func (w *Watch) Run(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		current, err := w.look(ctx)
		if err != nil {
			w.log.Warn("newer revisions not looked for", "error", err)
			continue
		}
		if current != "" && !w.runs(current) {
			w.log.Info("a newer revision is deployed", "current", current)
			close(w.outdated)
			return nil
		}
	}
}

func (w *Watch) look(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	return w.revisions.Current(ctx, w.task.Cluster, w.task.Service)
}

// runs reports whether the task is of this definition: an ARN that ends in
// /FAMILY:REVISION.
func (w *Watch) runs(definition string) bool {
	return strings.HasSuffix(definition, "/"+w.task.Family+":"+w.task.Revision)
}
