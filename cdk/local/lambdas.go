package local

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"casey.internal/cdk/local/aws/apigateway"
	"casey.internal/cdk/local/aws/lambda"
)

// authorizer is the function that decides who may connect.
const authorizer = "authorizer"

// gatewayLimit is the longest that connections and their functions may take to end.
const gatewayLimit = 5 * time.Second

// startFunctions runs the functions and waits until each has asked for work.
func (s *Stack) startFunctions(ctx context.Context) error {
	s.progress("starting the Lambda functions ...")
	s.functions = map[string]*lambda.Function{}
	for _, name := range s.cfg.functions() {
		env := s.lambdaEnv()
		if name == authorizer {
			env = append(env, s.cfg.Authorizer...)
		}
		f := lambda.New(lambda.Config{
			Name: name, Bootstrap: s.cfg.bootstrap(name), Env: env,
			Environments: s.cfg.Environments, Concurrency: s.cfg.Concurrency, Cold: s.injector.Cold,
			Output: s.book.Writer(name), Log: s.log,
		})
		s.functions[name] = f
		s.run(name, f.Run)
	}
	return s.awaitFunctions(ctx)
}

// awaitFunctions waits for all at once.
func (s *Stack) awaitFunctions(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	var waiting sync.WaitGroup
	names := s.cfg.functions()
	errs := make([]error, len(names))
	for i, name := range names {
		waiting.Go(func() {
			if err := s.functions[name].Ready(ctx); err != nil {
				errs[i] = fmt.Errorf("%w%s", err, s.lastWords(name))
			}
		})
	}
	waiting.Wait()
	return errors.Join(errs...)
}

// serve puts the gateway on the port and starts the schedule.
func (s *Stack) serve(context.Context) error {
	var guard apigateway.Invoker
	if f := s.functions[authorizer]; f != nil {
		guard = f
	}
	s.gateway = apigateway.New(apigateway.Config{
		Authorizer: guard,
		Domain:     s.URL[len("http://"):],
		Connect:    s.functions["connect"],
		Message:    s.functions["message"],
		Disconnect: s.functions["disconnect"],
		Page:       s.page(),
		Faults:     s.injector,
		Log:        s.book.Logger("gateway"),
	})
	server := &http.Server{Handler: s.gateway, ReadHeaderTimeout: 10 * time.Second}
	s.run("gateway", func(context.Context) error { return serveHTTP(server, s.listener) })
	s.atStop(func() { s.closeGateway(server) })
	s.run("schedule", func(ctx context.Context) error {
		s.functions["sweep"].Schedule(ctx, s.cfg.Sweep)
		return nil
	})
	return nil
}

func serveHTTP(server *http.Server, l net.Listener) error {
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// closeGateway ends the sockets while their functions still run, then the server.
func (s *Stack) closeGateway(server *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), gatewayLimit)
	defer cancel()
	if err := s.gateway.Close(ctx); err != nil {
		s.log.Warn("connections did not end in time", "error", err)
	}
	_ = server.Close()
}
