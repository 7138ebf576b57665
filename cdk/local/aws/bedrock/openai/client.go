package openai

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"casey.internal/cdk/local/aws/bedrock/converse"
	"casey.internal/shared/thoughts"
)

// Config says which server to ask.
type Config struct {
	// URL is the base of its API, as in http://localhost:11434/v1; /v1 may be left out.
	URL string
	// Model is what it calls the model; "": the first that it names.
	Model string
	// Key goes with each request; "": none does.
	Key string
	// Patience is how long it may say nothing; default a minute.
	Patience time.Duration
	// Log gets what is found out about the server and its model, never what is said.
	Log *slog.Logger
}

// Client is a model behind a server. It is safe for concurrent use.
type Client struct {
	config Config
	http   *http.Client

	mu     sync.Mutex
	traits traits
}

// traits are what was found out about a server and its model.
type traits struct {
	noTools  bool // the model has none: by JSON then
	noFormat bool // the server does not hold an answer to a schema
	noUsage  bool // the server cannot count while it streams
	thinks   bool // the model thinks before it speaks
	opened   bool // and its template has begun the thoughts already
}

// forThoughts is how many tokens a thinking model gets besides those of the answer.
const forThoughts = 2048

// newClient checks the address; nothing is asked yet.
func newClient(c Config) (*Client, error) {
	at, err := url.Parse(c.URL)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return nil, fmt.Errorf("LLM=%s is no address: it looks like http://localhost:11434/v1", c.URL)
	}
	if at.Path = strings.TrimRight(at.Path, "/"); at.Path == "" {
		at.Path = "/v1"
	}
	c.URL = at.String()
	c.Patience = cmp.Or(c.Patience, time.Minute)
	c.Log = cmp.Or(c.Log, slog.New(slog.DiscardHandler))
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 8
	return &Client{config: c, http: &http.Client{Transport: transport}}, nil
}

// Close frees connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Converse implements converse.Model.
func (c *Client) Converse(ctx context.Context, r converse.Request) (iter.Seq2[converse.Piece, error], error) {
	ctx, cancel := context.WithCancelCause(ctx)
	guard := time.AfterFunc(c.config.Patience, func() { cancel(errStalled) })
	response, found, err := c.ask(ctx, r)
	if err != nil {
		err = c.shown(ctx, err)
		guard.Stop()
		cancel(nil)
		return nil, err
	}
	context.AfterFunc(ctx, func() { _ = response.Body.Close() }) // it was only read
	a := &answer{client: c, json: found.noTools && len(r.Tools) > 0, thoughts: thoughts.New(found.opened), pieces: newChunks(response), guard: guard}
	return func(yield func(converse.Piece, error) bool) {
		defer cancel(nil)
		defer guard.Stop()
		a.tell(ctx, yield)
	}, nil
}

// ask sends a request, and says by what traits. What the server refuses and an
// answer can do without (tools, a schema, counting) is left out from then on.
func (c *Client) ask(ctx context.Context, r converse.Request) (*http.Response, traits, error) {
	for {
		found := c.known()
		sent := found.body(r)
		response, err := c.post(ctx, sent)
		if refusal, ok := errors.AsType[*refusal](err); !ok || !c.without(refusal, sent) {
			return response, found, err
		}
	}
}

func (c *Client) known() traits {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.traits
}

// learn changes what is known.
func (c *Client) learn(change func(*traits)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.traits)
}

// body is a request as the server can take it.
func (t traits) body(r converse.Request) body {
	b := native(r)
	if t.noTools && len(r.Tools) > 0 {
		b = asJSON(r)
	}
	if t.noFormat {
		b.Format = nil
	}
	b.Stream = true
	if !t.noUsage {
		b.StreamOptions = &streaming{IncludeUsage: true}
	}
	if b.MaxTokens = r.MaxTokens; t.thinks && r.MaxTokens > 0 {
		b.MaxTokens += forThoughts
	}
	return b
}

// without learns from a refusal what has to be left out; false = nothing of what
// was sent.
func (c *Client) without(r *refusal, sent body) bool {
	said := strings.ToLower(r.words)
	mentions := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(said, w) {
				return true
			}
		}
		return false
	}
	switch {
	case r.status < http.StatusBadRequest || r.status == http.StatusUnauthorized || r.status == http.StatusTooManyRequests:
		return false
	case sent.StreamOptions != nil && mentions("stream_options", "include_usage"):
		c.learn(func(t *traits) { t.noUsage = true })
	case len(sent.Tools) > 0 && mentions("tool", "function call", "jinja"):
		c.config.Log.Warn("this model has no tools here, so it is asked for answers in JSON", "model", c.config.Model, "said", r.words)
		c.learn(func(t *traits) { t.noTools = true })
	case sent.Format != nil && mentions("response_format", "json_schema", "schema", "grammar", "format"):
		c.learn(func(t *traits) { t.noFormat = true })
	default:
		return false
	}
	return true
}

// post sends a request and returns its answer, to be closed. The error may be a
// *refusal.
func (c *Client) post(ctx context.Context, b body) (*http.Response, error) {
	b.Model = c.config.Model
	data, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("marshal a request: %w", err)
	}
	return c.send(ctx, http.MethodPost, "/chat/completions", data)
}

// send asks, and returns what is not refused.
func (c *Client) send(ctx context.Context, method, path string, data []byte) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.config.URL+path, bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("ask the model server: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	if c.config.Key != "" {
		request.Header.Set("Authorization", "Bearer "+c.config.Key)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK || kind(response) == "text/html" {
		return nil, refused(response)
	}
	return response, nil
}

// kind is the media type of a response.
func kind(r *http.Response) string {
	k, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return k
}

// maxWords is how much of a refusal is read.
const maxWords = 4 << 10

// refused reads why a server gives no answer, and closes its response.
func refused(response *http.Response) *refusal {
	defer func() { _ = response.Body.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(response.Body, maxWords))
	if err != nil {
		data = nil // the status says enough
	}
	r := &refusal{status: response.StatusCode, page: kind(response) == "text/html", words: strings.TrimSpace(string(data))}
	var known struct {
		Error   *problem `json:"error"`
		Message string   `json:"message"`
		Detail  any      `json:"detail"`
	}
	if json.Unmarshal(data, &known) == nil {
		switch {
		case known.Error != nil:
			r.words = known.Error.Message
		case known.Message != "":
			r.words = known.Message
		case known.Detail != nil:
			r.words = fmt.Sprint(known.Detail)
		}
	}
	return r
}
