package standin_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

var keys = aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local-secret"}

// rawStream sends a request that is signed, with the body that makeBody makes of its signature, the seed of the chain, to Transcribe,
// and returns the messages of the answer.
func rawStream(t *testing.T, s *stand, makeBody func(seed []byte) []byte) []eventstream.Message {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.HTTPS+"/stream-transcription", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Language-Code": "en-US", "Sample-Rate": "16000", "Media-Encoding": "pcm"} {
		r.Header.Set("X-Amzn-Transcribe-"+name, value)
	}
	const hash = "STREAMING-AWS4-HMAC-SHA256-EVENTS"
	r.Header.Set("X-Amz-Content-Sha256", hash)
	if err := v4.NewSigner().SignHTTP(t.Context(), keys, r, hash, "transcribe", "us-east-1", time.Now()); err != nil {
		t.Fatal(err)
	}
	_, signature, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
	seed, err := hex.DecodeString(signature)
	if err != nil {
		t.Fatal(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(makeBody(seed)))
	r.ContentLength = -1
	response, err := client(t, s).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // it was read to its end
	var messages []eventstream.Message
	for decoder := eventstream.NewDecoder(); ; {
		m, err := decoder.Decode(response.Body, nil)
		if err != nil {
			return messages
		}
		messages = append(messages, m)
	}
}

// client trusts the stand-ins' authority.
func client(t *testing.T, s *stand) *http.Client {
	t.Helper()
	bundle, err := os.ReadFile(s.CA)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(bundle)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// frame is a signed outer frame of a payload.
func frame(t *testing.T, signer *v4.StreamSigner, payload []byte) []byte {
	t.Helper()
	at := time.Now()
	headers := eventstream.Headers{{Name: ":date", Value: eventstream.TimestampValue(at)}}
	var encoded bytes.Buffer
	if err := eventstream.EncodeHeaders(&encoded, headers); err != nil {
		t.Fatal(err)
	}
	signature, err := signer.GetSignature(t.Context(), encoded.Bytes(), payload, at)
	if err != nil {
		t.Fatal(err)
	}
	headers = append(headers, eventstream.Header{Name: ":chunk-signature", Value: eventstream.BytesValue(signature)})
	var out bytes.Buffer
	if err := eventstream.NewEncoder().Encode(&out, eventstream.Message{Headers: headers, Payload: payload}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestBadFrames sends what no client sends: the answer is an exception, and the next stream is served.
func TestBadFrames(t *testing.T) {
	s := start(t, "-canned")
	sign := func(seed []byte) *v4.StreamSigner { return v4.NewStreamSigner(keys, "transcribe", "us-east-1", seed) }
	for name, body := range map[string]func(seed []byte) []byte{
		"garbage":     func([]byte) []byte { return []byte(strings.Repeat("no frame at all ", 50)) },
		"not signed":  func([]byte) []byte { return unsigned(t) },
		"wrong chain": func([]byte) []byte { return frame(t, sign(make([]byte, 32)), []byte("x")) },
		"no event":    func(seed []byte) []byte { return frame(t, sign(seed), []byte("not an inner message")) },
		"too long":    func(seed []byte) []byte { return frame(t, sign(seed), make([]byte, 2<<20)) },
	} {
		t.Run(name, func(t *testing.T) {
			messages := rawStream(t, s, body)
			if len(messages) != 1 || messages[0].Headers.Get(":exception-type").String() != "BadRequestException" {
				t.Errorf("answered by %v", messages)
			}
		})
	}
	if tr := transcribe(t.Context(), s, pcmInput(), loud(1), 3200); tr.err != nil {
		t.Errorf("the stream after: %v", tr.err)
	}
}

func unsigned(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := eventstream.NewEncoder().Encode(&out, eventstream.Message{Payload: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
