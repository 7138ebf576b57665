package openai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"casey.internal/cdk/local/aws/awswire"
	"casey.internal/cdk/local/aws/bedrock/converse"
)

// waking is how long a server may take to load a model.
const waking = 3 * time.Minute

// Connect finds out whether the server and its model are there and what they
// can do, which also has the model loaded. The error is a sentence that says what
// to do.
func Connect(ctx context.Context, config Config) (*Client, error) {
	c, err := newClient(config)
	if err != nil {
		return nil, err
	}
	if err := c.choose(ctx); err != nil {
		c.Close()
		return nil, plain(err)
	}
	if err := c.try(ctx); err != nil {
		c.Close()
		return nil, plain(err)
	}
	return c, nil
}

// plain is an error in words for people alone.
func plain(err error) error {
	if e, ok := errors.AsType[*awswire.Error](err); ok {
		return errors.New(e.Message)
	}
	return err
}

// choose takes the model that the server names first, where nobody named one.
func (c *Client) choose(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, c.config.Patience, errStalled)
	defer cancel()
	listed, err := c.send(ctx, http.MethodGet, "/models", nil)
	if r, ok := errors.AsType[*refusal](err); ok && !r.page && r.status == http.StatusNotFound && c.config.Model != "" {
		return nil // it has no list, and needs none
	}
	if err != nil {
		return c.shown(ctx, err)
	}
	defer func() { _ = listed.Body.Close() }() // it was only read
	var list struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if err := json.NewDecoder(io.LimitReader(listed.Body, maxChunk)).Decode(&list); err != nil && c.config.Model == "" {
		return fmt.Errorf("the server at %s lists its models in a way that cannot be read: name one by MODEL=", c.config.URL)
	}
	var names []string
	for _, m := range list.Data {
		names = append(names, m.ID)
	}
	switch {
	case c.config.Model != "":
	case len(names) == 0:
		return fmt.Errorf("the server at %s has no model: have it fetch one, or name it by MODEL=", c.config.URL)
	default:
		c.config.Model = names[0]
		c.config.Log.Info("the first model of the server is used; MODEL= names another", "model", names[0], "all", strings.Join(names, ", "))
	}
	return nil
}

// ready is the tool that a model is asked to use.
const ready = "ready"

// try has the model answer once, and a thinking one again with room for its
// thoughts: whether it uses a tool and thinks tells how it is to be asked from
// then on.
func (c *Client) try(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, waking, errStalled)
	defer cancel()
	patience := c.config.Patience
	c.config.Patience = waking // it is being loaded
	defer func() { c.config.Patience = patience }()
	began := time.Now()
	used, err := c.trial(ctx)
	if !used && c.known().thinks {
		used, err = c.trial(ctx)
	}
	if err != nil {
		return err
	}
	if !used {
		c.learn(func(t *traits) { t.noTools = true })
	}
	found := c.known()
	c.config.Log.Info("a model server answers", "url", c.config.URL, "model", c.config.Model, "took", time.Since(began).Round(time.Millisecond),
		"tools", !found.noTools, "thinks", found.thinks)
	return nil
}

// trial asks for the use of a tool and reports whether it was used.
func (c *Client) trial(ctx context.Context) (used bool, err error) {
	pieces, err := c.Converse(ctx, converse.Request{
		System:   "You are about to talk with somebody. You have a tool called ready.",
		Messages: []converse.Message{{Role: converse.User, Text: "Use the tool ready now, with the word yes, and say nothing."}},
		Tools: []converse.Tool{{Name: ready, Description: "Tells that you are ready.", Schema: map[string]any{
			"type": "object", "properties": map[string]any{"word": map[string]any{"type": "string"}}, "required": []string{"word"},
		}}},
		MaxTokens: 60,
	})
	if err != nil {
		return false, err
	}
	for p, err := range pieces {
		if err != nil {
			return used, err
		}
		used = used || p.Use != nil && p.Use.Name == ready
	}
	return used, nil
}
