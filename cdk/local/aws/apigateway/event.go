package apigateway

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// The routes and event types of a WebSocket API that has no others.
const (
	routeConnect    = "$connect"
	routeDefault    = "$default"
	routeDisconnect = "$disconnect"
)

// event returns what every route's event has in common; each adds to it.
func (g *Gateway) event(c *connection, route, kind string) events.APIGatewayWebsocketProxyRequest {
	now := time.Now()
	e := events.APIGatewayWebsocketProxyRequest{
		RequestContext: events.APIGatewayWebsocketProxyRequestContext{
			Stage: g.cfg.Stage, APIID: "local", DomainName: g.cfg.Domain,
			ConnectionID: c.id, ConnectedAt: c.at.UnixMilli(),
			RouteKey: route, EventType: kind, MessageDirection: "IN",
			RequestID: newID(), ExtendedRequestID: newID(),
			RequestTime: now.UTC().Format("02/Jan/2006:15:04:05 -0700"), RequestTimeEpoch: now.UnixMilli(),
			Identity: events.APIGatewayRequestIdentity{SourceIP: c.ip, UserAgent: c.agent},
		},
	}
	if c.principal != "" {
		e.RequestContext.Authorizer = map[string]any{"principalId": c.principal}
	}
	return e
}

func (g *Gateway) connectEvent(c *connection, r *http.Request) events.APIGatewayWebsocketProxyRequest {
	e := g.event(c, routeConnect, "CONNECT")
	e.Headers, e.MultiValueHeaders = lastOf(r.Header), r.Header.Clone()
	e.Headers["Host"], e.MultiValueHeaders["Host"] = r.Host, []string{r.Host}
	if query := r.URL.Query(); len(query) > 0 {
		e.QueryStringParameters, e.MultiValueQueryStringParameters = lastOf(query), query
	}
	return e
}

func (g *Gateway) messageEvent(c *connection, body string) events.APIGatewayWebsocketProxyRequest {
	e := g.event(c, routeDefault, "MESSAGE")
	e.RequestContext.MessageID = newID()
	e.Body = body
	return e
}

func (g *Gateway) disconnectEvent(c *connection, end ending) events.APIGatewayWebsocketProxyRequest {
	e := g.event(c, routeDisconnect, "DISCONNECT")
	e.RequestContext.DisconnectStatusCode = int64(end.code)
	e.RequestContext.DisconnectReason = &end.reason
	return e
}

func lastOf(values map[string][]string) map[string]string {
	last := make(map[string]string, len(values))
	for k, v := range values {
		last[k] = v[len(v)-1]
	}
	return last
}

// newID has the shape of API Gateway's ids: 15 characters of URL-safe base64
// and a "=".
func newID() string {
	var b [11]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return base64.URLEncoding.EncodeToString(b[:])
}
