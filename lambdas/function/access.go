package function

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"casey.internal/lambdas/access"
	"casey.internal/shared/logging"
	"casey.internal/shared/metrics"
	"casey.internal/shared/store"
	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
)

// anybody is the principal of who has no name: API Gateway wants one.
const anybody = "anybody"

// ReadSecret reads the text of a secret. It is handed to the authorizer, so
// that no other function carries its client.
type ReadSecret func(ctx context.Context, cfg aws.Config, arn string) ([]byte, error)

// Authorize serves the Lambda authorizer, which API Gateway asks before it
// opens a WebSocket, until Lambda ends the process. It returns as Run does.
// Metrics are written to out.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
func Authorize(getenv func(string) string, out, log io.Writer, secret ReadSecret) int {
	settings, err := ReadAccess(getenv)
	if err != nil {
		_, _ = fmt.Fprintln(log, err)
		return 2
	}
	a, err := newAuthorizer(context.Background(), settings, out, log, secret)
	if err != nil {
		_, _ = fmt.Fprintln(log, err)
		return 1
	}
	lambda.Start(a.serve)
	return 1
}

type authorizer struct {
	rules   *access.Rules
	log     *slog.Logger
	metrics *metrics.Writer
}

func newAuthorizer(ctx context.Context, s *AccessSettings, out, log io.Writer, secret ReadSecret) (*authorizer, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("load the AWS configuration: %w", err)
	}
	rules := s.Rules
	rules.Counters = store.New(cfg, s.Table)
	if rules.Access == access.Secret {
		if rules.Secret, err = secret(ctx, cfg, s.SecretARN); err != nil {
			return nil, err
		}
	}
	return &authorizer{
		rules: &rules, log: slog.New(logging.NewHandler(log, s.Log)), metrics: metrics.New(out, s.Service),
	}, nil
}

// arrival and verdict are API Gateway's.
type (
	arrival = events.APIGatewayCustomAuthorizerRequestTypeRequest
	verdict = events.APIGatewayCustomAuthorizerResponse
)

// serve answers allow or deny. What went wrong on our side is an error, on
// which API Gateway refuses too.
func (a *authorizer) serve(ctx context.Context, r arrival) (verdict, error) {
	source := r.RequestContext.Identity.SourceIP
	user, err := a.rules.User(ctx, access.Arrival{
		Origin: header(r.Headers, "Origin"), Source: source,
		Key: r.QueryStringParameters["key"], Ticket: r.QueryStringParameters["ticket"],
	})
	refused, ok := errors.AsType[*access.RefusedError](err)
	switch {
	case ok:
		a.log.InfoContext(ctx, "refused", "reason", string(refused.Reason), "source", source, "origin", header(r.Headers, "Origin"))
		a.metrics.Emit(metrics.Values{metrics.Refused: 1}, metrics.Dimension{Name: metrics.Reason, Value: string(refused.Reason)})
		return decide(anybody, "Deny", r.MethodArn), nil
	case err != nil:
		a.log.ErrorContext(ctx, "function failed", "function", "authorizer", "error", err)
		return verdict{}, err
	case user == "":
		user = anybody
	}
	return decide(user, "Allow", r.MethodArn), nil
}

func decide(principal, effect, arn string) verdict {
	return verdict{
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
