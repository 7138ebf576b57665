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

// cores is the number of them before this process took those that are its own. The first
// is the worker's, the others are for all else.
var cores = runtime.NumCPU()

// leaveFirst keeps this process, and all that it starts, off the first core.
func leaveFirst(ctx context.Context) error {
	if cores < 2 {
		return errors.New("two cores are needed, one for the worker and one for all else")
	}
	return taskset(ctx, os.Getpid(), "1-"+strconv.Itoa(cores-1))
}

// giveFirst gives the first core to the worker.
func giveFirst(ctx context.Context, stack *local.Stack) error {
	pid, err := stack.PID(worker)
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
// for the worker.
func usedByOthers(stack *local.Stack) (used time.Duration) {
	excepted, _ := stack.PID(worker) // 0 when it has died, which others notice
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
