// Package latency measures casey on the local stack: how soon an offer is heard,
// how large and how quick to start its programs are, and what of a reply's
// time is casey's own. Each table has goals; none of them is a test.
package latency

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"casey.internal/cdk/client"
	"casey.internal/cdk/local"
	"casey.internal/cdk/measure/report"
)

// The goals of issue and design: what a person waits for, and what a cold start costs.
const (
	goalFirstPacket = 150 // ms, p50
	goalWorkerSize  = 25  // MB
	goalWorkerReady = 200 // ms
	goalLambdaSize  = 12  // MB
	goalLambdaInit  = 60  // ms
)

// Setup measures how soon an offer is heard, and the size and start of the
// programs. Offers is how many candidates come, one after the other.
func Setup(ctx context.Context, root string, offers int, progress func(string, ...any)) (*report.Table, error) {
	t := report.NewTable("setup", root)
	stack, err := local.Start(ctx, local.Config{Root: root, NoStandin: true})
	if err != nil {
		return nil, err
	}
	defer stack.Stop()
	var heard []time.Duration
	for i := range offers {
		d, err := firstPacket(ctx, stack.WS)
		if err != nil {
			return nil, fmt.Errorf("offer %d: %w", i+1, err)
		}
		heard = append(heard, d)
		progress("offer %d of %d heard after %.0f ms", i+1, offers, report.Milliseconds(d))
	}
	t.AtMost("offer -> first RTP packet, p50", report.Percentile(heard, 50), goalFirstPacket, "ms")
	t.Note("offer -> first RTP packet, p95", report.Percentile(heard, 95), "ms")
	if err := programs(ctx, t, stack, root); err != nil {
		return nil, err
	}
	return t, nil
}

// firstPacket has one candidate come, and go when it hears the first packet.
func firstPacket(ctx context.Context, url string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	c, err := client.Join(ctx, client.Config{URL: url, Interview: "soundcheck"})
	if err != nil {
		return 0, err
	}
	defer c.Close()
	sent, err := c.Await(ctx, func(e client.Event) bool { return e.Sent == "offer" })
	if err != nil {
		return 0, err
	}
	packet, err := c.Await(ctx, client.AnyPacket)
	if err != nil {
		return 0, err
	}
	return packet.At.Sub(sent.At), nil
}

// programs measures the worker's and the message Lambda's binary.
func programs(ctx context.Context, t *report.Table, stack *local.Stack, root string) error {
	for _, b := range []struct {
		name, file string
		goal       float64
	}{
		{"worker binary", "worker", goalWorkerSize},
		{"message Lambda binary", "message/bootstrap", goalLambdaSize},
	} {
		info, err := os.Stat(filepath.Join(root, "build", b.file))
		if err != nil {
			return fmt.Errorf("bench setup: %w", err)
		}
		t.AtMost(b.name, float64(info.Size())/1e6, b.goal, "MB")
	}
	var ready, init []time.Duration
	for range 5 {
		began := time.Now()
		name, err := stack.AddWorker(ctx)
		if err != nil {
			return err
		}
		ready = append(ready, time.Since(began))
		stack.StopWorker(name)
		init = append(init, stack.Function("message").InitTime())
		if err := stack.Kill("message", syscall.SIGKILL); err != nil {
			return err
		}
		if _, err := firstPacket(ctx, stack.WS); err != nil { // which waits for the new process
			return fmt.Errorf("after a cold start: %w", err)
		}
	}
	t.AtMost("worker ready after start, p50", report.Percentile(ready, 50), goalWorkerReady, "ms")
	t.AtMost("message Lambda init, p50", report.Percentile(init, 50), goalLambdaInit, "ms")
	return nil
}
