// Package density measures how many interviews a core carries: the worker alone on
// one core and everything else beside it, candidates who talk and are answered all
// the time, and what the worker's CPU time goes to.
package density

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/google/pprof/profile"

	"casey.internal/cdk/local"
	"casey.internal/cdk/measure/latency"
	"casey.internal/shared/clock"
)

// Config says what is measured.
type Config struct {
	Root     string        // the checkout
	Profiles string        // folder that keeps the worker's profiles; empty = none does
	Sessions []int         // at the same time, a fresh worker for each number
	Window   time.Duration // of each measurement
	Frame    time.Duration // of packets, 20 or 40 ms
	Progress func(format string, args ...any)
}

// Point is what was measured of so many sessions.
type Point struct {
	Sessions   int
	PerMinute  float64            // CPU seconds of a session's minute
	Split      map[string]float64 // PerMinute by what it went to
	Busy       float64            // share of its core that the worker used, 0 to 1
	Sleeps     float64            // of the worker's threads, a second
	Heard      float64            // packets of a microphone, a second: 50 where the candidates keep up
	KB         float64            // resident memory of a session
	HeapKB     float64            // of it in use
	StackKB    float64            // of it stacks of goroutines
	Goroutines float64            // of a session
	Setup      float64            // sessions a second, as they came
	SetupMs    float64            // CPU of the worker for one of them
	Sent       lateness
	Own        []time.Duration // share of each reply
	Others     float64         // share of the other cores that all else used, 0 to 1
}

// late reports whether more than one packet in a thousand is a frame late, which is
// where a worker warns (pacing.Watch).
func (p *Point) late() bool { return p.Sent.share(20*time.Millisecond) > 0.001 }

// The times of a measurement.
const (
	settle  = 12 * time.Second // until all have begun to talk
	spread  = 8 * time.Second  // over which they do
	patient = time.Minute      // for all to be connected
	joining = 8                // at the same time
)

// full is the share of its core from which on packets that are late mean that there
// are too many sessions; below it something else keeps the worker waiting.
const full = 0.6

// exhausted is the share of the other cores beyond which the candidates do not keep up.
const exhausted = 0.92

const worker = "worker-1"

// Measure measures one number of sessions after the other, until there are too many.
func Measure(ctx context.Context, c Config) ([]Point, error) {
	if err := leaveFirst(ctx); err != nil {
		return nil, err
	}
	voice, err := latency.Answer(ctx)
	if err != nil {
		return nil, err
	}
	var points []Point
	for _, n := range slices.Sorted(slices.Values(c.Sessions)) {
		p, err := c.measure(ctx, n, soundOf(voice, c.Frame))
		if err != nil && len(points) > 0 && ctx.Err() == nil {
			c.Progress("%d sessions: %v", n, err) // a worker that is short of CPU takes no more
			break
		}
		if err != nil {
			return points, fmt.Errorf("%d sessions: %w", n, err)
		}
		points = append(points, *p)
		c.Progress("%d sessions: %.3f CPU s a session-minute, %.0f %% of a core, %.0f KB and %.1f goroutines each, p99.9 of packets late by %.1f ms",
			n, p.PerMinute, 100*p.Busy, p.KB, p.Goroutines, p.Sent.percentile(99.9))
		if p.late() && p.Busy > full || p.Others > exhausted {
			break
		}
	}
	return points, nil
}

// measure measures n sessions of a worker of their own.
func (c Config) measure(ctx context.Context, n int, heard sound) (*Point, error) {
	stack, err := local.Start(ctx, local.Config{
		Root: c.Root, Slots: n, Standin: []string{"-canned"},
		WorkerEnv: []string{"LOG_LEVEL=info", "CASEY_PROFILE=1", "GOMAXPROCS=1", fmt.Sprintf("FRAME_MS=%d", c.Frame.Milliseconds())},
	})
	if err != nil {
		return nil, err
	}
	defer stack.Stop()
	if err := giveFirst(ctx, stack); err != nil {
		return nil, err
	}
	idle, err := stack.Metrics(ctx, worker)
	if err != nil {
		return nil, err
	}
	talking, leave := context.WithCancel(ctx)
	var crowd crowd
	defer crowd.wait()
	defer leave()
	crowd.complete = make(chan struct{})
	began := time.Now()
	if err := crowd.join(talking, stack.WS, n, heard); err != nil {
		return nil, err
	}
	p := &Point{Sessions: n, Setup: float64(n) / time.Since(began).Seconds()}
	joined, err := stack.Metrics(ctx, worker)
	if err != nil {
		return nil, err
	}
	p.SetupMs = float64(joined["cpu_us"]-idle["cpu_us"]) / 1e3 / float64(n)
	close(crowd.complete)
	if err := clock.Sleep(ctx, settle); err != nil {
		return nil, err
	}
	if err := c.watch(ctx, stack, idle, p); err != nil {
		return nil, err
	}
	return p, crowd.failed()
}

// watch measures a window of time in which everybody talks, and profiles the worker after it:
// a profile takes memory and time of its own.
func (c Config) watch(ctx context.Context, stack *local.Stack, idle map[string]int64, p *Point) error {
	others := usedByOthers(stack)
	before, err := stack.Metrics(ctx, worker)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := clock.Sleep(ctx, c.Window); err != nil {
		return err
	}
	lasted := time.Since(began)
	after, err := stack.Metrics(ctx, worker)
	if err != nil {
		return err
	}
	p.Others = (usedByOthers(stack) - others).Seconds() / lasted.Seconds() / float64(cores-1)
	n := float64(p.Sessions)
	used := float64(after["cpu_us"]-before["cpu_us"]) / 1e6
	p.PerMinute = used / lasted.Minutes() / n
	p.Busy = used / lasted.Seconds()
	p.Heard = float64(after["microphone_packets"]-before["microphone_packets"]) / lasted.Seconds() / n
	p.Sleeps = float64(after["sleeps"]-before["sleeps"]) / lasted.Seconds()
	p.KB = float64(after["resident_bytes"]-idle["resident_bytes"]) / 1024 / n
	p.HeapKB = float64(after["heap_bytes"]-idle["heap_bytes"]) / 1024 / n
	p.StackKB = float64(after["stack_bytes"]-idle["stack_bytes"]) / 1024 / n
	p.Goroutines = float64(after["goroutines"]-idle["goroutines"]) / n
	p.Sent = latenessBetween(before, after)
	p.Own = latency.OwnShares(stack, began)
	profile, err := profileOf(ctx, stack.WorkerURL(worker), fmt.Sprintf("profile?seconds=%d", max(1, int(c.Window.Seconds()/3))))
	if err != nil {
		return err
	}
	p.Split = map[string]float64{}
	for group, share := range shares(profile) {
		p.Split[group] = share * p.PerMinute
	}
	heap, err := profileOf(ctx, stack.WorkerURL(worker), "heap")
	if err != nil || c.Profiles == "" {
		return err
	}
	return errors.Join(c.keep(profile, fmt.Sprintf("density-%d-cpu.pprof", p.Sessions)), c.keep(heap, fmt.Sprintf("density-%d-heap.pprof", p.Sessions)))
}

// keep keeps a profile for go tool pprof.
func (c Config) keep(p *profile.Profile, name string) error {
	if err := os.MkdirAll(c.Profiles, 0o755); err != nil {
		return fmt.Errorf("keep the profile: %w", err)
	}
	file, err := os.Create(filepath.Join(c.Profiles, name))
	if err != nil {
		return fmt.Errorf("keep the profile: %w", err)
	}
	return errors.Join(p.Write(file), file.Close())
}

// crowd is the candidates.
type crowd struct {
	all      sync.WaitGroup
	complete chan struct{} // closed when all are there, and may talk

	mu   sync.Mutex
	errs []error
}

func (c *crowd) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.errs = append(c.errs, err)
}

func (c *crowd) failed() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return errors.Join(c.errs...)
}

func (c *crowd) wait() { c.all.Wait() }

// join has n candidates come, some at a time, and returns when all are connected.
// They talk from complete until ctx ends.
func (c *crowd) join(ctx context.Context, url string, n int, s sound) error {
	door, in := make(chan struct{}, joining), make(chan struct{}, n)
	for i := range n {
		c.all.Go(func() {
			door <- struct{}{}
			one, err := enter(ctx, url)
			<-door
			in <- struct{}{}
			if err != nil {
				c.fail(err)
				return
			}
			defer one.Close()
			select {
			case <-c.complete:
			case <-ctx.Done():
				return
			}
			if err := one.talk(ctx, spread*time.Duration(i)/time.Duration(n), s); err != nil && ctx.Err() == nil {
				c.fail(err)
			}
		})
	}
	for range n {
		<-in
	}
	return c.failed()
}
