// Package transcribe is the speech recogniser on Amazon Transcribe streaming.
//
// It is the only package that imports that SDK. The SDK (v1.39.0) makes and signs the
// request and reads a refusal. Audio and results are written and read here: the SDK
// hands each chunk over five times and each result twice, in four goroutines of every
// stream, which took a quarter of a worker's CPU time. Each stream has a client of its
// own, as the service wants it: one stream on an HTTP/2 connection.
package transcribe

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/transcribestreaming"
	"github.com/aws/aws-sdk-go-v2/service/transcribestreaming/types"

	"casey.internal/shared/interview"
	"casey.internal/worker/recognition"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/usage"
)

const service = "transcribe"

// Input is the form in which the audio is sent.
type Input string

// The inputs, as TRANSCRIBE_INPUT names them.
const (
	Opus Input = "opus" // Ogg Opus at 48 kHz
	PCM  Input = "pcm"  // 16-bit little-endian mono at 16 kHz
)

// Config is a request to Transcribe, and who is told of its use.
type Config struct {
	Session      interview.SessionID // for the usage reports
	Input        Input               // default Opus
	Language     string              // default en-US
	Model        string              // name of a custom language model; empty = none
	StartTimeout time.Duration       // of the handshake; default 5 s
	Report       usage.Report        // called once a stream; may be nil
	Turn         func() int          // the last turn that has begun, for the reports; may be nil
}

// Recognizer starts streams at Amazon Transcribe for one session.
type Recognizer struct {
	aws    aws.Config
	config Config
}

// New returns a Recognizer. Nothing is connected before Start.
func New(cfg aws.Config, c Config) *Recognizer {
	c.Input = cmp.Or(c.Input, Opus)
	c.Language = cmp.Or(c.Language, string(types.LanguageCodeEnUs))
	c.StartTimeout = cmp.Or(c.StartTimeout, 5*time.Second)
	if c.Turn == nil {
		c.Turn = func() int { return 0 }
	}
	return &Recognizer{aws: cfg, config: c}
}

// Start implements recognition.Recognizer. It does not retry: recognition does,
// with the audio that a new stream needs.
func (r *Recognizer) Start(parent context.Context) (recognition.Stream, error) {
	ctx, cancel := context.WithCancelCause(parent)
	began := time.Now()
	c := connectionOf(r.aws)
	if err := r.open(ctx, cancel, c); err != nil {
		err = servicefailure.Why(ctx, service, err)
		cancel(nil)
		r.config.Report.Send(usage.Call{Session: r.config.Session, Turn: r.config.Turn(), Service: service, Operation: operation, Started: began, Code: servicefailure.CodeOf(err)})
		return nil, err
	}
	return newStream(ctx, cancel, r.config, c, began), nil
}

// open has the SDK open the stream on a connection, within StartTimeout.
func (r *Recognizer) open(ctx context.Context, cancel context.CancelCauseFunc, c *connection) error {
	slow := servicefailure.New(service, servicefailure.TimedOut, "no answer to a start within %v", r.config.StartTimeout)
	guard := time.AfterFunc(r.config.StartTimeout, func() { cancel(slow) })
	err := r.request(ctx, c)
	if !guard.Stop() && err == nil {
		err = slow
	}
	if err != nil {
		c.close()
	}
	return err
}

// request makes the request.
func (r *Recognizer) request(ctx context.Context, c *connection) (err error) {
	if c.credentials, err = r.aws.Credentials.Retrieve(ctx); err != nil {
		return fmt.Errorf("credentials: %w", err)
	}
	client := transcribestreaming.NewFromConfig(r.aws, func(o *transcribestreaming.Options) {
		o.Retryer = aws.NopRetryer{}
		o.HTTPClient, o.Credentials = c.client(), c
	})
	out, err := client.StartStreamTranscription(ctx, r.input())
	if err == nil {
		_ = out.GetStream().Close() // the SDK's side, which is empty
	}
	return err
}

const operation = "StartStreamTranscription"

func (r *Recognizer) input() *transcribestreaming.StartStreamTranscriptionInput {
	in := &transcribestreaming.StartStreamTranscriptionInput{
		LanguageCode:                      types.LanguageCode(r.config.Language),
		MediaEncoding:                     types.MediaEncodingOggOpus,
		MediaSampleRateHertz:              new(int32(48000)),
		EnablePartialResultsStabilization: true,
		PartialResultsStability:           types.PartialResultsStabilityHigh,
	}
	if r.config.Input == PCM {
		in.MediaEncoding, in.MediaSampleRateHertz = types.MediaEncodingPcm, new(int32(16000))
	}
	if r.config.Model != "" {
		in.LanguageModelName = &r.config.Model
	}
	return in
}
