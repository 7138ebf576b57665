package standin

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"casey.internal/cdk/local/aws/authority"
	"casey.internal/cdk/local/aws/control"
)

// Ready is what is printed when the stand-ins can be used.
type Ready struct {
	// HTTPS (one stream on a connection, for Transcribe), API (the same without that limit) and HTTP are base URLs, CA the file for AWS_CA_BUNDLE.
	HTTPS string `json:"https"`
	API   string `json:"api"`
	HTTP  string `json:"http"`
	CA    string `json:"ca"`
}

// Server is the stand-ins, listening.
type Server struct {
	ready   Ready
	log     *slog.Logger
	secure  *http.Server
	api     *http.Server
	plain   *http.Server
	tls     net.Listener
	many    net.Listener
	tcp     net.Listener
	engines *engines
}

// goodbye is how long requests may take to end when the server does.
const goodbye = 3 * time.Second

// New loads engines and certificate and listens. Run serves; whoever calls New calls Run.
func New(ctx context.Context, c Config, log *slog.Logger) (*Server, error) {
	cert, err := authority.Load(c.State)
	if err != nil {
		return nil, err
	}
	panel := newPanel(c)
	engines, err := load(ctx, c, log, notes{
		denied: func() { panel.Count(control.Transcribe, control.Counters{Denied: 1}) },
		behind: func() { panel.Count(control.Transcribe, control.Counters{Behind: 1}) },
	})
	if err != nil {
		return nil, err
	}
	s := &Server{log: log, engines: engines}
	if err := s.listen(ctx, c); err != nil {
		engines.close()
		return nil, err
	}
	ca, err := filepath.Abs(filepath.Join(c.State, authority.Bundle))
	if err != nil {
		return nil, fmt.Errorf("find authority: %w", err)
	}
	s.ready = Ready{HTTPS: "https://" + s.tls.Addr().String(), API: "https://" + s.many.Addr().String(), HTTP: "http://" + s.tcp.Addr().String(), CA: ca}
	s.serve(routes(c, engines, panel, log), cert)
	return s, nil
}

func newPanel(c Config) *control.Panel {
	panel := control.NewPanel(c.Seed)
	panel.SetUsual(control.Transcribe, control.Fault{MaxConcurrent: c.Limit})
	panel.SetUsual(control.Polly, control.Fault{MaxConcurrent: c.PollyConcurrent, TPS: c.PollyTPS, Burst: int(c.PollyTPS) + 2})
	return panel
}

func (s *Server) listen(ctx context.Context, c Config) (err error) {
	var config net.ListenConfig
	if s.tls, err = config.Listen(ctx, "tcp", c.HTTPS); err != nil {
		return fmt.Errorf("listen for https: %w", err)
	}
	if s.many, err = config.Listen(ctx, "tcp", c.API); err != nil {
		return errors.Join(fmt.Errorf("listen for api: %w", err), s.tls.Close())
	}
	if s.tcp, err = config.Listen(ctx, "tcp", c.HTTP); err != nil {
		return errors.Join(fmt.Errorf("listen for http: %w", err), s.tls.Close(), s.many.Close())
	}
	return nil
}

// serve sets up the servers. Transcribe allows one stream on an HTTP/2 connection (developer guide), so its TLS server does, with frames
// as large as HTTP/2 has them where a server says nothing (Go's own says a megabyte, and clients make buffers for it).
func (s *Server) serve(h http.Handler, cert tls.Certificate) {
	errorLog := slog.NewLogLogger(s.log.Handler(), slog.LevelDebug)
	secure := func(limits *http.HTTP2Config) *http.Server {
		return &http.Server{
			Handler: h, ErrorLog: errorLog, ReadHeaderTimeout: 10 * time.Second,
			TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}}, HTTP2: limits,
		}
	}
	s.secure, s.api = secure(&http.HTTP2Config{MaxConcurrentStreams: 1, MaxReadFrameSize: 16 << 10}), secure(nil)
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	s.plain = &http.Server{Handler: h, ErrorLog: errorLog, ReadHeaderTimeout: 10 * time.Second, Protocols: &protocols}
}

// Ready returns where the server listens.
func (s *Server) Ready() Ready { return s.ready }

// Run serves until ctx ends, then ends what runs and frees the engines.
func (s *Server) Run(ctx context.Context) error {
	requests, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	base := func(net.Listener) context.Context { return requests }
	s.secure.BaseContext, s.api.BaseContext, s.plain.BaseContext = base, base, base
	failed, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	var servers sync.WaitGroup
	servers.Go(func() { fail(s.secure.ServeTLS(s.tls, "", "")) })
	servers.Go(func() { fail(s.api.ServeTLS(s.many, "", "")) })
	servers.Go(func() { fail(s.plain.Serve(s.tcp)) })
	<-failed.Done()
	cut() // streams and encoders end
	s.shut()
	servers.Wait()
	s.engines.close()
	if ctx.Err() != nil {
		return nil
	}
	return context.Cause(failed)
}

func (s *Server) shut() {
	late, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	for _, server := range []*http.Server{s.secure, s.api, s.plain} {
		if err := server.Shutdown(late); err != nil {
			s.log.Warn("stand-in connections cut", "error", err)
			_ = server.Close() // Shutdown's error is the one that tells
		}
	}
}
