package transcribe

import (
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// connection is a connection of one stream alone, which closes with it.
type connection struct {
	transport *http.Transport
	audio     io.Reader // what the SDK sends; nil = nothing yet
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

func (c *connection) client() *http.Client {
	return &http.Client{
		Transport:     c,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// RoundTrip implements http.RoundTripper.
func (c *connection) RoundTrip(r *http.Request) (*http.Response, error) {
	c.audio = r.Body
	return c.transport.RoundTrip(r)
}

// drain reads what is left of the audio of a stream that is being closed, to its
// end. Nothing else does: a transport that has closed the connection
// does not read any more, and cannot tell the SDK's writer so (smithy-go
// v1.28.8 hides the pipe's own Close from it).
func (c *connection) drain() {
	if c.audio != nil {
		_, _ = io.Copy(io.Discard, c.audio)
	}
}
