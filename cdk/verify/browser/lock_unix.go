//go:build unix

package browser

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"time"
)

// lockEvery is the interval at which a lock that somebody holds is asked for again.
const lockEvery = 50 * time.Millisecond

// lock waits until no other process of this machine holds the file's lock. It
// locks the browser's own program file, so that nothing is left behind; the
// kernel gives the lock back when the holder dies.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	again := time.NewTicker(lockEvery)
	defer again.Stop()
	for {
		if err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
			return func() { _ = file.Close() }, nil
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			_ = file.Close()
			return nil, fmt.Errorf("another test uses %s: %w", path, context.Cause(ctx))
		}
	}
}
