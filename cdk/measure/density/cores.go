package density

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"casey.internal/cdk/local"
)

// cores are those of this machine: the first is the worker's, the others are for all
// else.
type cores struct{}

// beside is the number of cores that are not the worker's.
func beside() int { return all - 1 }

// all is the number of cores before this process took those that are its own.
var all = runtime.NumCPU()

// divide keeps this process, and all that it starts, off the first core.
func divide() (cores, error) {
	if all < 2 {
		return cores{}, errors.New("two cores are needed, one for the worker and one for all else")
	}
	return cores{}, taskset(context.Background(), os.Getpid(), "1-"+strconv.Itoa(all-1))
}

// giveFirst gives the first core to a worker.
func (cores) giveFirst(ctx context.Context, stack *local.Stack, name string) error {
	pid, err := stack.PID(name)
	if err != nil {
		return err
	}
	return taskset(ctx, pid, "0")
}

// taskset pins all threads of a process (taskset(1) of util-linux).
func taskset(ctx context.Context, pid int, cores string) error {
	out, err := exec.CommandContext(ctx, "taskset", "-a", "-c", "-p", cores, strconv.Itoa(pid)).CombinedOutput()
	if err != nil {
		return fmt.Errorf("taskset: %w: %s", err, out)
	}
	return nil
}

// tick is the unit of processor time in /proc (USER_HZ of Linux).
const tick = 10 * time.Millisecond

// usedByOthers is the CPU time that this process and the children of it have used, but
// for one of the stack's programs.
func usedByOthers(stack *local.Stack, but string) (used time.Duration) {
	excepted, _ := stack.PID(but)
	self := os.Getpid()
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is none that fails
	for _, path := range stats {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest) // state, parent, ...; utime and stime are the 12th and 13th
		if len(fields) < 13 || pid == excepted || pid != self && fields[1] != strconv.Itoa(self) {
			continue
		}
		for _, f := range fields[11:13] {
			n, _ := strconv.Atoi(f) // the kernel's own
			used += time.Duration(n) * tick
		}
	}
	return used
}
