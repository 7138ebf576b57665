package local

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"casey.internal/cdk/local/aws/faults"
)

// controlPath is the path on the gateway's port of the settings of the faults.
const controlPath = "/_local/faults"

// startFaults puts the proxies in front of the stores; from here on those are
// reached only through them.
func (s *Stack) startFaults(ctx context.Context) error {
	injector, err := faults.NewInjector(s.cfg.Faults)
	if err != nil {
		return err
	}
	s.injector = injector
	s.Control = s.URL + controlPath
	queues, err := faults.NewQueues(s.at.sqs, injector, s.book.Logger("queues"))
	if err != nil {
		return err
	}
	s.atStop(queues.Close)
	table, err := faults.NewTable(s.at.dynamodb, injector, s.book.Logger("table"))
	if err != nil {
		return err
	}
	s.atStop(table.Close)
	if s.at.sqs, err = s.front(ctx, "queues", queues); err != nil {
		return err
	}
	s.at.dynamodb, err = s.front(ctx, "table", table)
	return err
}

// SetFaults changes which faults the stand-ins play.
func (s *Stack) SetFaults(settings faults.Settings) error { return s.injector.Set(settings) }

// front serves a handler on a free port until Stop.
func (s *Stack) front(ctx context.Context, what string, h http.Handler) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", loopback(0))
	if err != nil {
		return "", fmt.Errorf("listen for the %s: %w", what, err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	s.run(what, func(context.Context) error { return serveHTTP(server, listener) })
	s.atStop(func() { _ = server.Close() })
	return "http://" + listener.Addr().String(), nil
}

// page serves the control endpoint beside the page.
func (s *Stack) page() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(controlPath, s.injector)
	if s.cfg.Page != nil {
		mux.Handle("/", s.cfg.Page)
	}
	return mux
}
