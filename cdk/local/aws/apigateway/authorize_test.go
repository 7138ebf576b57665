package apigateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"casey.internal/cdk/local/aws/apigateway"
)

// guard is an authorizer that lets in whoever has its key, by name.
type guard struct {
	seen chan events.APIGatewayCustomAuthorizerRequestTypeRequest
}

func (g guard) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	var e events.APIGatewayCustomAuthorizerRequestTypeRequest
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, err
	}
	g.seen <- e
	effect := "Deny"
	switch e.QueryStringParameters["key"] {
	case "good":
		effect = "Allow"
	case "broken":
		return nil, errors.New("the function failed")
	}
	return json.Marshal(events.APIGatewayCustomAuthorizerResponse{PrincipalID: "ada", PolicyDocument: events.APIGatewayCustomAuthorizerPolicy{
		Statement: []events.IAMPolicyStatement{{Effect: effect, Action: []string{"execute-api:Invoke"}, Resource: []string{e.MethodArn}}},
	}})
}

func TestTheAuthorizerIsAskedFirst(t *testing.T) {
	g := guard{make(chan events.APIGatewayCustomAuthorizerRequestTypeRequest, 1)}
	connects, messages := make(chan event, 1), make(chan event, 1)
	s := serve(t, apigateway.Config{Authorizer: g, Connect: ok(connects), Message: ok(messages)})
	ws := dial(t, s, "?key=good")
	if e := <-g.seen; e.Type != "REQUEST" || e.RequestContext.Identity.SourceIP != "127.0.0.1" || e.Headers["Sec-Websocket-Key"] == "" || e.MethodArn == "" {
		t.Errorf("asked with %+v", e)
	}
	write(t, ws, "hello")
	for _, e := range []event{<-connects, <-messages} {
		if who, _ := e.RequestContext.Authorizer.(map[string]any); who["principalId"] != "ada" {
			t.Errorf("%s came from %v", e.RequestContext.RouteKey, e.RequestContext.Authorizer)
		}
	}
}

func TestWhoIsNotLetIn(t *testing.T) {
	g := guard{make(chan events.APIGatewayCustomAuthorizerRequestTypeRequest, 1)}
	s := serve(t, apigateway.Config{Authorizer: g, Connect: ok(nil)}) // would block for ever
	for query, want := range map[string]int{"": http.StatusForbidden, "?key=bad": http.StatusForbidden, "?key=broken": http.StatusInternalServerError} {
		if status, body := refused(t, server{s.gateway, s.http, s.ws + query}); status != want {
			t.Errorf("%q is answered %d %s, want %d", query, status, body, want)
		}
		<-g.seen
	}
}
