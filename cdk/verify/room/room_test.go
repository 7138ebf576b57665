package room_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"casey.internal/cdk/verify/room"
)

func TestARoomLeavesNothingBehind(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	r, err := room.Open(t.Context(), room.Config{Echo: 30})
	if errors.Is(err, room.ErrNotInstalled) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	listened, err := r.Listen(t.Context(), 16000)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Say(t.Context(), bytes.Repeat([]byte{0, 40}, 8000), 16000); err != nil {
		t.Error(err)
	}
	heard, since := listened()
	n := 0
	for i := 1; i < len(heard); i += 2 {
		if heard[i] == 39 || heard[i] == 40 { // the upper half of a sample
			n++
		}
	}
	if n < 7000 || since.Before(began) || since.After(time.Now()) {
		t.Errorf("%v after the beginning %d samples were heard of 8000 that were said", since.Sub(began), n)
	}
	if err := errors.Join(r.Unplug(t.Context()), r.Plug(t.Context())); err != nil {
		t.Error(err)
	}
	r.Close()
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*")); left != nil {
		t.Errorf("left behind: %v", left)
	}
	if err := r.Say(context.WithoutCancel(t.Context()), nil, 16000); err == nil {
		t.Error("somebody spoke in a room that is closed")
	}
}
