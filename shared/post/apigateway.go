package post

import (
	"context"
	"errors"
	"fmt"
	"time"

	"casey.internal/shared/httpbody"
	"casey.internal/shared/interview"
	"casey.internal/shared/wire"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi/types"
)

// What Post spends on a connection that is too slow, or on a fault of AWS.
const (
	postAttempts   = 6
	postMaxBackoff = 400 * time.Millisecond
	postBudget     = 3 * time.Second
)

// Poster posts to browsers. It is safe for use by many goroutines, but
// messages to one connection keep their order only when one goroutine posts
// them one after the other.
type Poster struct {
	client *apigatewaymanagementapi.Client
}

// New returns a poster. The API's address is in the configuration, as from
// AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI, stage included.
func New(cfg aws.Config) *Poster {
	client := apigatewaymanagementapi.NewFromConfig(cfg, func(o *apigatewaymanagementapi.Options) {
		o.HTTPClient = httpbody.Client(cfg.HTTPClient)
		o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts, o.MaxBackoff = postAttempts, postMaxBackoff
		})
	})
	return &Poster{client: client}
}

// Post sends one text frame, at most wire.MaxMessage bytes. ErrGone: the
// connection is closed, or not open yet. ErrBusy: its buffer stayed full.
func (p *Poster) Post(ctx context.Context, id interview.ConnectionID, data []byte) error {
	if len(data) > wire.MaxMessage {
		return fmt.Errorf("post to %s: %w", id, ErrTooLarge)
	}
	ctx, cancel := context.WithTimeout(ctx, postBudget)
	defer cancel()
	_, err := p.client.PostToConnection(ctx, &apigatewaymanagementapi.PostToConnectionInput{
		ConnectionId: new(string(id)), Data: data,
	})
	if err != nil {
		return fmt.Errorf("post to %s: %w", id, named(err))
	}
	return nil
}

// named gives API Gateway's errors that callers act on their names here.
func named(err error) error {
	if _, gone := errors.AsType[*types.GoneException](err); gone {
		return errors.Join(ErrGone, err)
	}
	if _, large := errors.AsType[*types.PayloadTooLargeException](err); large {
		return errors.Join(ErrTooLarge, err)
	}
	if _, busy := errors.AsType[*types.LimitExceededException](err); busy {
		return errors.Join(ErrBusy, err)
	}
	return err
}
