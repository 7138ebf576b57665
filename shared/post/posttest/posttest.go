// Package posttest is the contract of package post: the real adapter and the
// twin in memory both pass it.
package posttest

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"casey.internal/shared/interview"
	"casey.internal/shared/post"
	"casey.internal/shared/wire"
)

// Poster is everything that a poster does.
type Poster interface {
	Post(context.Context, interview.ConnectionID, []byte) error
}

// Browser is the other end of a connection.
type Browser struct {
	ID    interview.ConnectionID
	Next  func(context.Context) ([]byte, error) // waits for the next message
	Close func()                                // returns when the connection is known to be closed
}

// Run checks a poster; open opens a connection that it can post to.
func Run(t *testing.T, p Poster, open func() Browser) {
	b := open()
	large := bytes.Repeat([]byte("x"), wire.MaxMessage)
	sent := [][]byte{[]byte(`{"type":"pong"}`), []byte(`{"type":"bye","reason":"déjà vu"}`), large}
	for _, data := range sent {
		if err := p.Post(t.Context(), b.ID, data); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range sent {
		got, err := b.Next(t.Context())
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("message %d: %d bytes, %v, want %d", i, len(got), err, len(want))
		}
	}
	fails := func(what string, id interview.ConnectionID, data []byte, want error) {
		t.Helper()
		if err := p.Post(t.Context(), id, data); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", what, err, want)
		}
	}
	fails("too large", b.ID, append(large, 'x'), post.ErrTooLarge)
	fails("to nobody", "bm9ib2R5=", []byte("{}"), post.ErrGone)
	other := open()
	b.Close()
	fails("closed", b.ID, []byte("{}"), post.ErrGone)
	if err := p.Post(t.Context(), other.ID, []byte("{}")); err != nil {
		t.Errorf("another connection: %v", err)
	}
}
