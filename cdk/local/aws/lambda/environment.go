package lambda

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"casey.internal/cdk/local/process/child"
)

const stopGrace = time.Second

// environment is one process of a function with the Runtime API that serves it
// alone, so that what it held is known when it dies.
type environment struct {
	f       *Function
	started time.Time
	api     *http.Server
	process *child.Process
	retired chan struct{} // closed when it must take no more work

	mu     sync.Mutex
	held   map[string]*invocation
	asked  bool          // it has asked for work, so its init is over
	retire func()        // closes retired, once
	idle   chan struct{} // closed when it is retired and holds nothing
	ended  bool          // its process is gone
}

// launch starts an environment: first the API, then the process that will ask
// it for work.
func (f *Function) launch(ctx context.Context) (*environment, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	e := &environment{f: f, started: time.Now(), held: map[string]*invocation{},
		retired: make(chan struct{}), idle: make(chan struct{})}
	e.retire = sync.OnceFunc(e.refuseWork)
	e.api = &http.Server{Handler: e.routes(), ReadHeaderTimeout: time.Minute}
	e.process, err = child.Start(f.command(ctx, listener.Addr().String()))
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	go e.serve(listener)
	return e, nil
}

// serve ends when close shuts the server down.
func (e *environment) serve(listener net.Listener) {
	if err := e.api.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		e.f.cfg.Log.Error("runtime API ended", "function", e.f.cfg.Name, "error", err)
	}
}

// command is the process as Lambda would start it
// (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
func (f *Function) command(ctx context.Context, api string) *exec.Cmd {
	cmd := exec.CommandContext(context.WithoutCancel(ctx), f.cfg.Bootstrap)
	cmd.Dir = filepath.Dir(f.cfg.Bootstrap)
	cmd.Env = append(append([]string(nil), f.cfg.Env...),
		"AWS_LAMBDA_RUNTIME_API="+api,
		"AWS_LAMBDA_MAX_CONCURRENCY="+strconv.Itoa(f.cfg.Concurrency),
		"AWS_LAMBDA_FUNCTION_NAME="+f.cfg.Name,
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256",
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/"+f.cfg.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME=local",
		"_HANDLER=bootstrap", "LAMBDA_TASK_ROOT="+cmd.Dir)
	cmd.Stdout, cmd.Stderr = f.cfg.Output, f.cfg.Output
	return cmd
}

// assign makes inv this environment's; false means that it is dead or giving way.
func (e *environment) assign(inv *invocation) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ended {
		return false
	}
	e.held[inv.id] = inv
	return true
}

// release takes the invocation back from the environment; nil if it does not hold it.
func (e *environment) release(id string) *invocation {
	e.mu.Lock()
	defer e.mu.Unlock()
	inv := e.held[id]
	delete(e.held, id)
	e.checkIdle()
	return inv
}

// refuseWork does the work of retire; it runs once.
func (e *environment) refuseWork() {
	close(e.retired)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.checkIdle()
}

// checkIdle is called with the lock held, after held shrank or retired was closed.
func (e *environment) checkIdle() {
	select {
	case <-e.retired:
	default:
		return
	}
	select {
	case <-e.idle:
	default:
		if len(e.held) == 0 {
			close(e.idle)
		}
	}
}

// crash kills the process; who watches it does the rest.
func (e *environment) crash() { _ = e.process.Signal(syscall.SIGKILL) }

// wasReady tells whether its init ever ended.
func (e *environment) wasReady() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.asked
}

// close ends process and API and fails what it still held: at once, not at the
// time limit.
func (e *environment) close() {
	e.process.Stop(stopGrace)
	e.mu.Lock()
	e.ended = true
	held := e.held
	e.held = map[string]*invocation{}
	e.mu.Unlock()
	for _, inv := range held {
		inv.finish(result{err: ErrCrashed})
	}
	_ = e.api.Close()
}
