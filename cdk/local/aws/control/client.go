package control

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// Path is the path of a stand-in's control endpoint.
const Path = "/_control"

// Client speaks to the control endpoint of a stand-in at a URL without a path.
// Its errors are those of the road, and of what the endpoint refused.
type Client struct{ URL string }

// Set replaces the faults of the services that it names, and leaves the others.
func (c Client) Set(ctx context.Context, faults map[Service]Fault) error {
	body, err := json.Marshal(faults)
	if err != nil {
		return fmt.Errorf("control the stand-ins: %w", err)
	}
	return c.do(ctx, http.MethodPost, body, nil)
}

// Reset goes back to the usual faults, and forgets counts and records.
func (c Client) Reset(ctx context.Context) error { return c.do(ctx, http.MethodDelete, nil, nil) }

// State returns faults, counters and the calls that are remembered.
func (c Client) State(ctx context.Context) (s State, err error) {
	err = c.do(ctx, http.MethodGet, nil, &s)
	return s, err
}

// do makes a request and decodes its answer into out; nil = there is to be none.
func (c Client) do(ctx context.Context, method string, body []byte, out any) error {
	request, err := http.NewRequestWithContext(ctx, method, c.URL+Path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("control the stand-ins: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("control the stand-ins: %w", err)
	}
	defer func() { _ = response.Body.Close() }() // it was only read
	want := http.StatusOK
	if out == nil {
		want = http.StatusNoContent
	}
	if response.StatusCode != want {
		why, _ := io.ReadAll(response.Body) // it only explains
		return fmt.Errorf("control the stand-ins: %s: %s", response.Status, bytes.TrimSpace(why))
	}
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(response.Body).Decode(out); err != nil {
		return fmt.Errorf("control the stand-ins: %w", err)
	}
	return nil
}
