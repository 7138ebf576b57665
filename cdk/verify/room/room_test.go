package room_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

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
	if err := r.Say(t.Context(), make([]byte, 3200), 16000); err != nil {
		t.Error(err)
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
