// Package polly is the interviewer's voice on Amazon Polly's SynthesizeSpeech.
// It is the only package that imports that SDK.
package polly

import (
	"cmp"
	"context"
	"io"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/polly"
	"github.com/aws/aws-sdk-go-v2/service/polly/types"

	"casey.internal/shared/httpbody"
	"casey.internal/shared/interview"
	"casey.internal/shared/price"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/speech"
	"casey.internal/worker/usage"
)

const service = "polly"

// MaxText is the number of characters that Polly takes at a time.
const MaxText = 3000

// Output is the form in which the voice comes.
type Output string

// The outputs, as POLLY_OUTPUT names them.
const (
	OggOpus Output = "ogg_opus" // 48 kHz, the only rate there is
	MP3     Output = "mp3"      // 24 kHz
)

// Config has the voice to ask for and the limits of the wait for it.
type Config struct {
	Voice     string        // default Joanna
	Engine    string        // default neural, the best that has speech marks
	Output    Output        // default OggOpus
	Unmarked  bool          // no marks are asked for
	FirstByte time.Duration // limit until an answer begins, a retry included; default 3 s
	Idle      time.Duration // limit between two pieces of it; default 3 s
	Retry     time.Duration // pause before the one retry; default 150 ms
}

// Client asks Polly for all sessions of a worker, over shared connections.
type Client struct {
	api    *polly.Client
	config Config
}

// New returns a Client. The SDK's own retries are off: they take seconds.
func New(cfg aws.Config, c Config) *Client {
	c.Voice = cmp.Or(c.Voice, "Joanna")
	c.Engine = cmp.Or(c.Engine, string(types.EngineNeural))
	c.Output = cmp.Or(c.Output, OggOpus)
	c.FirstByte = cmp.Or(c.FirstByte, 3*time.Second)
	c.Idle = cmp.Or(c.Idle, 3*time.Second)
	c.Retry = cmp.Or(c.Retry, 150*time.Millisecond)
	return &Client{
		api: polly.NewFromConfig(cfg, func(o *polly.Options) {
			o.Retryer = aws.NopRetryer{}
			o.HTTPClient = httpbody.Client(cfg.HTTPClient)
		}),
		config: c,
	}
}

// Named returns a client for another voice, over the same connections; itself for
// an empty name.
func (c *Client) Named(voice string) *Client {
	other := *c
	other.config.Voice = cmp.Or(voice, c.config.Voice)
	return &other
}

// Voice returns the voice for one session; report may be nil.
func (c *Client) Voice(session interview.SessionID, report usage.Report) *Voice {
	return &Voice{client: c, session: session, report: report}
}

// Voice implements speech.Synthesizer for one session.
type Voice struct {
	client  *Client
	session interview.SessionID
	report  usage.Report
}

// Audio implements speech.Synthesizer. The service's answer is read as fast as
// it comes, however slowly the caller reads, because Polly counts a call as
// concurrent until it has been received.
func (v *Voice) Audio(ctx context.Context, text string) (io.ReadCloser, error) {
	in := v.input(text)
	in.OutputFormat, in.SampleRate = types.OutputFormatOggOpus, aws.String("48000")
	if v.client.config.Output == MP3 {
		in.OutputFormat, in.SampleRate = types.OutputFormatMp3, aws.String("24000")
	}
	b, err := v.ask(ctx, in)
	if err != nil {
		return nil, err // not b: a nil *body is not a nil io.ReadCloser
	}
	return b, nil
}

// Marks implements speech.Synthesizer. It is a call of its own, billed like the
// audio's. The generative engine has no marks, and is not asked for any; nor is another
// where none are wanted.
func (v *Voice) Marks(ctx context.Context, text string) ([]speech.Mark, error) {
	if v.client.config.Unmarked || !price.HasMarks(v.client.config.Engine) {
		return nil, nil
	}
	in := v.input(text)
	in.OutputFormat = types.OutputFormatJson
	in.SpeechMarkTypes = []types.SpeechMarkType{
		types.SpeechMarkTypeSentence, types.SpeechMarkTypeWord, types.SpeechMarkTypeViseme,
	}
	b, err := v.ask(ctx, in)
	if err != nil {
		return nil, err
	}
	defer func() { _ = b.Close() }()
	return parseMarks(b)
}

func (v *Voice) input(text string) *polly.SynthesizeSpeechInput {
	return &polly.SynthesizeSpeechInput{
		Text: &text, TextType: types.TextTypeText,
		VoiceId: types.VoiceId(v.client.config.Voice), Engine: types.Engine(v.client.config.Engine),
	}
}

// check refuses what Polly would refuse, without asking.
func check(text string) error {
	if n := utf8.RuneCountInString(text); n == 0 || n > MaxText {
		return servicefailure.New(service, servicefailure.Refused, "a text of %d characters", n)
	}
	return nil
}
