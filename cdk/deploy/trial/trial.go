// Package trial tries a deployment as a candidate does: it opens the WebSocket,
// offers, and waits for media. It says nothing, so it costs next to nothing.
package trial

import (
	"context"
	"errors"
	"fmt"
	"time"

	"casey.internal/cdk/local/candidate"
	"casey.internal/shared/wire"
	"casey.internal/worker/soundcheck"
)

// Result is how long things took from the beginning.
type Result struct{ Answered, Connected time.Duration }

// Try joins the sound check at an address, as a page of an origin.
func Try(ctx context.Context, url, origin string) (Result, error) {
	began := time.Now()
	c, err := candidate.Join(ctx, candidate.Config{URL: url, Origin: origin, Interview: soundcheck.Name})
	if err != nil {
		return Result{}, fmt.Errorf("the WebSocket did not open: %w", err)
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
	connected, err := c.Await(ctx, candidate.State("open"))
	if err != nil {
		return r, fmt.Errorf("answered, but media did not connect (is UDP and TCP open on the media port?): %w", err)
	}
	r.Connected = connected.At.Sub(began)
	return r, c.Send(ctx, &wire.End{})
}

// over reports whether an event decides about the offer.
func over(e candidate.Event) bool {
	switch e.Server.(type) {
	case *wire.Answer, *wire.Error:
		return true
	}
	return e.Closed != nil
}
