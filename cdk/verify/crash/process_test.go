package crash

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"casey.internal/cdk/client"
	"casey.internal/cdk/local"
	"casey.internal/cdk/local/aws/faults"
	"casey.internal/shared/wire"
)

// patience is for what has no limit of its own, and for a word that a busy machine delays:
// that it comes within limit is shown in the bubble, whose clock no machine slows down.
const patience = 3 * limit

// TestAWorkerProcessExits is the real thing: processes, SQS and DynamoDB over
// the wire, WebRTC. A worker exits after each of its steps once.
func TestAWorkerProcessExits(t *testing.T) {
	doom := filepath.Join(t.TempDir(), "doom")
	stack := startStack(t, doom)
	for _, step := range steps {
		t.Run(step, func(t *testing.T) {
			if err := os.WriteFile(doom, []byte(step), 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			began := time.Now()
			c, err := client.Join(ctx, client.Config{URL: stack.WS})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			e, err := c.Await(ctx, firstWord)
			if err != nil {
				t.Fatalf("told nothing: %v", err)
			}
			t.Logf("%T after %v", e.Server, time.Since(began).Round(time.Millisecond))
			awaitDeath(ctx, t, doom)
			if _, answered := e.Server.(*wire.Answer); answered && step != "post" && step != "delete" {
				if _, err := c.Await(ctx, client.AnyPacket); err != nil {
					t.Errorf("answered and not heard: %v", err)
				}
			}
			if n := answers(c); n > 1 {
				t.Errorf("%d different answers", n)
			}
		})
	}
}

// awaitDeath waits until a worker took its doom.
func awaitDeath(ctx context.Context, t *testing.T, doom string) {
	t.Helper()
	for every := time.NewTicker(5 * time.Millisecond); ; {
		if _, err := os.Stat(doom); os.IsNotExist(err) {
			every.Stop()
			return
		}
		select {
		case <-every.C:
		case <-ctx.Done():
			t.Fatal("no worker died")
		}
	}
}

// startStack starts a stack whose workers are this very binary.
func startStack(t *testing.T, doom string) *local.Stack {
	t.Helper()
	root, err := local.Root()
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	build := t.TempDir()
	for _, name := range []string{"connect", "message", "disconnect", "sweep", "stores"} {
		if err := os.Symlink(filepath.Join(root, "build", name), filepath.Join(build, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(self, filepath.Join(build, "worker")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	stack, err := local.Start(ctx, local.Config{
		Root: root, Build: build, Workers: 2, NoStandin: true, Log: t.Output(), Faults: faults.AsAWS(1),
		WorkerEnv: []string{fmt.Sprintf("%s=%s", doomFile, doom)},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stack.Stop)
	return stack
}

// firstWord accepts the first word about an offer.
func firstWord(e client.Event) bool {
	switch e.Server.(type) {
	case *wire.Answer, *wire.Error:
		return true
	}
	return false
}

// answers counts the different answers that a candidate got.
func answers(c *client.Client) int {
	different := map[string]bool{}
	for _, e := range c.Events() {
		if a, ok := e.Server.(*wire.Answer); ok {
			different[a.SDP.SDP] = true
		}
	}
	return len(different)
}
