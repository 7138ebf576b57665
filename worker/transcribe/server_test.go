package transcribe_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go/eventstream"
)

// server speaks just enough of Transcribe's wire to be heard and to misbehave:
// one stream a connection, as the service has it, and each frame signed.
type server struct {
	*httptest.Server
	mu    sync.Mutex
	conns map[net.Conn]bool
	total int // connections ever
}

// serve answers every stream with handle.
func serve(t *testing.T, handle func(*call)) *server {
	t.Helper()
	s := &server{conns: map[net.Conn]bool{}}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signature, err := v4.GetSignedRequestSignature(r)
		if err != nil {
			t.Error(err)
		}
		handle(&call{ResponseWriter: w, request: r, decoder: eventstream.NewDecoder(), encoder: eventstream.NewEncoder(),
			signer: v4.NewStreamSigner(somebody, "transcribe", "us-east-1", signature)})
	}))
	s.EnableHTTP2 = true
	s.Config.HTTP2 = &http.HTTP2Config{MaxConcurrentStreams: 1}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Config.ConnState = s.connState
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func (s *server) connState(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state {
	case http.StateNew:
		s.conns[c] = true
		s.total++
	case http.StateClosed:
		delete(s.conns, c)
	}
}

// open returns how many connections there are.
func (s *server) open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

// config points an SDK at the server.
func (s *server) config() aws.Config {
	client := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.TLSClientConfig = &tls.Config{RootCAs: s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, MinVersion: tls.VersionTLS12}
		t.TLSHandshakeTimeout = time.Minute // a hundred at once take a busy machine longer than the SDK's 10 s
	})
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: &s.URL, HTTPClient: client,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return somebody, nil
		}),
	}
}

var somebody = aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}

// call is one StartStreamTranscription as its server sees it.
type call struct {
	http.ResponseWriter
	request *http.Request
	decoder *eventstream.Decoder
	encoder *eventstream.Encoder
	signer  *v4.StreamSigner
}

// begin lets the client send audio.
func (c *call) begin() {
	c.WriteHeader(http.StatusOK)
	c.flush()
}

func (c *call) flush() { c.ResponseWriter.(http.Flusher).Flush() }

// refuse answers with an error instead of a stream.
func (c *call) refuse(status int, name, message string) {
	c.Header().Set("X-Amzn-ErrorType", name)
	c.WriteHeader(status)
	_ = json.NewEncoder(c).Encode(map[string]string{"Message": message})
}

var errSignature = errors.New("the frame is not signed, or not as it should be")

// audio returns the next chunk; io.EOF at the end of the audio.
func (c *call) audio() ([]byte, error) {
	signed, err := c.decoder.Decode(c.request.Body, nil)
	if err != nil {
		return nil, err
	}
	date, dated := signed.Headers.Get(":date").(eventstream.TimestampValue)
	signature, _ := signed.Headers.Get(":chunk-signature").(eventstream.BytesValue)
	var headers bytes.Buffer
	if err := eventstream.EncodeHeaders(&headers, eventstream.Headers{{Name: ":date", Value: date}}); err != nil {
		return nil, err
	}
	want, err := c.signer.GetSignature(c.request.Context(), headers.Bytes(), signed.Payload, time.Time(date))
	if err != nil || !dated || !bytes.Equal(want, signature) {
		return nil, errSignature
	}
	if len(signed.Payload) == 0 {
		return nil, io.EOF
	}
	event, err := c.decoder.Decode(bytes.NewReader(signed.Payload), nil)
	return event.Payload, err
}

// send sends an event, or an exception.
func (c *call) send(messageType, kind string, payload any) {
	data, _ := json.Marshal(payload)
	_ = c.encoder.Encode(c, eventstream.Message{
		Headers: eventstream.Headers{
			{Name: ":message-type", Value: eventstream.StringValue(messageType)},
			{Name: ":" + messageType + "-type", Value: eventstream.StringValue(kind)},
			{Name: ":content-type", Value: eventstream.StringValue("application/json")},
		},
		Payload: data,
	})
	c.flush()
}

// transcript sends results.
func (c *call) transcript(results ...map[string]any) {
	c.send("event", "TranscriptEvent", map[string]any{"Transcript": map[string]any{"Results": results}})
}
