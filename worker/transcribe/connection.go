package transcribe

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

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

	audio   *uplink
	results io.ReadCloser // nil = the service has not accepted
}

// connectionOf returns a connection with the TLS settings of cfg
// (AWS_CA_BUNDLE).
func connectionOf(cfg aws.Config) *connection {
	buildable, ok := cfg.HTTPClient.(*awshttp.BuildableClient)
	if !ok {
		buildable = awshttp.NewBuildableClient()
	}
	transport := buildable.GetTransport() // a copy
	transport.DisableKeepAlives = true
	return &connection{transport: transport}
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
	scope, err := scopeOf(r)
	if err != nil {
		return nil, err
	}
	c.audio = newUplink(newFrames(c.credentials.SecretAccessKey, scope, signature))
	r = r.Clone(r.Context())
	r.Body, r.GetBody = c.audio, nil
	response, err := c.transport.RoundTrip(r)
	if err != nil || response.StatusCode != http.StatusOK {
		return response, err
	}
	go func() { _, _ = io.Copy(io.Discard, unused) }() // until the SDK's writer has ended, which it does at once: see Start
	c.results, response.Body = response.Body, http.NoBody
	return response, nil
}

// scopeOf returns the region and the service that a request was signed for.
func scopeOf(r *http.Request) (scope, error) {
	_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	credential, _, _ = strings.Cut(credential, ",")
	parts := strings.Split(credential, "/") // who, day, region, service, aws4_request
	if len(parts) != 5 {
		return scope{}, fmt.Errorf("signature of the request: it is for %q", credential)
	}
	return scope{parts[2], parts[3]}, nil
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
