package supervise_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"casey.internal/cdk/local/process/supervise"
)

// counter is a program that writes one line into a file at each start and then waits.
func counter(t *testing.T, tail string) (supervise.Program, func() int) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "starts")
	starts := func() int {
		b, _ := os.ReadFile(file)
		return strings.Count(string(b), "\n")
	}
	p := supervise.Program{
		Name: "counter", Grace: time.Minute, Output: io.Discard,
		Command: func(ctx context.Context) *exec.Cmd {
			return exec.CommandContext(ctx, "sh", "-c", fmt.Sprintf("echo x >> %s; %s", file, tail))
		},
	}
	p.Ready = func(ctx context.Context) error { return awaitCount(ctx, starts) }
	return p, starts
}

func awaitCount(ctx context.Context, starts func() int) error {
	for starts() == 0 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
	return nil
}

func TestStartsAgainWhatDies(t *testing.T) {
	s := supervise.New(slog.New(slog.DiscardHandler))
	p, _ := counter(t, "exec sleep 60")
	check(t, s.Start(t.Context(), p))
	defer s.Stop(p.Name)
	first := pid(t, s, p.Name)
	check(t, s.Signal(p.Name, syscall.SIGKILL))
	check(t, s.AwaitRestart(t.Context(), p.Name, first))
	if got := pid(t, s, p.Name); got == first {
		t.Error("the same process")
	}
	second := pid(t, s, p.Name)
	check(t, s.Restart(t.Context(), p.Name))
	if got := pid(t, s, p.Name); got == second {
		t.Error("the same process after Restart")
	}
	s.Stop(p.Name)
	if err := s.Signal(p.Name, syscall.SIGTERM); !errors.Is(err, supervise.ErrUnknown) {
		t.Errorf("a stopped program: %v", err)
	}
}

func TestStopEndsAProgramThatKeepsDying(t *testing.T) {
	s := supervise.New(slog.New(slog.DiscardHandler))
	p, starts := counter(t, "exit 1")
	p.Ready = nil
	check(t, s.Start(t.Context(), p))
	for starts() < 2 {
		<-time.After(time.Millisecond)
	}
	s.Stop(p.Name)
	if before := starts(); before < 2 {
		t.Errorf("%d starts", before)
	}
}

func TestStartFails(t *testing.T) {
	never := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	for name, c := range map[string]struct {
		command []string
		limit   time.Duration
	}{
		"no such binary":           {[]string{"/does/not/exist"}, time.Minute},
		"ends before it is ready":  {[]string{"false"}, time.Minute},
		"is not ready soon enough": {[]string{"sleep", "60"}, 50 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			s := supervise.New(slog.New(slog.DiscardHandler))
			ctx, cancel := context.WithTimeout(t.Context(), c.limit)
			defer cancel()
			err := s.Start(ctx, supervise.Program{Name: "p", Ready: never, Output: io.Discard, Grace: time.Second,
				Command: func(ctx context.Context) *exec.Cmd { return exec.CommandContext(ctx, c.command[0], c.command[1:]...) }})
			if err == nil || len(s.Names()) != 0 {
				t.Errorf("error %v, programs %v", err, s.Names())
			}
		})
	}
}

func TestSameNameTwice(t *testing.T) {
	s := supervise.New(slog.New(slog.DiscardHandler))
	p, _ := counter(t, "exec sleep 60")
	check(t, s.Start(t.Context(), p))
	defer s.Stop(p.Name)
	if s.Start(t.Context(), p) == nil {
		t.Error("started twice")
	}
}

func TestAbortEndsWhatStopWaitsFor(t *testing.T) {
	s := supervise.New(slog.New(slog.DiscardHandler))
	p, starts := counter(t, "trap '' TERM; while :; do sleep 60; done")
	check(t, s.Start(t.Context(), p))
	var stopping sync.WaitGroup
	stopping.Go(func() { s.Stop(p.Name) }) // would take a minute
	s.Abort()
	stopping.Wait()
	if len(s.Names()) != 0 || starts() != 1 {
		t.Errorf("programs %v, %d starts", s.Names(), starts())
	}
}

func pid(t *testing.T, s *supervise.Supervisor, name string) int {
	t.Helper()
	n, err := s.PID(name)
	check(t, err)
	return n
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
