package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"casey.internal/cdk/local/aws/apigateway"
	"casey.internal/cdk/local/aws/faults"
	"casey.internal/cdk/local/aws/lambda"
	"casey.internal/cdk/local/process/logs"
	"casey.internal/cdk/local/process/supervise"
)

// Stack is all of casey, running. It is safe for concurrent use.
type Stack struct {
	// URL is the page, WS the socket that browsers dial, Control the endpoint
	// that changes the faults (GET and PUT), Standin the stand-ins' HTTP
	// endpoint, "" without them.
	URL, WS, Control, Standin string

	cfg        Config
	state      *state
	book       *logs.Book
	log        *slog.Logger
	supervisor *supervise.Supervisor
	functions  map[string]*lambda.Function
	gateway    *apigateway.Gateway
	injector   *faults.Injector
	listener   net.Listener
	at         endpoints

	mu      sync.Mutex
	workers map[string]string // name to HTTP address
	undo    []func()          // what Stop does, last first
}

// Start starts everything and returns when it serves. ctx bounds the start
// alone; end the stack by Stop.
func Start(ctx context.Context, cfg Config) (*Stack, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	s := &Stack{cfg: cfg, book: logs.New(), workers: map[string]string{}}
	s.log = s.book.Logger("local")
	s.supervisor = supervise.New(s.log)
	for _, step := range []func(context.Context) error{
		s.openState, s.listen, s.startStores, s.startFaults, s.setup, s.startFunctions, s.serve, s.startStandin, s.startWorkers,
	} {
		if err := step(ctx); err != nil {
			s.Stop()
			return nil, err
		}
	}
	return s, nil
}

// Stop ends everything in the opposite order of its start, workers first and
// with time to drain, and returns when nothing is left. It may be called more
// than once.
func (s *Stack) Stop() {
	for {
		s.mu.Lock()
		if len(s.undo) == 0 {
			s.mu.Unlock()
			return
		}
		last := s.undo[len(s.undo)-1]
		s.undo = s.undo[:len(s.undo)-1]
		s.mu.Unlock()
		last()
	}
}

// Abort kills every process at once; a Stop under way, or the one that is still due, is quick then.
func (s *Stack) Abort() { s.supervisor.Abort() }

// Logs is everything that the stack has written.
func (s *Stack) Logs() *logs.Book { return s.book }

// Function is one of the Lambda functions: connect, message, disconnect, sweep,
// and authorizer where there is one.
func (s *Stack) Function(name string) *lambda.Function { return s.functions[name] }

// Kill sends a signal to a program: worker-1 and so on, standin, stores (killed
// whatever the signal), or a function by its name (likewise). What dies starts
// again by itself.
func (s *Stack) Kill(name string, sig syscall.Signal) error {
	if f := s.functions[name]; f != nil {
		f.Kill()
		return nil
	}
	return s.supervisor.Signal(name, sig)
}

// Restart ends a program with the grace it is due and returns when it is ready again.
func (s *Stack) Restart(ctx context.Context, name string) error {
	return s.supervisor.Restart(ctx, name)
}

// Programs are the names of those that Kill knows and that run, functions excepted.
func (s *Stack) Programs() []string { return s.supervisor.Names() }

// PID is the present process of a program that Kill knows, functions excepted.
func (s *Stack) PID(name string) (int, error) { return s.supervisor.PID(name) }

// AwaitRestart returns when the process pid of a program has a successor that is ready.
func (s *Stack) AwaitRestart(ctx context.Context, name string, pid int) error {
	return s.supervisor.AwaitRestart(ctx, name, pid)
}

// atStop adds to what Stop does.
func (s *Stack) atStop(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.undo = append(s.undo, f)
}

// run runs f until Stop comes to it, and waits for it then.
func (s *Stack) run(what string, f func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := f(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("ended", "what", what, "error", err)
		}
	})
	s.atStop(func() { cancel(); running.Wait() })
}

func (s *Stack) progress(format string, arguments ...any) {
	_, _ = fmt.Fprintf(s.cfg.Progress, format+"\n", arguments...)
}

// openState locks the state folder and opens the log in it.
func (s *Stack) openState(context.Context) error {
	st, err := openState(s.cfg.State)
	if err != nil {
		return err
	}
	s.state = st
	s.atStop(st.close)
	if !s.cfg.Keep {
		for _, name := range []string{"stores", usageFile} {
			if err := os.RemoveAll(st.file(name)); err != nil {
				return fmt.Errorf("empty the state folder: %w", err)
			}
		}
	}
	file, err := os.OpenFile(st.file("log"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("log file: %w", err)
	}
	s.atStop(func() { _ = file.Close() })
	s.book.Copy(file, slog.LevelDebug, false)
	if s.cfg.Log != nil {
		level := slog.LevelInfo
		if s.cfg.Verbose {
			level = slog.LevelDebug
		}
		s.book.Copy(s.cfg.Log, level, s.cfg.Colour)
	}
	return nil
}

// listen takes the port before anything is started, so that a taken one costs no time.
func (s *Stack) listen(ctx context.Context) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", s.cfg.Address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken%s: stop that, or use another port", s.cfg.Address, owner(s.cfg.Address))
	}
	if err != nil {
		return fmt.Errorf("listen on %s: %w", s.cfg.Address, err)
	}
	s.listener = l
	s.atStop(func() { _ = l.Close() })
	host := fmt.Sprintf("localhost:%d", l.Addr().(*net.TCPAddr).Port)
	s.URL, s.WS = "http://"+host, "ws://"+host+"/ws"
	s.at.posts = fmt.Sprintf("http://%s/ws", l.Addr())
	return nil
}

func (s *Stack) setup(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	url, err := s.cfg.Setup(ctx, s.at.config(), table)
	if err != nil {
		return fmt.Errorf("make table and queues: %w", err)
	}
	s.at.dispatch = url
	return nil
}
