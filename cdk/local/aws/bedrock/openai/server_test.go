package openai_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"casey.internal/cdk/local/aws/bedrock/converse"
	"casey.internal/cdk/local/aws/bedrock/openai"
)

// events is the content type of a streamed answer.
const events = "text/event-stream"

// reply is how a server answers once.
type reply struct {
	status int    // default 200
	kind   string // default events
	text   string
	first  func(r *http.Request)                        // before anything
	then   func(w http.ResponseWriter, r *http.Request) // after the text
}

// server answers chat/completions as it is told: in turn, the last one for ever.
type server struct {
	*httptest.Server

	mu      sync.Mutex
	replies []reply
	asked   []map[string]any
	keys    []string
}

// models is the answer of /v1/models.
const models = `{"object":"list","data":[{"id":"first"},{"id":"second"}]}`

func serve(t *testing.T, replies ...reply) *server {
	t.Helper()
	s := &server{replies: replies}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/models", func(w http.ResponseWriter, r *http.Request) {
		s.note(r, nil)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, models)
	})
	mux.HandleFunc("POST /v1/chat/completions", s.chat)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *server) note(r *http.Request, body map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = append(s.keys, r.Header.Get("Authorization"))
	if body != nil {
		s.asked = append(s.asked, body)
	}
}

func (s *server) chat(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.note(r, body)
	s.mu.Lock()
	now := s.replies[0]
	if len(s.replies) > 1 {
		s.replies = s.replies[1:]
	}
	s.mu.Unlock()
	if now.first != nil {
		now.first(r)
	}
	if now.kind == "" {
		now.kind = events
	}
	w.Header().Set("Content-Type", now.kind)
	if now.status > 0 {
		w.WriteHeader(now.status)
	}
	_, _ = io.WriteString(w, now.text)
	_ = http.NewResponseController(w).Flush()
	if now.then != nil {
		now.then(w, r)
	}
}

// usesReady is the answer of a model with tools to what Connect asks of it.
const usesReady = `data: {"choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"c0","type":"function","function":{"name":"ready","arguments":"{\"word\":\"yes\"}"}}]},"finish_reason":null}]}

data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

data: [DONE]

`

// saysYes is the answer of one without.
const saysYes = `data: {"choices":[{"index":0,"delta":{"content":"Yes."},"finish_reason":"stop"}]}

data: [DONE]

`

// connect connects to a server that gives these answers after the first trial.
func connect(t *testing.T, trial string, replies ...reply) (*openai.Client, *server) {
	t.Helper()
	s := serve(t, append([]reply{{text: trial}}, replies...)...)
	return to(t, s, openai.Config{}), s
}

func to(t *testing.T, s *server, c openai.Config) *openai.Client {
	t.Helper()
	c.URL, c.Log = s.URL+"/v1", slog.New(slog.NewTextHandler(t.Output(), nil))
	if c.Patience == 0 {
		c.Patience = 20 * time.Second
	}
	client, err := openai.Connect(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// request is one as the worker makes it, after a tool was used.
func request() converse.Request {
	return converse.Request{
		System: "You are Robin.", MaxTokens: 300,
		Messages: []converse.Message{
			{Role: converse.User, Text: "I would look at the costs."},
			{Role: converse.Assistant, Text: "Good.", Uses: []converse.Use{{ID: "t1", Name: "show_exhibit", Input: map[string]any{"number": 1.0}}}},
			{Role: converse.User, Results: []converse.Result{{ID: "t1", Text: "It is shown."}}},
		},
		Tools: []converse.Tool{
			{Name: "next_phase", Description: "Go on.", Schema: map[string]any{"type": "object", "properties": map[string]any{}}},
			{Name: "show_exhibit", Description: "Show.", Schema: map[string]any{"type": "object"}},
		},
	}
}

// answered is a whole answer.
type answered struct {
	text  string
	uses  []converse.Use
	usage converse.Usage
	stop  string
	err   error
}

func ask(t *testing.T, m converse.Model, r converse.Request) (got answered) {
	t.Helper()
	pieces, err := m.Converse(t.Context(), r)
	if err != nil {
		return answered{err: err}
	}
	var text strings.Builder
	for p, err := range pieces {
		if err != nil {
			got.err = err
			break
		}
		text.WriteString(p.Text)
		if p.Use != nil {
			got.uses = append(got.uses, *p.Use)
		}
		if p.Usage != nil {
			got.usage = *p.Usage
		}
		if p.Stop != "" {
			got.stop = p.Stop
		}
	}
	got.text = text.String()
	return got
}
