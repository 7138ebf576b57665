package supervise

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"casey.internal/cdk/local/process/child"
)

const (
	// shortest and longest are the pauses before a program starts again; each
	// further death in a row doubles it.
	shortest = 200 * time.Millisecond
	longest  = 5 * time.Second
	// settled is the time after which a program's death counts as its first.
	settled = 10 * time.Second
)

// errEnded is the error of a program that ended instead of becoming ready.
var errEnded = errors.New("it ended at once; the log says why")

// program is a Program that runs.
type program struct {
	Program
	log  *slog.Logger
	end  func()        // closes stop, once
	stop chan struct{} // closed to end it for good
	done chan struct{} // closed when it is gone for good

	mu        sync.Mutex
	process   *child.Process
	started   time.Time
	succeeded chan struct{} // closed when the present process has a successor
}

// launch starts the process for the first time.
func (p *program) launch(ctx context.Context) error {
	if err := p.start(ctx); err != nil {
		return err
	}
	if err := p.ready(ctx); err != nil {
		p.current().Stop(p.Grace)
		return err
	}
	return nil
}

func (p *program) start(ctx context.Context) error {
	cmd := p.Command(context.WithoutCancel(ctx))
	cmd.Stdout, cmd.Stderr = p.Output, p.Output
	process, err := child.Start(cmd)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.succeeded != nil {
		close(p.succeeded)
	}
	p.process, p.started, p.succeeded = process, time.Now(), make(chan struct{})
	return nil
}

// ready waits until the present process serves or has ended.
func (p *program) ready(ctx context.Context) error {
	if p.Ready == nil {
		return nil
	}
	process := p.current()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		select {
		case <-process.Done():
			cancel(errEnded)
		case <-stop:
		}
	})
	err := p.Ready(ctx)
	close(stop)
	watching.Wait()
	if err != nil && context.Cause(ctx) != nil {
		return context.Cause(ctx)
	}
	return err
}

// keepRunning starts the program again whenever it ends, until stop is closed.
func (p *program) keepRunning() {
	defer close(p.done)
	deaths := 0
	for {
		process := p.current()
		select {
		case <-p.stop:
			process.Stop(p.Grace)
			return
		case <-process.Done():
		}
		if p.ending() {
			return
		}
		deaths++
		if p.age() > settled {
			deaths = 1
		}
		if !p.again(process, deaths) {
			return
		}
	}
}

// again starts a successor after a pause; false means that the program was
// stopped meanwhile.
func (p *program) again(dead *child.Process, deaths int) bool {
	for {
		pause := min(longest, shortest<<min(deaths-1, 10))
		p.log.Warn("ended, starting it again", "how", how(dead.Wait()), "pause", pause.String())
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-p.stop:
			timer.Stop()
			return false
		}
		err := p.start(context.Background())
		if err == nil {
			return true
		}
		p.log.Error("cannot be started", "error", err)
		deaths++
	}
}

func (p *program) ending() bool {
	select {
	case <-p.stop:
		return true
	default:
		return false
	}
}

// how describes the end of a process.
func how(err error) string {
	if err == nil {
		return "exit status 0"
	}
	return err.Error()
}

func (p *program) current() *child.Process {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.process
}

func (p *program) age() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Since(p.started)
}

// awaitSuccessor waits until another process than old runs and is ready.
func (p *program) awaitSuccessor(ctx context.Context, old *child.Process) error {
	p.mu.Lock()
	succeeded := p.succeeded
	if p.process != old {
		succeeded = nil
	}
	p.mu.Unlock()
	if succeeded != nil {
		select {
		case <-succeeded:
		case <-p.done:
			return fmt.Errorf("%s: %w", p.Name, ErrUnknown)
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", p.Name, ctx.Err())
		}
	}
	return p.ready(ctx)
}
