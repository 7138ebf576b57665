package standin_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/polly"
	"github.com/aws/aws-sdk-go-v2/service/transcribestreaming"

	"casey.internal/cdk/local/aws/control"
	"casey.internal/cdk/local/aws/standin"
)

// stand is a running set of stand-ins and an SDK configuration that leads there.
type stand struct {
	standin.Ready
	cfg aws.Config
}

// start runs the stand-ins in this process until the test ends.
func start(t *testing.T, args ...string) *stand {
	t.Helper()
	common := []string{"-state", t.TempDir(), "-first-token", "0", "-tokens-per-second", "0", "-polly-delay", "0", "-ear", "grammar", "-voice", "espeak"}
	c, err := standin.ParseFlags(append(common, args...), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	server, err := standin.New(t.Context(), c, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error("stand-ins ended:", err)
		}
	})
	return &stand{Ready: server.Ready(), cfg: load(t, server.Ready(), "local", "local-secret")}
}

func load(t *testing.T, ready standin.Ready, id, secret string) aws.Config {
	t.Helper()
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CA_BUNDLE", ready.CA)
	t.Setenv("AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING", ready.HTTPS)
	t.Setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", ready.API)
	t.Setenv("AWS_ENDPOINT_URL_POLLY", ready.HTTP)
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithRegion("us-east-1"), config.WithRetryMaxAttempts(1),
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(id, secret, "")))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// ears is a client for one stream, with a connection of its own: one HTTP/2 connection carries no more streams, and clients made
// from one configuration share its HTTP client.
func (s *stand) ears() *transcribestreaming.Client {
	return transcribestreaming.NewFromConfig(s.cfg, func(o *transcribestreaming.Options) {
		if shared, ok := o.HTTPClient.(*awshttp.BuildableClient); ok {
			o.HTTPClient = shared.WithTransportOptions(func(t *http.Transport) { t.TLSHandshakeTimeout = patience }) // a copy
		}
	})
}

func (s *stand) model() *bedrockruntime.Client { return bedrockruntime.NewFromConfig(s.cfg) }

func (s *stand) voice() *polly.Client { return polly.NewFromConfig(s.cfg) }

// tell sets a fault.
func (s *stand) tell(t *testing.T, service control.Service, f control.Fault) {
	t.Helper()
	body, err := json.Marshal(map[control.Service]control.Fault{service: f})
	if err != nil {
		t.Fatal(err)
	}
	s.control(t, http.MethodPost, body)
}

// control asks the control endpoint and returns what it answers.
func (s *stand) control(t *testing.T, method string, body []byte) []byte {
	t.Helper()
	status, _, answer := request(t, method, s.HTTP+"/_control", body)
	if status >= http.StatusBadRequest {
		t.Fatalf("control answers %d %s", status, answer)
	}
	return answer
}

// request makes a request without a signature.
func request(t *testing.T, method, url string, body []byte) (status int, header http.Header, answer []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer, err = io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, answer
}

// state reads the counters.
func (s *stand) state(t *testing.T) control.State {
	t.Helper()
	var state control.State
	if err := json.Unmarshal(s.control(t, http.MethodGet, nil), &state); err != nil {
		t.Fatal(err)
	}
	return state
}

// speak returns text as 16 kHz PCM in espeak-ng's voice, with a second of quiet around it.
func speak(t *testing.T, text string) []byte {
	t.Helper()
	wav := pipe(t, nil, "espeak-ng", "-v", "en-us", "-s", "150", "--stdout", text)
	return sox(t, bytes.NewReader(wav), "-t wav - -t raw -r 16000 -c 1 -b 16 -e signed - pad 0.3 1.6")
}

func sox(t *testing.T, in io.Reader, args string) []byte {
	t.Helper()
	return pipe(t, in, append([]string{"sox", "-R", "-V1"}, strings.Fields(args)...)...)
}

// opusOf encodes 16 kHz PCM as Ogg Opus with 100 ms of audio on a page.
func opusOf(t *testing.T, pcm []byte) []byte {
	t.Helper()
	return pipe(t, bytes.NewReader(pcm), strings.Fields("opusenc --quiet --raw --raw-rate 16000 --raw-chan 1 --bitrate 24 --max-delay 100 - -")...)
}

// pipe runs a command and returns what it wrote.
func pipe(t *testing.T, in io.Reader, command ...string) []byte {
	t.Helper()
	c := exec.CommandContext(t.Context(), command[0], command[1:]...)
	c.Stdin, c.Stderr = in, t.Output()
	out, err := c.Output()
	if err != nil {
		t.Fatal(command[0]+":", err)
	}
	return out
}

// patience is how long anything may take on a busy machine.
const patience = time.Minute
