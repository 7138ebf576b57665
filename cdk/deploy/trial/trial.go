// Package trial tries a deployment as a candidate does: it opens the WebSocket,
// offers, and waits for media. It says nothing, so it costs next to nothing.
package trial

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coder/websocket"

	"casey.internal/cdk/client"
	"casey.internal/shared/channel"
	"casey.internal/shared/wire"
	"casey.internal/worker/checkup"
	"casey.internal/worker/soundcheck"
)

// Visitor is who tries, and where.
type Visitor struct {
	URL         string // of the WebSocket, without a query
	Origin      string // of the page that it claims to be; empty = none
	Key, Ticket string // for a door that asks for one
}

// address is the URL with what the door asks for.
func (v Visitor) address() string {
	query := url.Values{}
	for name, value := range map[string]string{"key": v.Key, "ticket": v.Ticket} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if len(query) == 0 {
		return v.URL
	}
	return v.URL + "?" + query.Encode()
}

// hide takes keys and tickets out of what is said: errors name addresses.
func (v Visitor) hide(err error) error {
	said := err.Error()
	for _, secret := range []string{v.Key, v.Ticket} {
		if secret != "" {
			said = strings.NewReplacer(url.QueryEscape(secret), "…", secret, "…").Replace(said)
		}
	}
	return errors.New(said)
}

// Result is how long things took from the beginning.
type Result struct{ Answered, Connected time.Duration }

// Try joins the sound check.
func Try(ctx context.Context, v Visitor) (Result, error) {
	began := time.Now()
	c, err := client.Join(ctx, client.Config{URL: v.address(), Origin: v.Origin, Interview: soundcheck.Name})
	if err != nil {
		return Result{}, fmt.Errorf("the WebSocket did not open: %w", v.hide(err))
	}
	defer c.Close()
	answered, err := c.Await(ctx, over)
	if err != nil {
		return Result{}, fmt.Errorf("the offer was not answered: %w", err)
	}
	if refused, ok := answered.Server.(*wire.Error); ok {
		return Result{}, fmt.Errorf("the offer was refused: %s", refused.Message)
	}
	if answered.Closed != nil {
		return Result{}, errors.Join(errors.New("the WebSocket closed before the answer"), answered.Closed)
	}
	r := Result{Answered: answered.At.Sub(began)}
	connected, err := c.Await(ctx, client.State("open"))
	if err != nil {
		return r, fmt.Errorf("answered, but media did not connect (is UDP and TCP open on the media port?): %w", err)
	}
	r.Connected = connected.At.Sub(began)
	return r, c.Send(ctx, &wire.End{})
}

// Services lists how long each service took to say, hear or think a word.
type Services []channel.Tried

// String returns their names and times.
func (s Services) String() string {
	var all []string
	for _, service := range s {
		all = append(all, fmt.Sprintf("%s %d ms", service.Service, service.MS))
	}
	return strings.Join(all, ", ")
}

// Speak has a worker try the services itself. The error names those that did
// not answer.
func Speak(ctx context.Context, v Visitor) (Services, error) {
	c, err := client.Join(ctx, client.Config{URL: v.address(), Origin: v.Origin, Interview: checkup.Name})
	if err != nil {
		return nil, fmt.Errorf("the WebSocket did not open: %w", v.hide(err))
	}
	defer c.Close()
	var told channel.Checkup
	if _, err := c.Await(ctx, client.Told(func(e *channel.Checkup) bool { told = *e; return true })); err != nil {
		return nil, fmt.Errorf("the worker did not say how the services answer: %w", err)
	}
	var wrong []string
	for _, s := range told.Services {
		if s.Error != "" {
			wrong = append(wrong, s.Service+" ("+s.Error+")")
		}
	}
	if len(wrong) > 0 {
		return told.Services, fmt.Errorf("a worker is not answered by %s; make doctor may know why", strings.Join(wrong, ", "))
	}
	return told.Services, c.Send(ctx, &wire.End{})
}

// over reports whether an event decides about the offer.
func over(e client.Event) bool {
	switch e.Server.(type) {
	case *wire.Answer, *wire.Error:
		return true
	}
	return e.Closed != nil
}

// errUnguarded says that there is no authorizer, or that it lets everybody in.
var errUnguarded = errors.New("the WebSocket opened to a visitor who should have been refused")

// Refused makes sure that somebody is not let in.
func Refused(ctx context.Context, v Visitor) error {
	header := http.Header{}
	if v.Origin != "" {
		header.Set("Origin", v.Origin)
	}
	socket, response, err := websocket.Dial(ctx, v.address(), &websocket.DialOptions{HTTPHeader: header})
	if err == nil {
		return errors.Join(errUnguarded, socket.CloseNow())
	}
	if response == nil {
		return fmt.Errorf("the WebSocket does not answer: %w", v.hide(err))
	}
	if response.Body != nil {
		defer func() { _ = response.Body.Close() }()
	}
	if response.StatusCode != http.StatusUnauthorized && response.StatusCode != http.StatusForbidden {
		return fmt.Errorf("a visitor without access got HTTP status %d, not 401 or 403", response.StatusCode)
	}
	return nil
}
