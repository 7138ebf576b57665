// Package polly speaks the protocol of Amazon Polly's SynthesizeSpeech: audio and speech marks.
package polly

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"casey.internal/cdk/local/aws/awswire"
	"casey.internal/cdk/local/aws/control"
	"casey.internal/cdk/local/aws/sigv4"
)

// Renderer makes audio or marks of a checked request.
type Renderer interface {
	Render(ctx context.Context, r Request, page time.Duration, w io.Writer) error
}

// Pace is how the service takes its time.
type Pace struct {
	// Delay passes before the first byte.
	Delay time.Duration
	// Page is the most audio on an Ogg page, 0 for pages of a second.
	Page time.Duration
}

// Handler answers SynthesizeSpeech.
type Handler struct {
	renderer Renderer
	pace     Pace
}

// New returns a handler that renders with r.
func New(r Renderer, p Pace) *Handler { return &Handler{renderer: r, pace: p} }

var contentTypes = map[string]string{
	"ogg_opus": "audio/ogg", "mp3": "audio/mpeg", "pcm": "audio/pcm", "json": "application/x-json-stream",
}

// Serve answers one request whose signature was verified.
func (h *Handler) Serve(w http.ResponseWriter, r *http.Request, call *control.Call, _ sigv4.Grant) error {
	input, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("read request: %w", err)
	}
	request, err := parse(input)
	if err != nil {
		return err
	}
	id := awswire.NewID()
	call.Describe(id, "", request.OutputFormat+" "+request.Text)
	if err := control.Wait(r.Context(), h.pace.Delay); err != nil {
		return err
	}
	billed, err := request.billed()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", contentTypes[request.OutputFormat])
	w.Header().Set("X-Amzn-Requestcharacters", strconv.Itoa(billed))
	w.Header().Set("X-Amzn-Requestid", id)
	out := &body{step: func() error { return call.Step(r.Context()) }, w: w, flush: http.NewResponseController(w)}
	page := h.pace.Page
	if n := call.PageMS(); n > 0 {
		page = time.Duration(n) * time.Millisecond
	}
	err = h.renderer.Render(r.Context(), request, page, out)
	return errors.Join(out.err, err)
}

// body is a response's body, flushed as it is written, before each piece of which step stands.
type body struct {
	w     http.ResponseWriter
	flush *http.ResponseController
	step  func() error
	err   error // why step refused
}

// Write writes one piece.
func (b *body) Write(p []byte) (int, error) {
	if b.err = b.step(); b.err != nil {
		return 0, b.err
	}
	n, err := b.w.Write(p)
	if err != nil {
		return n, fmt.Errorf("write speech: %w", err)
	}
	return n, b.flush.Flush()
}
