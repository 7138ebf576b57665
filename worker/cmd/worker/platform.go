package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"casey.internal/shared/metrics"
	"casey.internal/shared/store"
	"casey.internal/worker/ecs"
	"casey.internal/worker/ecs/addresses"
	"casey.internal/worker/ecs/revisions"
	"casey.internal/worker/host"
	"casey.internal/worker/ledger"
	"casey.internal/worker/ledger/cloudwatch"
)

// platform has the parts that depend on where the worker runs.
type platform struct {
	public   netip.Addr      // for ICE candidates
	guard    host.Guard      // nil = nobody scales it in
	outdated <-chan struct{} // closed when a newer revision is deployed; nil = never
	cpus     float64         // that the worker may use on the average; 0 = all
	loops    []func(context.Context) error
}

// quotaFile has the quota of CPU time of a container's own cgroup (version 2).
//
// https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files
const quotaFile = "/sys/fs/cgroup/cpu.max"

// quota reads how many CPUs a container may use on the average; 0 = it does not say.
func quota(file string) float64 {
	text, _ := os.ReadFile(file) // there is none outside of a container
	var run, period float64
	if n, _ := fmt.Sscan(string(text), &run, &period); n < 2 { // "max" = no limit
		return 0
	}
	return run / max(1, period)
}

// findPlatform asks ECS, where there is one.
func findPlatform(ctx context.Context, c *config, cfg aws.Config, log *slog.Logger) (platform, error) {
	at := platform{public: c.public, cpus: quota(quotaFile)}
	client := &http.Client{}
	if c.agent != "" {
		protection := ecs.NewProtection(client, c.agent, log)
		at.guard, at.loops = protection, append(at.loops, protection.Run)
	}
	if c.metadata == "" {
		return at, nil
	}
	task, err := ecs.Describe(ctx, client, c.metadata)
	if err != nil {
		return at, err
	}
	if task.CPUs > 0 { // its container's own cgroup need not have a quota
		at.cpus = task.CPUs
	}
	if !at.public.IsValid() {
		if at.public, err = ecs.PublicAddress(ctx, task, addresses.New(cfg)); err != nil {
			return at, err
		}
	}
	log.Info("task found", "family", task.Family, "revision", task.Revision, "service", task.Service, "public_address", at.public.String(), "cpus", at.cpus)
	if task.Service != "" {
		watch := ecs.NewWatch(task, revisions.New(cfg), log)
		at.outdated, at.loops = watch.Outdated(), append(at.loops, watch.Run)
	}
	return at, nil
}

// newLedger returns the ledger with its log: a log group, a file, or none.
func newLedger(c *config, cfg aws.Config, emit *metrics.Writer, log *slog.Logger) (*ledger.Ledger, error) {
	l := ledger.Config{Metrics: emit, Engine: c.polly.engine, Logger: log}
	switch {
	case c.usageLog != "":
		l.Log = cloudwatch.New(cfg, c.usageLog, bootID())
	case c.usageFile != "":
		file, err := os.OpenFile(c.usageFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) // for the life of the process
		if err != nil {
			return nil, fmt.Errorf("open CASEY_USAGE_FILE: %w", err)
		}
		l.Log = ledger.Writer{Writer: file}
	}
	if c.service != "" {
		l.Counters = store.New(cfg, c.table)
	}
	return ledger.New(l), nil
}

// healthy asks the worker that runs on this machine, whose HTTP_ADDRESS this
// is, for its health: what ECS runs in the container again and again.
func healthy(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	name, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("HTTP_ADDRESS: %w", err)
	}
	if name == "" {
		name = "127.0.0.1"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(name, port)+"/health", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("not healthy: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<16))
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("not healthy: %s", response.Status)
	}
	return nil
}
