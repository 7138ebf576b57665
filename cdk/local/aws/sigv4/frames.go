package sigv4

import (
	"bytes"
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"casey.internal/cdk/local/aws/awswire"
)

// maxFrame bounds one signed frame: a second of 48 kHz stereo PCM is 192 kB.
const maxFrame = 1 << 20

// Frames reads the signed frames of an event stream
// (STREAMING-AWS4-HMAC-SHA256-EVENTS): outer messages with a date and a
// signature that is chained to the one before, whose payload is the event
// itself.
type Frames struct {
	body    io.Reader
	signer  *v4.StreamSigner
	decoder *eventstream.Decoder
}

// Frames returns the reader of the frames of the request that was granted.
func (g Grant) Frames(body io.Reader) *Frames {
	return &Frames{
		body:    body,
		signer:  v4.NewStreamSigner(g.credentials, g.service, g.region, g.signature),
		decoder: eventstream.NewDecoder(),
	}
}

// Next returns the next event. It returns io.EOF after the signed empty frame,
// and io.ErrUnexpectedEOF where the body ends without one. What is no frame, or
// not signed, is an *awswire.Error.
func (f *Frames) Next(ctx context.Context) (eventstream.Message, error) {
	outer, err := f.decode(&boundedReader{r: f.body, left: maxFrame})
	if err != nil {
		return eventstream.Message{}, err
	}
	if err := f.verify(ctx, outer); err != nil {
		return eventstream.Message{}, err
	}
	if len(outer.Payload) == 0 {
		return eventstream.Message{}, io.EOF
	}
	inner, err := f.decode(bytes.NewReader(outer.Payload))
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return eventstream.Message{}, badFrame("Could not decode the audio stream that you provided.")
	}
	return inner, err
}

func (f *Frames) decode(r io.Reader) (eventstream.Message, error) {
	m, err := f.decoder.Decode(r, nil)
	switch {
	case err == nil:
		return m, nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return m, io.ErrUnexpectedEOF
	case errors.Is(err, errTooLong):
		return m, badFrame("The frame is too long.")
	}
	// The decoder has many kinds of errors; a connection that broke hears nothing of this one.
	return m, badFrame("Could not decode the audio stream that you provided.")
}

func (f *Frames) verify(ctx context.Context, outer eventstream.Message) error {
	date, dated := timestamp(outer.Headers)
	signature, signed := bytesOf(outer.Headers)
	if !dated || !signed {
		return badFrame("The frame is not signed.")
	}
	var headers bytes.Buffer
	if err := eventstream.EncodeHeaders(&headers, eventstream.Headers{{Name: ":date", Value: eventstream.TimestampValue(date)}}); err != nil {
		return fmt.Errorf("encode date: %w", err)
	}
	want, err := f.signer.GetSignature(ctx, headers.Bytes(), outer.Payload, date)
	if err != nil {
		return fmt.Errorf("sign frame: %w", err)
	}
	if !hmac.Equal(want, signature) {
		return badFrame("The signature of the frame does not match.")
	}
	return nil
}

func timestamp(h eventstream.Headers) (time.Time, bool) {
	v, ok := h.Get(":date").(eventstream.TimestampValue)
	return time.Time(v), ok
}

func bytesOf(h eventstream.Headers) ([]byte, bool) {
	v, ok := h.Get(":chunk-signature").(eventstream.BytesValue)
	return v, ok
}

func badFrame(message string) *awswire.Error {
	return awswire.BadRequest("BadRequestException", message)
}

var errTooLong = errors.New("frame too long")

// boundedReader fails, instead of ending, where a message claims more bytes than it may have.
type boundedReader struct {
	r    io.Reader
	left int
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
