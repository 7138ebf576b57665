// Package contracts holds the real adapters to the contracts that their twins
// in memory keep, against the stores and the gateway of this machine.
package contracts

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/local/aws/apigateway"
	"casey.internal/cdk/local/aws/stores"
	"casey.internal/shared/interview"
	"casey.internal/shared/post"
	"casey.internal/shared/post/posttest"
	"casey.internal/shared/queue"
	"casey.internal/shared/queue/queuetest"
	"casey.internal/shared/store"
	"casey.internal/shared/store/storetest"
	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/coder/websocket"
)

func TestStoreAndQueue(t *testing.T) {
	s := start(t)
	t.Run("store", func(t *testing.T) {
		cfg := config(s.DynamoDB)
		for range 2 { // the second finds it there
			if err := store.CreateTable(t.Context(), cfg, "casey"); err != nil {
				t.Fatal(err)
			}
		}
		storetest.Run(t, store.New(cfg, "casey"))
	})
	t.Run("queue", func(t *testing.T) {
		cfg := config(s.SQS)
		var url string
		for range 2 {
			var err error
			if url, err = queue.Create(t.Context(), cfg, "casey-dispatch"); err != nil {
				t.Fatal(err)
			}
		}
		queuetest.Run(t, queue.New(cfg, url))
	})
}

func start(t *testing.T) *stores.Stores {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	s, err := stores.Start(t.Context(), stores.Config{Dir: filepath.Join(root, "build", "stores"), Progress: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

// config points every client at one endpoint.
func config(endpoint string) aws.Config {
	return aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: &endpoint,
		Credentials:  credentials.NewStaticCredentialsProvider("local", "local", ""),
	}
}

// function is a Lambda function that tells which connection it was called for.
type function chan interview.ConnectionID

func (f function) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	var e events.APIGatewayWebsocketProxyRequest
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, err
	}
	f <- interview.ConnectionID(e.RequestContext.ConnectionID)
	return json.Marshal(events.APIGatewayProxyResponse{StatusCode: http.StatusOK})
}

func TestPost(t *testing.T) {
	connected, disconnected := make(function, 1), make(function, 1)
	g := apigateway.New(apigateway.Config{Connect: connected, Disconnect: disconnected})
	s := httptest.NewServer(g)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
		defer cancel()
		if err := g.Close(ctx); err != nil {
			t.Error(err)
		}
		s.Close()
	})
	posttest.Run(t, post.New(config(s.URL+"/ws")), func() posttest.Browser {
		ws := dial(t, "ws"+strings.TrimPrefix(s.URL, "http")+"/ws")
		return posttest.Browser{
			ID: <-connected,
			Next: func(ctx context.Context) ([]byte, error) {
				_, data, err := ws.Read(ctx)
				return data, err
			},
			Close: func() {
				_ = ws.CloseNow()
				<-disconnected
			},
		}
	})
}

func dial(t *testing.T, url string) *websocket.Conn {
	t.Helper()
	ws, response, err := websocket.Dial(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if response.Body != nil {
		_ = response.Body.Close()
	}
	ws.SetReadLimit(-1)
	t.Cleanup(func() { _ = ws.CloseNow() })
	return ws
}

func TestPostToAConnectionThatStaysFull(t *testing.T) {
	g := apigateway.New(apigateway.Config{Faults: full{}})
	s := httptest.NewServer(g)
	defer s.Close()
	if err := post.New(config(s.URL+"/ws")).Post(t.Context(), "c=", []byte("{}")); !errors.Is(err, post.ErrBusy) {
		t.Errorf("%v, want it busy", err)
	}
}

// full is a gateway over its rate limit.
type full struct{}

func (full) LoseDisconnect() bool { return false }
func (full) DropMessage() bool    { return false }
func (full) SpoilMessage() bool   { return false }
func (full) Throttle() bool       { return true }
