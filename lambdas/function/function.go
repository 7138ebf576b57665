// Package function makes Lambda functions of the rules in the packages
// signaling and access: it reads the environment, makes the clients, and turns
// API Gateway's events into calls.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api.html
package function

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"casey.internal/lambdas/signaling"
	"casey.internal/shared/interview"
	"casey.internal/shared/logging"
	"casey.internal/shared/metrics"
	"casey.internal/shared/post"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
)

// deps is what a function is made of.
type deps struct {
	settings *Settings
	aws      aws.Config
	log      *slog.Logger
	metrics  *metrics.Writer // nil = none
}

// Handler is a function that the Lambda runtime calls.
type Handler any

// Run serves a function until Lambda ends the process. It returns only when
// it could not start: 2 for a wrong environment, 1 for anything else; why is
// written to w.
func Run(getenv func(string) string, w io.Writer, build func(deps) Handler) int {
	settings, err := Variables.Read(getenv)
	if err != nil {
		_, _ = fmt.Fprintln(w, err)
		return 2
	}
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		_, _ = fmt.Fprintln(w, "load the AWS configuration:", err)
		return 1
	}
	log := slog.New(logging.NewHandler(w, settings.Log))
	lambda.Start(build(deps{settings: settings, aws: cfg, log: log, metrics: metrics.New(os.Stdout, settings.Service)}))
	return 1
}

func (d deps) service() *signaling.Service {
	return signaling.New(signaling.Config{
		Store:      store.New(d.aws, d.settings.Table),
		Queue:      queue.New(d.aws, d.settings.DispatchURL),
		Poster:     post.New(d.aws),
		ICEServers: d.settings.ICEServers,
		MaxWait:    d.settings.MaxWait,
		Log:        d.log,
		Waiting: func(sessions int) {
			d.metrics.Emit(metrics.Values{metrics.Waiting: float64(sessions)})
		},
		Failed: d.givenUp,
	})
}

// givenUp counts a session that no worker counts.
func (d deps) givenUp() { d.metrics.Emit(metrics.Values{metrics.SessionsFailed: 1}) }

// request and response are API Gateway's.
type (
	request  = events.APIGatewayWebsocketProxyRequest
	response = events.APIGatewayProxyResponse
)

// route is one route of the WebSocket API.
type route func(context.Context, request) (response, error)

var accepted = response{StatusCode: http.StatusOK}

// Connect serves $connect: an error, or a status other than 2xx, refuses the
// connection.
func Connect(d deps) Handler {
	s := d.service()
	return route(func(ctx context.Context, r request) (response, error) {
		err := s.Connect(ctx, signaling.Arrival{
			Connection: connection(r),
			User:       user(r.RequestContext.Authorizer),
			Source:     r.RequestContext.Identity.SourceIP,
			At:         time.UnixMilli(r.RequestContext.ConnectedAt),
		})
		return accepted, d.failed(ctx, "connect", r, err)
	})
}

// Message serves every other route.
func Message(d deps) Handler {
	s := d.service()
	return route(func(ctx context.Context, r request) (response, error) {
		err := s.Message(ctx, connection(r), []byte(r.Body))
		return accepted, d.failed(ctx, "message", r, err)
	})
}

// Disconnect serves $disconnect, which API Gateway delivers as best it can.
func Disconnect(d deps) Handler {
	s := d.service()
	return route(func(ctx context.Context, r request) (response, error) {
		err := s.Disconnect(ctx, connection(r))
		return accepted, d.failed(ctx, "disconnect", r, err)
	})
}

func (d deps) failed(ctx context.Context, what string, r request, err error) error {
	if err != nil {
		d.log.ErrorContext(ctx, "function failed", "function", what, "connection", r.RequestContext.ConnectionID, "error", err)
	}
	return err
}

func connection(r request) interview.ConnectionID {
	return interview.ConnectionID(r.RequestContext.ConnectionID)
}

// user is the principal that an authorizer named; empty without one.
func user(authorizer any) string {
	fields, _ := authorizer.(map[string]any)
	name, _ := fields["principalId"].(string)
	return name
}
