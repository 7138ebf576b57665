package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	"casey.internal/shared/clock"
)

// maxRequest is the largest request of either service, in bytes (DynamoDB's
// batches; SQS stops at 1 MiB).
const maxRequest = 16 << 20

// upstream is a store behind its proxy.
type upstream struct {
	url    string
	proxy  *httputil.ReverseProxy
	client *http.Client
}

func newUpstream(endpoint string) (*upstream, error) {
	target, err := url.Parse(endpoint)
	if err != nil {
		return nil, fmt.Errorf("endpoint %q: %w", endpoint, err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true}
	return &upstream{
		url:    endpoint,
		client: &http.Client{Transport: transport},
		proxy: &httputil.ReverseProxy{
			Transport: transport,
			Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = target.Host },
			// A store that is down looks as it would without a proxy: the connection breaks.
			ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { cut(w) },
		},
	}, nil
}

func (u *upstream) close() { u.client.CloseIdleConnections() }

// forward passes a request on as it came, with another body.
func (u *upstream) forward(w http.ResponseWriter, r *http.Request, body []byte) {
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	u.proxy.ServeHTTP(w, r)
}

// call makes a request of our own in the name of like, whose headers it takes
// over; the signature no longer fits, which no store here looks at. A nil out
// drops the answer.
func (u *upstream) call(ctx context.Context, like http.Header, target string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("%s: %w", target, err)
	}
	answer, status, err := u.send(ctx, like, target, body)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("%s: status %d: %s", target, status, answer)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("%s: %w", target, err)
	}
	return nil
}

// send makes a request and returns the answer's body and status.
func (u *upstream) send(ctx context.Context, like http.Header, target string, body []byte) ([]byte, int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, u.url+"/", bytes.NewReader(body))
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", target, err)
	}
	for _, name := range []string{"Authorization", "Content-Type", "X-Amz-Date"} {
		request.Header.Set(name, like.Get(name))
	}
	request.Header.Set("X-Amz-Target", target)
	response, err := u.client.Do(request)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", target, err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", target, err)
	}
	return answer, response.StatusCode, nil
}

// operation splits X-Amz-Target ("AmazonSQS.SendMessage") and returns its last part.
func operation(r *http.Request) string {
	target := r.Header.Get("X-Amz-Target")
	return target[strings.LastIndexByte(target, '.')+1:]
}

// admit makes a request wait for a slow service, or cuts its connection because
// the service is away.
func admit(w http.ResponseWriter, r *http.Request, away bool, slow time.Duration) bool {
	if away {
		cut(w)
		return false
	}
	return clock.Sleep(r.Context(), slow) == nil
}

// cut closes the connection without an answer.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	_ = conn.Close()
}
