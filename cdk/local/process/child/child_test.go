package child_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"casey.internal/cdk/local/process/child"
)

// TestMain lets the test binary be the parent that is killed (TestDiesWithParent).
func TestMain(m *testing.M) {
	if os.Getenv("CHILD_TEST_PARENT") == "1" {
		parent()
		return
	}
	os.Exit(m.Run())
}

// parent starts a sleeping child, prints its pid and waits to be killed.
func parent() {
	p, err := child.Start(exec.CommandContext(context.Background(), "sleep", "60"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.PID())
	_ = p.Wait()
}

func TestStopTermThenKill(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		grace  time.Duration
		want   syscall.Signal
	}{
		"a polite child ends by SIGTERM":   {"echo up; exec sleep 60", time.Minute, syscall.SIGTERM},
		"a deaf child ends by SIGKILL":     {"trap '' TERM; echo up; while :; do sleep 60; done", 50 * time.Millisecond, syscall.SIGKILL},
		"its own children end with it too": {"trap '' TERM; sleep 60 & echo up; wait; wait", 50 * time.Millisecond, syscall.SIGKILL},
	} {
		t.Run(name, func(t *testing.T) {
			p, out := start(t, exec.CommandContext(context.Background(), "sh", "-c", c.script))
			if line, _ := out.ReadString('\n'); line != "up\n" {
				t.Fatalf("first line %q", line)
			}
			p.Stop(c.grace)
			ended, ok := errors.AsType[*exec.ExitError](p.Wait())
			if !ok || ended.Sys().(syscall.WaitStatus).Signal() != c.want {
				t.Errorf("ended by %v, want %v", ended, c.want)
			}
			waitGone(t, -p.PID())
		})
	}
}

func TestDiesWithParent(t *testing.T) {
	cmd := exec.CommandContext(context.Background(), os.Args[0])
	cmd.Env = append(os.Environ(), "CHILD_TEST_PARENT=1")
	p, out := start(t, cmd)
	line, _ := out.ReadString('\n')
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatalf("parent said %q", line)
	}
	if err := p.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-p.Done()
	waitGone(t, pid)
}

func TestLines(t *testing.T) {
	var got []string
	l := child.NewLines(func(s string) { got = append(got, s) })
	for _, s := range []string{"one\ntw", "o\r\n\nthr", "ee"} {
		if _, err := io.WriteString(l, s); err != nil {
			t.Fatal(err)
		}
	}
	_ = l.Close()
	if want := "one|two||three"; strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func start(t *testing.T, cmd *exec.Cmd) (*child.Process, *bufio.Reader) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	cmd.Stdout = w
	p, err := child.Start(cmd)
	_ = w.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return p, bufio.NewReader(r)
}

// waitGone polls until no process (or, negative, process group) has this id;
// zombies of others count as gone.
func waitGone(t *testing.T, pid int) {
	t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for time.Now().Before(deadline) {
		if syscall.Kill(pid, 0) == syscall.ESRCH || zombie(pid) {
			return
		}
		<-time.After(5 * time.Millisecond)
	}
	t.Errorf("process %d is still there", pid)
}

func zombie(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", max(pid, -pid)))
	return err == nil && strings.Contains(string(b), ") Z ")
}
