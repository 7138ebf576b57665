package local

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// state is the folder of one run, locked against a second one.
type state struct {
	dir       string
	temporary bool
	lock      *os.File
}

// openState makes and locks the folder; an empty name makes a temporary one.
func openState(dir string) (*state, error) {
	s := &state{dir: dir, temporary: dir == ""}
	var err error
	if s.temporary {
		s.dir, err = os.MkdirTemp("", "casey-")
	} else if s.dir, err = filepath.Abs(dir); err == nil {
		err = os.MkdirAll(s.dir, 0o755)
	}
	if err != nil {
		return nil, fmt.Errorf("state folder: %w", err)
	}
	if s.lock, err = os.OpenFile(s.file("lock"), os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return nil, fmt.Errorf("state folder: %w", err)
	}
	if err := syscall.Flock(int(s.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(s.taken(err), s.lock.Close())
	}
	_ = s.lock.Truncate(0)
	_, err = fmt.Fprintln(s.lock, os.Getpid())
	return s, err
}

// taken explains who has the folder.
func (s *state) taken(err error) error {
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return fmt.Errorf("lock %s: %w", s.dir, err)
	}
	pid, _ := os.ReadFile(s.file("lock"))
	return fmt.Errorf("casey runs here already (process %s uses %s): stop it, or give this one another -state",
		strings.TrimSpace(string(pid)), s.dir)
}

func (s *state) file(name string) string { return filepath.Join(s.dir, name) }

// close gives the folder back, and removes it if it was temporary. The kernel
// gives it back too if this process dies.
func (s *state) close() {
	if s.temporary {
		_ = os.RemoveAll(s.dir)
	}
	_ = s.lock.Close()
}
