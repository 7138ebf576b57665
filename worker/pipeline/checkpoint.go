package pipeline

import (
	"encoding/json"
	"errors"

	"casey.internal/worker/conversation"
	"casey.internal/worker/session"
)

// readCheckpoint returns where the conversation continues; the zero value when it
// begins, or when what was kept cannot be read, as after a change of its form.
func readCheckpoint(media session.Media) conversation.Checkpoint {
	var c conversation.Checkpoint
	if media.Session.Carry == "" {
		return c
	}
	if err := json.Unmarshal([]byte(media.Session.Carry), &c); err != nil {
		media.Log.Warn("what was carried cannot be read", "error", err)
		return conversation.Checkpoint{}
	}
	return c
}

// saveCheckpoint stores what is needed to continue elsewhere.
func saveCheckpoint(media session.Media, c conversation.Checkpoint) {
	data, err := json.Marshal(c)
	if err != nil {
		media.Log.Error("state not kept", "error", err)
		return
	}
	media.Book.Keep(string(data))
}

// sessionReason translates why the conversation is over into the session's errors.
func sessionReason(reason error) error {
	switch {
	case errors.Is(reason, conversation.ErrHandedOver):
		return session.ErrHandedOver
	case errors.Is(reason, conversation.ErrParted):
		return session.ErrDrained
	}
	return reason
}
