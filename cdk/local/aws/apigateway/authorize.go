package apigateway

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
)

// authorize asks the authorizer who comes, if there is one, and writes the
// refusal when it does not let them in. It is asked as one of type REQUEST
// without an identity source: whatever headers there are.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
func (g *Gateway) authorize(ctx context.Context, w http.ResponseWriter, c *connection, r *http.Request) bool {
	if g.cfg.Authorizer == nil {
		return true
	}
	answer, err := g.ask(ctx, g.connectEvent(c, r))
	switch {
	case err != nil:
		g.cfg.Log.Warn("authorizer failed", "connection", c.id, "error", err)
		writeJSON(w, http.StatusInternalServerError, `{"message":null}`)
		return false
	case !allows(answer.PolicyDocument):
		writeJSON(w, http.StatusForbidden, `{"message":"User is not authorized to access this resource"}`)
		return false
	}
	c.principal = answer.PrincipalID
	return true
}

// ask calls the authorizer with what it is told of a connection.
func (g *Gateway) ask(ctx context.Context, e events.APIGatewayWebsocketProxyRequest) (events.APIGatewayCustomAuthorizerResponse, error) {
	var answer events.APIGatewayCustomAuthorizerResponse
	payload, err := json.Marshal(map[string]any{
		"type": "REQUEST", "methodArn": "arn:aws:execute-api:us-east-1:000000000000:local/" + g.cfg.Stage + "/" + routeConnect,
		"headers": e.Headers, "multiValueHeaders": e.MultiValueHeaders,
		"queryStringParameters": e.QueryStringParameters, "multiValueQueryStringParameters": e.MultiValueQueryStringParameters,
		"requestContext": e.RequestContext,
	})
	if err != nil {
		return answer, fmt.Errorf("encode the event: %w", err)
	}
	body, err := g.cfg.Authorizer.Invoke(ctx, payload)
	if err != nil {
		return answer, fmt.Errorf("call the authorizer: %w", err)
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return answer, fmt.Errorf("read the authorizer's answer: %w", err)
	}
	return answer, nil
}

// allows reports whether a policy lets somebody in: there is a statement that
// does, and none that does not.
func allows(p events.APIGatewayCustomAuthorizerPolicy) bool {
	allowed := false
	for _, s := range p.Statement {
		if s.Effect != "Allow" {
			return false
		}
		allowed = true
	}
	return allowed
}
