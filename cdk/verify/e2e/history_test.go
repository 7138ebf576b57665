package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"casey.internal/cdk/local"
)

// history stands between a worker and the model, and knows what the model was
// told last.
type history struct {
	*httptest.Server

	mu     sync.Mutex
	model  *url.URL
	prompt prompt
}

// prompt is the part of a request to Bedrock's Converse that has the instruction and the
// history.
type prompt struct {
	System   []struct{ Text string }
	Messages []struct {
		Role    string
		Content []struct{ Text string }
	}
}

func overhear(t *testing.T) *history {
	t.Helper()
	h := &history{}
	h.Server = httptest.NewServer(&httputil.ReverseProxy{Rewrite: h.pass, FlushInterval: -1})
	t.Cleanup(h.Close)
	return h
}

// env has a worker ask the model this way.
func (h *history) env() []string { return []string{"AWS_ENDPOINT_URL_BEDROCK_RUNTIME=" + h.URL} }

// ask says where the model is, before anybody asks it.
func (h *history) ask(stack *local.Stack) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.model = &url.URL{Scheme: "http", Host: strings.TrimPrefix(stack.Standin, "http://")}
}

func (h *history) pass(r *httputil.ProxyRequest) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r.SetURL(h.model)
	r.Out.Host = r.In.Host // which is signed
	h.read(r.Out)
}

func (h *history) read(r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the model will complain
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var p prompt
	if json.Unmarshal(body, &p) == nil && len(p.Messages) > 0 {
		h.prompt = p
	}
}

// system returns the instruction that the model was given last.
func (h *history) system() (text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.prompt.System {
		text += s.Text
	}
	return text
}

// forget forgets what the model was told.
func (h *history) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.prompt = prompt{}
}

// interviewer returns the last text that the model was told to have said itself.
func (h *history) interviewer() (said []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, m := range h.prompt.Messages {
		for _, c := range m.Content {
			if m.Role == "assistant" && c.Text != "" {
				said = append(said, c.Text)
			}
		}
	}
	return said
}

// cut reports whether the model was told that it was interrupted after this.
func (h *history) cut(text string) bool {
	return slices.Contains(h.interviewer(), text+" [interrupted]")
}
