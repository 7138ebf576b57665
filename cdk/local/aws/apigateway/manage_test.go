package apigateway_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi/types"
	"github.com/coder/websocket"

	"casey.internal/cdk/local/aws/apigateway"
)

func TestPostReachesTheClientInOrder(t *testing.T) {
	connects := make(chan event, 1)
	s := serve(t, apigateway.Config{Connect: ok(connects)})
	ws := dial(t, s, "")
	api, id := client(s), (<-connects).RequestContext.ConnectionID
	for _, text := range []string{"one", "two", strings.Repeat("z", 128<<10)} {
		check(t, post(t.Context(), api, id, text))
	}
	ws.SetReadLimit(-1)
	for _, want := range []string{"one", "two", strings.Repeat("z", 128<<10)} {
		kind, body, err := ws.Read(t.Context())
		check(t, err)
		if kind != websocket.MessageText || string(body) != want {
			t.Errorf("got %v of %d bytes, want %d", kind, len(body), len(want))
		}
	}
}

func TestPostIsRefused(t *testing.T) {
	connects, ends := make(chan event, 1), make(chan event, 1)
	s := serve(t, apigateway.Config{Connect: ok(connects), Disconnect: ok(ends)})
	ws := dial(t, s, "")
	api, id := client(s), (<-connects).RequestContext.ConnectionID
	err := post(t.Context(), api, id, strings.Repeat("z", 128<<10+1))
	if _, large := errors.AsType[*types.PayloadTooLargeException](err); !large {
		t.Errorf("too large: %v", err)
	}
	if err := post(t.Context(), api, "nobody=", "x"); !gone(err) {
		t.Errorf("unknown: %v", err)
	}
	check(t, ws.Close(websocket.StatusNormalClosure, ""))
	<-ends
	if err := post(t.Context(), api, id, "x"); !gone(err) {
		t.Errorf("after the end: %v", err)
	}
}

func TestPostOutOfConnectIsGone(t *testing.T) {
	var s server
	answers := make(chan error, 1)
	s = serve(t, apigateway.Config{Connect: function(func(ctx context.Context, e event) (answer, error) {
		answers <- post(ctx, client(s), e.RequestContext.ConnectionID, "too early")
		return answer{StatusCode: 200}, nil
	})})
	dial(t, s, "")
	if err := <-answers; !gone(err) {
		t.Errorf("posted: %v", err)
	}
}

func TestPostIsThrottled(t *testing.T) {
	s := serve(t, apigateway.Config{Faults: everyFault{throttle: true}})
	err := post(t.Context(), client(s), "x", "x")
	if _, limited := errors.AsType[*types.LimitExceededException](err); !limited {
		t.Errorf("%v", err)
	}
}

func TestGetAndDelete(t *testing.T) {
	connects, ends := make(chan event, 1), make(chan event, 1)
	s := serve(t, apigateway.Config{Connect: ok(connects), Disconnect: ok(ends)})
	ws := dial(t, s, "")
	api, id := client(s), (<-connects).RequestContext.ConnectionID
	got, err := api.GetConnection(t.Context(), &apigatewaymanagementapi.GetConnectionInput{ConnectionId: &id})
	check(t, err)
	if time.Since(*got.ConnectedAt) > time.Minute || *got.Identity.SourceIp != "127.0.0.1" || got.LastActiveAt == nil {
		t.Errorf("got %+v", got)
	}
	_, err = api.DeleteConnection(t.Context(), &apigatewaymanagementapi.DeleteConnectionInput{ConnectionId: &id})
	check(t, err)
	if _, _, err := ws.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusNormalClosure {
		t.Errorf("ended by %v", err)
	}
	<-ends
}

func BenchmarkRoundTrip(b *testing.B) {
	var s server
	s = serve(b, apigateway.Config{Message: function(func(ctx context.Context, e event) (answer, error) {
		return answer{StatusCode: 200}, post(ctx, client(s), e.RequestContext.ConnectionID, e.Body)
	})})
	ws := dial(b, s, "")
	for b.Loop() {
		write(b, ws, "x")
		if _, _, err := ws.Read(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// client is the SDK's own, as the functions and the worker use it; it does not
// retry, so that refusals show at once.
func client(s server) *apigatewaymanagementapi.Client {
	endpoint := s.http + "/ws"
	return apigatewaymanagementapi.NewFromConfig(aws.Config{
		Region: "us-east-1", RetryMaxAttempts: 1, BaseEndpoint: &endpoint,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
}

func post(ctx context.Context, api *apigatewaymanagementapi.Client, id, text string) error {
	_, err := api.PostToConnection(ctx, &apigatewaymanagementapi.PostToConnectionInput{ConnectionId: &id, Data: []byte(text)})
	return err
}

func gone(err error) bool {
	_, is := errors.AsType[*types.GoneException](err)
	return is
}
