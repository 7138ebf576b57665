// Package authorizer makes a Lambda authorizer of the rules in package
// authorize: API Gateway asks it before it opens a WebSocket.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
package authorizer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"casey.internal/lambdas/access"
	"casey.internal/lambdas/secret"
	"casey.internal/shared/logging"
	"casey.internal/shared/metrics"
	"casey.internal/shared/store"
	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
)

// anybody is the principal of who has no name: API Gateway wants one.
const anybody = "anybody"

// Run serves the function until Lambda ends the process. It returns only when
// it could not start: 2 for a wrong environment, 1 for anything else; why is
// written to log. Metrics are written to out.
func Run(getenv func(string) string, out, log io.Writer) int {
	settings, err := Read(getenv)
	if err != nil {
		_, _ = fmt.Fprintln(log, err)
		return 2
	}
	f, err := start(context.Background(), settings, out, log)
	if err != nil {
		_, _ = fmt.Fprintln(log, err)
		return 1
	}
	lambda.Start(f.serve)
	return 1
}

type function struct {
	rules   *access.Rules
	log     *slog.Logger
	metrics *metrics.Writer
}

func start(ctx context.Context, s Settings, out, log io.Writer) (*function, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("load the AWS configuration: %w", err)
	}
	rules := s.Rules
	rules.Counters = store.New(cfg, s.Table)
	if rules.Access == access.Secret {
		if rules.Secret, err = secret.Read(ctx, cfg, s.SecretARN); err != nil {
			return nil, err
		}
	}
	return &function{
		rules: &rules, log: slog.New(logging.NewHandler(log, s.Log)), metrics: metrics.New(out, s.Service),
	}, nil
}

// request and response are API Gateway's.
type (
	request  = events.APIGatewayCustomAuthorizerRequestTypeRequest
	response = events.APIGatewayCustomAuthorizerResponse
)

// serve answers allow or deny. What went wrong on our side is an error, on
// which API Gateway refuses too.
func (f *function) serve(ctx context.Context, r request) (response, error) {
	source := r.RequestContext.Identity.SourceIP
	user, err := f.rules.User(ctx, access.Arrival{
		Origin: header(r.Headers, "Origin"), Source: source,
		Key: r.QueryStringParameters["key"], Ticket: r.QueryStringParameters["ticket"],
	})
	refused, ok := errors.AsType[*access.RefusedError](err)
	switch {
	case ok:
		f.log.InfoContext(ctx, "refused", "reason", string(refused.Reason), "source", source, "origin", header(r.Headers, "Origin"))
		f.metrics.Emit(metrics.Values{metrics.Refused: 1}, metrics.Dimension{Name: metrics.Reason, Value: string(refused.Reason)})
		return answer(anybody, "Deny", r.MethodArn), nil
	case err != nil:
		f.log.ErrorContext(ctx, "function failed", "function", "authorizer", "error", err)
		return response{}, err
	case user == "":
		user = anybody
	}
	return answer(user, "Allow", r.MethodArn), nil
}

func answer(principal, effect, arn string) response {
	return response{
		PrincipalID: principal,
		PolicyDocument: events.APIGatewayCustomAuthorizerPolicy{
			Version:   "2012-10-17",
			Statement: []events.IAMPolicyStatement{{Effect: effect, Action: []string{"execute-api:Invoke"}, Resource: []string{arn}}},
		},
	}
}

// header finds one whatever its case: that is the client's choice.
func header(all map[string]string, name string) string {
	for key, value := range all {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}
