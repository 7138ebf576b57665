// Package bedrock is the interviewer's language model on Amazon Bedrock's
// ConverseStream. It is the only package that imports that SDK.
package bedrock

import (
	"cmp"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/schemas"
	"github.com/aws/smithy-go/transport/http/protocol/restjson1"

	"casey.internal/shared/foundation"
	"casey.internal/shared/httpbody"
	"casey.internal/shared/interview"
	"casey.internal/worker/usage"
)

const (
	service   = "bedrock"
	operation = "ConverseStream"
)

// Config has the model to ask and the limits of the wait for it.
type Config struct {
	Model      string        // model id or inference profile
	MaxTokens  int           // of an answer whose request names no limit; default 400
	FirstToken time.Duration // limit until the first piece of an answer, a retry included; default 4 s
	Idle       time.Duration // limit between two pieces; default 4 s
	Retry      time.Duration // pause before the one retry; default 200 ms
	Log        *slog.Logger  // default: none
}

// Client asks one model for all sessions of a worker, over shared connections.
type Client struct {
	api      *bedrockruntime.Client
	config   Config
	reads    foundation.Reading
	uncached atomic.Bool // the model has refused cache points
}

// New returns a Client. The SDK's own retries are off: they take seconds.
func New(cfg aws.Config, c Config) *Client {
	c.MaxTokens = cmp.Or(c.MaxTokens, 400)
	c.FirstToken = cmp.Or(c.FirstToken, 4*time.Second)
	c.Idle = cmp.Or(c.Idle, 4*time.Second)
	c.Retry = cmp.Or(c.Retry, 200*time.Millisecond)
	c.Log = cmp.Or(c.Log, slog.New(slog.DiscardHandler))
	api := bedrockruntime.NewFromConfig(cfg, func(o *bedrockruntime.Options) {
		o.Retryer = aws.NopRetryer{}
		o.HTTPClient = httpbody.Client(cfg.HTTPClient)
	})
	return &Client{api: api, config: c, reads: foundation.ReadingOf(c.Model)}
}

// Model returns the model for one session; report may be nil.
func (c *Client) Model(session interview.SessionID, report usage.Report) *Model {
	return &Model{client: c, session: session, report: report}
}

// ownCodec gives a call an event-stream codec of its own: bedrockruntime
// v1.63.11 keeps one in the client, and concurrent calls race in it
// (smithy-go issue 714).
func ownCodec(o *bedrockruntime.Options) {
	o.Protocol = restjson1.New(schemas.AmazonBedrockFrontendService)
}
