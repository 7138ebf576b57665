package apigateway

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/coder/websocket"
)

// upgrade asks the $connect function, and makes the request a socket when it
// says yes. The connection can be posted to only from then on: a post out of
// the $connect function itself finds it gone, as on AWS.
func (g *Gateway) upgrade(w http.ResponseWriter, r *http.Request) {
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		writeJSON(w, http.StatusUpgradeRequired, `{"message":"Upgrade Required"}`)
		return
	}
	if !g.begin() {
		writeJSON(w, http.StatusServiceUnavailable, `{"message":"Service Unavailable"}`)
		return
	}
	defer g.work.Done()
	// A function runs to its end even if the client has gone.
	ctx := context.WithoutCancel(r.Context())
	c := g.newConnection(r)
	if !g.authorize(ctx, w, c, r) {
		return
	}
	answer, ok := g.connect(ctx, w, c, g.connectEvent(c, r))
	if !ok {
		return
	}
	g.register(c)
	end := goneBeforeUpgrade
	if err := c.accept(w, r, protocolOf(answer)); err == nil {
		g.cfg.Log.Debug("connected", "connection", c.id)
		end = c.run(ctx, func(body string) {
			g.work.Go(func() { g.message(ctx, c, body) })
		})
	}
	g.unregister(c)
	g.disconnect(ctx, c, end)
}

func (g *Gateway) newConnection(r *http.Request) *connection {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	return &connection{
		id: newID(), at: time.Now(), ip: host, agent: r.UserAgent(),
		idle: g.cfg.Idle, life: g.cfg.Life,
		opened: make(chan struct{}), closing: make(chan ending, 1), ended: make(chan struct{}),
	}
}

// connect calls the $connect function and, when it does not agree, writes the refusal.
func (g *Gateway) connect(ctx context.Context, w http.ResponseWriter, c *connection,
	e events.APIGatewayWebsocketProxyRequest,
) (events.APIGatewayProxyResponse, bool) {
	if g.cfg.Faults.Throttle() {
		writeJSON(w, http.StatusTooManyRequests, `{"message":"Too Many Requests"}`)
		return events.APIGatewayProxyResponse{}, false
	}
	answer, err := call(ctx, g.cfg.Connect, e)
	switch {
	case err != nil:
		g.cfg.Log.Warn("connect function failed", "connection", c.id, "error", err)
		writeJSON(w, http.StatusInternalServerError, internalError(c, e))
		return answer, false
	case answer.StatusCode < 200 || answer.StatusCode > 299:
		writeJSON(w, max(answer.StatusCode, http.StatusBadRequest), answer.Body)
		return answer, false
	}
	return answer, true
}

// protocolOf is the subprotocol that the function chose; API Gateway passes its
// header on
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-connect-route-subprotocol.html).
func protocolOf(answer events.APIGatewayProxyResponse) []string {
	for name, value := range answer.Headers {
		if strings.EqualFold(name, "Sec-WebSocket-Protocol") {
			return []string{value}
		}
	}
	return nil
}

// disconnect calls the $disconnect function, which is best effort on AWS too.
func (g *Gateway) disconnect(ctx context.Context, c *connection, end ending) {
	g.cfg.Log.Debug("disconnected", "connection", c.id, "code", int(end.code), "reason", end.reason)
	if g.cfg.Faults.LoseDisconnect() {
		return
	}
	if _, err := call(ctx, g.cfg.Disconnect, g.disconnectEvent(c, end)); err != nil {
		g.cfg.Log.Warn("disconnect function failed", "connection", c.id, "error", err)
	}
}

// accept turns the request into the connection's socket. API Gateway does not
// look at the origin and does not compress.
func (c *connection) accept(w http.ResponseWriter, r *http.Request, protocols []string) error {
	defer close(c.opened)
	tapped := &tappedWriter{ResponseWriter: w, tooBig: func() { c.close(tooBig) }}
	ws, err := websocket.Accept(tapped, r, &websocket.AcceptOptions{InsecureSkipVerify: true, Subprotocols: protocols})
	if err != nil {
		return err
	}
	ws.SetReadLimit(maxMessage)
	c.ws = ws
	c.touch()
	return nil
}
