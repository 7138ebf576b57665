// Package apigateway is API Gateway's WebSocket API on this machine: the socket
// in front of the Lambda functions and the @connections API behind them.
//
// It follows
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api.html
// and the quotas in
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html.
package apigateway

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"
)

// API Gateway's limits; sizes are in bytes.
const (
	maxFrame   = 32 << 10
	maxMessage = 128 << 10
	// maxPending is the number of posts to one connection that may wait for its
	// socket before the next is refused.
	maxPending = 64
)

// Invoker is a Lambda function. Any error counts as a failure of the function.
type Invoker interface {
	Invoke(ctx context.Context, payload []byte) ([]byte, error)
}

// Faults decides, each time anew, what goes wrong as it sometimes does on AWS.
// Its methods are called concurrently.
type Faults interface {
	// LoseDisconnect tells that a $disconnect is not delivered.
	LoseDisconnect() bool
	// DropMessage tells that the message function is not called and the client
	// gets "Internal server error".
	DropMessage() bool
	// SpoilMessage tells that the function is called and the client gets
	// "Internal server error" all the same.
	SpoilMessage() bool
	// Throttle tells that a connection, a message or a post is over the rate limit.
	Throttle() bool
}

// Config describes one API with one stage.
type Config struct {
	// Stage is the stage's name and the path of the socket; default "ws".
	Stage string
	// Domain is the API's domain in events, like "localhost:3001".
	Domain string
	// Connect, Message and Disconnect are the functions of $connect, $default
	// and $disconnect. Without one, its route succeeds and does nothing.
	Connect, Message, Disconnect Invoker
	// Authorizer decides who may connect, and names them; nil lets everybody in.
	Authorizer Invoker
	// Page serves every path that is not the API's; nil answers 404.
	Page http.Handler
	// Idle is the longest that a connection may be silent (default 10 min), Life
	// long it may last (default 2 h).
	Idle, Life time.Duration
	// Faults are the faults to inject; nil is none.
	Faults Faults
	// Log is told about connections and failures; nil discards it.
	Log *slog.Logger
}

// Gateway serves the API. It is an http.Handler and safe for concurrent use.
type Gateway struct {
	cfg  Config
	work sync.WaitGroup // sockets and the calls that they caused

	mu          sync.Mutex
	connections map[string]*connection
	closed      bool
}

// New returns a gateway that serves until Close.
func New(cfg Config) *Gateway {
	cfg.Stage = cmp.Or(cfg.Stage, "ws")
	cfg.Idle = cmp.Or(cfg.Idle, 10*time.Minute)
	cfg.Life = cmp.Or(cfg.Life, 2*time.Hour)
	if cfg.Faults == nil {
		cfg.Faults = noFaults{}
	}
	if cfg.Page == nil {
		cfg.Page = http.NotFoundHandler()
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Gateway{cfg: cfg, connections: map[string]*connection{}}
}

// ServeHTTP serves the socket at /STAGE, posts at /STAGE/@connections/ID,
// /health, and the page everywhere else.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rest, ok := strings.CutPrefix(r.URL.Path, "/"+g.cfg.Stage)
	switch id, manage := strings.CutPrefix(rest, "/@connections/"); {
	case ok && manage:
		g.manage(w, r, id)
	case ok && (rest == "" || rest == "/"):
		g.upgrade(w, r)
	case ok && strings.HasPrefix(rest, "/"):
		writeJSON(w, http.StatusForbidden, `{"message":"Forbidden"}`)
	case r.URL.Path == "/health":
		writeJSON(w, http.StatusOK, `{"status":"ok"}`)
	default:
		g.cfg.Page.ServeHTTP(w, r)
	}
}

// Close refuses new connections, closes those there are with 1001 and waits
// until their $disconnect functions have answered, or until ctx is done.
func (g *Gateway) Close(ctx context.Context) error {
	g.mu.Lock()
	g.closed = true
	for _, c := range g.connections {
		c.close(goingAway)
	}
	g.mu.Unlock()
	done := make(chan struct{})
	go func() { defer close(done); g.work.Wait() }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("close the gateway: %w", ctx.Err())
	}
}

// begin counts one more socket in, unless the gateway is closed.
func (g *Gateway) begin() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.work.Add(1)
	return true
}

func (g *Gateway) register(c *connection) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.connections[c.id] = c
	if g.closed {
		c.close(goingAway)
	}
}

func (g *Gateway) unregister(c *connection) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.connections, c.id)
}

func (g *Gateway) lookup(id string) *connection {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.connections[id]
}

// noFaults is the Faults that never happen.
type noFaults struct{}

func (noFaults) LoseDisconnect() bool { return false }
func (noFaults) DropMessage() bool    { return false }
func (noFaults) SpoilMessage() bool   { return false }
func (noFaults) Throttle() bool       { return false }

func writeJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}
