package transcribe

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// connection is a connection of one stream alone, which closes with it. The SDK makes
// the request, signs it and reads a refusal; where the service accepts, audio and
// results are the connection's own, and the SDK is given an empty answer.
type connection struct {
	transport   *http.Transport
	credentials aws.Credentials
	region      string

	audio   *uplink
	results io.ReadCloser // nil = the service has not accepted
}

// connectionOf returns a connection with the TLS settings of cfg
// (AWS_CA_BUNDLE), and the credentials that it has now.
func connectionOf(ctx context.Context, cfg aws.Config) (*connection, error) {
	buildable, ok := cfg.HTTPClient.(*awshttp.BuildableClient)
	if !ok {
		buildable = awshttp.NewBuildableClient()
	}
	transport := buildable.GetTransport() // a copy
	transport.DisableKeepAlives = true
	c := &connection{transport: transport, region: cfg.Region}
	var err error
	if c.credentials, err = cfg.Credentials.Retrieve(ctx); err != nil {
		return nil, fmt.Errorf("credentials: %w", err)
	}
	return c, nil
}

// Retrieve implements aws.CredentialsProvider: what signs the request signs its audio.
func (c *connection) Retrieve(context.Context) (aws.Credentials, error) { return c.credentials, nil }

// client returns what the SDK is to send its request with.
func (c *connection) client() *http.Client {
	return &http.Client{
		Transport:     c,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// RoundTrip implements http.RoundTripper.
func (c *connection) RoundTrip(r *http.Request) (*http.Response, error) {
	signature, err := v4.GetSignedRequestSignature(r)
	if err != nil {
		return nil, fmt.Errorf("signature of the request: %w", err)
	}
	unused := r.Body // what the SDK would send
	c.audio = newUplink(newFrames(c.credentials, c.region, signature))
	r = r.Clone(r.Context())
	r.Body = c.audio
	response, err := c.transport.RoundTrip(r)
	if err != nil || response.StatusCode != http.StatusOK {
		return response, err
	}
	go func() { _, _ = io.Copy(io.Discard, unused) }() // until the SDK's writer has ended, which it does at once: see Start
	c.results, response.Body = response.Body, http.NoBody
	return response, nil
}

// close ends the connection.
func (c *connection) close() {
	if c.audio != nil {
		_ = c.audio.Close() // never fails
	}
	if c.results != nil {
		_ = c.results.Close() // of a stream that is over
	}
}
