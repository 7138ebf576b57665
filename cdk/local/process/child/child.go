// Package child runs programs as children that cannot outlive the process that
// started them.
//
// Every child leads a process group of its own, so a Ctrl-C in the terminal
// reaches only the parent, which then stops its children in the order it wants.
// On Linux the kernel kills a child whose parent died without a word.
package child

import (
	"errors"
	"fmt"
	"os/exec"
	"syscall"
	"time"
)

// pipeGrace is the longest that a dead child's output pipes may be held open by
// its own children before they are cut.
const pipeGrace = 500 * time.Millisecond

// Process is a running child. It is safe for concurrent use.
type Process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error // written before done is closed
}

// Start runs cmd, which must not have been started, in a process group of its
// own. The caller must call Stop or wait for Done; a context of cmd's own would
// kill the child without its grace, so give it one that never ends.
func Start(cmd *exec.Cmd) (*Process, error) {
	cmd.SysProcAttr = attributes()
	cmd.WaitDelay = pipeGrace
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	p := &Process{cmd: cmd, done: make(chan struct{})}
	go p.wait()
	return p, nil
}

// wait reaps the child and whatever it left in its group. It ends when the
// child does, and Done tells so.
func (p *Process) wait() {
	err := p.cmd.Wait()
	p.signalGroup(syscall.SIGKILL)
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil
	}
	p.err = err
	close(p.done)
}

// PID is the child's process id, which is its group's id too.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the child has ended and has been reaped.
func (p *Process) Done() <-chan struct{} { return p.done }

// Wait blocks until the child has ended and returns how: nil for exit code 0,
// else an *exec.ExitError.
func (p *Process) Wait() error {
	<-p.done
	return p.err
}

// Signal sends sig to the child alone. A child that has ended is no error.
func (p *Process) Signal(sig syscall.Signal) error {
	if err := syscall.Kill(p.PID(), sig); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("signal %d: %w", p.PID(), err)
	}
	return nil
}

// Stop sends SIGTERM and, when the child is still there after grace, SIGKILL to
// its whole group. It returns when the child is gone.
func (p *Process) Stop(grace time.Duration) {
	if p.ended() {
		return
	}
	p.signalGroup(syscall.SIGTERM)
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
		p.Kill()
	}
}

// Kill ends the child's whole group at once and returns when the child is gone.
func (p *Process) Kill() {
	if !p.ended() {
		p.signalGroup(syscall.SIGKILL)
	}
	<-p.done
}

func (p *Process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// signalGroup ignores its error: a group that is gone already is what every
// caller wants.
func (p *Process) signalGroup(sig syscall.Signal) { _ = syscall.Kill(-p.PID(), sig) }
