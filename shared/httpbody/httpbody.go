// Package httpbody keeps the AWS SDK from breaking off answers that come fast.
//
// smithy-go (v1.28.8, transport/http.ClientHandler) closes a request's body as
// soon as the response's headers are there. net/http may still be about to ask
// the body whether there is more of it. The closed body's WriteTo then returns
// io.EOF, which no WriterTo may, net/http takes it for a failed write, and closes
// the HTTP/1.1 connection under the response: "use of closed network connection".
// The body's Read does it right; so WriteTo is hidden.
package httpbody

import (
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// Client returns an HTTP client for an SDK's Options, over the connections of c;
// nil stands for the SDK's default.
func Client(c aws.HTTPClient) aws.HTTPClient {
	if c == nil {
		c = awshttp.NewBuildableClient()
	}
	return client{c}
}

type client struct{ aws.HTTPClient }

// Do implements aws.HTTPClient.
func (c client) Do(r *http.Request) (*http.Response, error) {
	if _, hidden := r.Body.(io.WriterTo); hidden {
		r.Body = struct{ io.ReadCloser }{r.Body}
	}
	return c.HTTPClient.Do(r)
}
