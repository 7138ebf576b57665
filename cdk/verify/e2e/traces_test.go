package e2e

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// isClosed reports whether a socket was closed by this side.
func isClosed(err error) bool { return errors.Is(err, net.ErrClosed) }

// traces is the marks of a program on a machine while it runs.
type traces struct {
	processes []string // below this one: number, start time and name
	ports     []string // that this process and those below it listen on
	files     []string // in the folder for temporary files
}

// look finds the traces of this process.
func look(t *testing.T) traces {
	t.Helper()
	var seen traces
	sockets := map[string]bool{}
	for _, pid := range below(strconv.Itoa(os.Getpid())) {
		if pid != strconv.Itoa(os.Getpid()) {
			seen.processes = append(seen.processes, identity(pid))
		}
		open, _ := filepath.Glob("/proc/" + pid + "/fd/*")
		for _, f := range open {
			if target, err := os.Readlink(f); err == nil && strings.HasPrefix(target, "socket:") {
				sockets[strings.Trim(target, "socket:[]")] = true
			}
		}
	}
	for _, network := range []string{"tcp", "udp"} {
		seen.ports = append(seen.ports, listening(network, sockets)...)
	}
	entries, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		seen.files = append(seen.files, e.Name())
	}
	slices.Sort(seen.ports)
	return seen
}

// below returns a process and all that descend from it.
func below(pid string) []string {
	all := []string{pid}
	tasks, _ := filepath.Glob("/proc/" + pid + "/task/*/children")
	for _, file := range tasks {
		children, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended meanwhile
		}
		for child := range strings.FieldsSeq(string(children)) {
			all = append(all, below(child)...)
		}
	}
	return all
}

// identity tells a process from another that is given its number later; "" when
// it is gone, or only waited for.
func identity(pid string) string {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return ""
	}
	open, end := strings.IndexByte(string(stat), '('), strings.LastIndexByte(string(stat), ')')
	fields := strings.Fields(string(stat[end+1:]))
	if fields[0] == "Z" {
		return ""
	}
	return fmt.Sprintf("%s %s %s", pid, fields[19], stat[open+1:end])
}

// listening returns the local addresses of those sockets that wait for others.
func listening(network string, sockets map[string]bool) (ports []string) {
	table, err := os.ReadFile("/proc/net/" + network)
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(table)) {
		f := strings.Fields(line)
		if len(f) > 9 && sockets[f[9]] && (network == "udp" || f[3] == "0A") {
			ports = append(ports, network+" "+f[1])
		}
	}
	return ports
}

// goneLimit is how long a process that was told to end, or whose parent is gone, may take to
// do so on a busy machine.
const goneLimit = 10 * time.Second

// checkGone compares what is left with what was there before and while.
func checkGone(t *testing.T, before, while traces) {
	t.Helper()
	if len(while.processes) < 8 || len(while.ports) < 8 || len(while.files) == 0 {
		t.Errorf("only these traces were found while the stack ran: %+v", while)
	}
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for began := time.Now(); ; <-again.C {
		left := leftovers(t, before, while)
		if len(left) == 0 {
			return
		}
		if time.Since(began) > goneLimit {
			t.Errorf("left are %q", left)
			return
		}
	}
}

// leftovers are the traces that are there now and were not before.
func leftovers(t *testing.T, before, while traces) (left []string) {
	after := look(t)
	for _, p := range while.processes {
		pid, _, _ := strings.Cut(p, " ")
		if identity(pid) == p && !slices.Contains(before.processes, p) {
			left = append(left, "process "+p)
		}
	}
	for _, p := range extra(after.processes, before.processes) {
		left = append(left, "process "+p)
	}
	for _, port := range extra(after.ports, before.ports) {
		left = append(left, "port "+port)
	}
	for _, file := range extra(after.files, before.files) {
		left = append(left, "file "+file)
	}
	return left
}

// extra returns the elements of x that y has not.
func extra(x, y []string) []string {
	return slices.DeleteFunc(slices.Clone(x), func(s string) bool { return slices.Contains(y, s) })
}
