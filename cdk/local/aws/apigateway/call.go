package apigateway

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
)

// call runs a route's function; a route without one succeeds.
func call(ctx context.Context, f Invoker, e events.APIGatewayWebsocketProxyRequest) (events.APIGatewayProxyResponse, error) {
	answer := events.APIGatewayProxyResponse{StatusCode: http.StatusOK}
	if f == nil {
		return answer, nil
	}
	payload, err := json.Marshal(e)
	if err != nil {
		return answer, fmt.Errorf("encode the event: %w", err)
	}
	body, err := f.Invoke(ctx, payload)
	if err != nil {
		return answer, fmt.Errorf("call %s: %w", e.RequestContext.RouteKey, err)
	}
	answer.StatusCode = 0
	if err := json.Unmarshal(body, &answer); err != nil || answer.StatusCode == 0 {
		return answer, fmt.Errorf("call %s: malformed answer of %d bytes", e.RequestContext.RouteKey, len(body))
	}
	return answer, nil
}

// message hands one message to its function and tells the client when that
// failed. What a function answers is not sent: the API has no route responses.
func (g *Gateway) message(ctx context.Context, c *connection, body string) {
	e := g.messageEvent(c, body)
	if g.cfg.Faults.Throttle() || g.cfg.Faults.DropMessage() {
		g.internalError(ctx, c, e)
		return
	}
	answer, err := call(ctx, g.cfg.Message, e)
	if err != nil {
		g.cfg.Log.Warn("message function failed", "connection", c.id, "error", err)
	}
	if err != nil || answer.StatusCode >= http.StatusInternalServerError || g.cfg.Faults.SpoilMessage() {
		g.internalError(ctx, c, e)
	}
}

// internalError sends the error without a type that API Gateway itself sends. A
// client that has gone misses nothing.
func (g *Gateway) internalError(ctx context.Context, c *connection, e events.APIGatewayWebsocketProxyRequest) {
	_ = c.post(ctx, []byte(internalError(c, e)))
}

func internalError(c *connection, e events.APIGatewayWebsocketProxyRequest) string {
	return fmt.Sprintf(`{"message":"Internal server error","connectionId":%q,"requestId":%q}`,
		c.id, e.RequestContext.RequestID)
}
