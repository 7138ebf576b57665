// Package supervise keeps programs running: it starts them, starts again what
// dies, and stops them.
package supervise

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// ErrUnknown is returned for a name that no running program has.
var ErrUnknown = errors.New("no such program")

// Program is something to keep running.
type Program struct {
	// Name is unique in a supervisor.
	Name string
	// Command makes the command for each start; its output is set by the
	// supervisor. It runs until it is stopped, so its context must not end
	// earlier.
	Command func(context.Context) *exec.Cmd
	// Ready blocks until the program serves; nil: it does at once.
	Ready func(context.Context) error
	// Output gets what it writes.
	Output io.Writer
	// Grace is the longest that it may take to end after SIGTERM.
	Grace time.Duration
}

// Supervisor keeps programs running. It is safe for concurrent use.
type Supervisor struct {
	log *slog.Logger

	mu       sync.Mutex
	programs map[string]*program
}

// New returns a supervisor that tells log about deaths and restarts.
func New(log *slog.Logger) *Supervisor { return &Supervisor{log: log, programs: map[string]*program{}} }

// Start starts a program and returns when it is ready; from then on it is
// started again whenever it ends, until Stop. One that ends before it is ready,
// or is not ready when ctx ends, is an error and does not stay.
func (s *Supervisor) Start(ctx context.Context, cfg Program) error {
	p := &program{Program: cfg, log: s.log.With("program", cfg.Name), stop: make(chan struct{}), done: make(chan struct{})}
	p.end = sync.OnceFunc(func() { close(p.stop) })
	if err := s.add(p); err != nil {
		return err
	}
	if err := p.launch(ctx); err != nil {
		s.remove(cfg.Name)
		return fmt.Errorf("start %s: %w", cfg.Name, err)
	}
	go p.keepRunning()
	return nil
}

// Stop ends a program for good and returns when it is gone. It is no error if
// there is none of that name.
func (s *Supervisor) Stop(name string) {
	p, err := s.find(name)
	if err != nil {
		return
	}
	p.end()
	<-p.done
	s.remove(name)
}

// Abort ends every program for good and without grace, those included that a
// Stop is waiting for.
func (s *Supervisor) Abort() {
	for _, name := range s.Names() {
		p, err := s.find(name)
		if err != nil {
			continue
		}
		p.end()
		p.current().Kill()
		<-p.done
		s.remove(name)
	}
}

// Signal sends sig to a program. After SIGKILL it returns when the process is
// gone; the program starts again.
func (s *Supervisor) Signal(name string, sig syscall.Signal) error {
	p, err := s.find(name)
	if err != nil {
		return err
	}
	process := p.current()
	if sig == syscall.SIGKILL {
		process.Kill()
		return nil
	}
	return process.Signal(sig)
}

// Restart ends a program with its grace and returns when its successor is ready.
func (s *Supervisor) Restart(ctx context.Context, name string) error {
	p, err := s.find(name)
	if err != nil {
		return err
	}
	old := p.current()
	old.Stop(p.Grace)
	return p.awaitSuccessor(ctx, old)
}

// AwaitRestart blocks until the process pid of a program has been succeeded by
// one that is ready.
func (s *Supervisor) AwaitRestart(ctx context.Context, name string, pid int) error {
	p, err := s.find(name)
	if err != nil {
		return err
	}
	for {
		process := p.current()
		if process.PID() != pid {
			return p.ready(ctx)
		}
		if err := p.awaitSuccessor(ctx, process); err != nil {
			return err
		}
	}
}

// PID is a program's present process.
func (s *Supervisor) PID(name string) (int, error) {
	p, err := s.find(name)
	if err != nil {
		return 0, err
	}
	return p.current().PID(), nil
}

// Names lists the programs, in no order.
func (s *Supervisor) Names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := make([]string, 0, len(s.programs))
	for name := range s.programs {
		names = append(names, name)
	}
	return names
}

func (s *Supervisor) add(p *program) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.programs[p.Name] != nil {
		return fmt.Errorf("start %s: it runs already", p.Name)
	}
	s.programs[p.Name] = p
	return nil
}

func (s *Supervisor) remove(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.programs, name)
}

func (s *Supervisor) find(name string) (*program, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.programs[name]; p != nil && p.current() != nil {
		return p, nil
	}
	return nil, fmt.Errorf("%s: %w", name, ErrUnknown)
}
