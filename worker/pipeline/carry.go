package pipeline

import (
	"encoding/json"
	"errors"

	"casey.internal/worker/conversation"
	"casey.internal/worker/session"
)

// carried is where the conversation goes on; the zero value when it begins, or
// when what was kept cannot be read, as after a change of its form.
func carried(line session.Media) conversation.Carry {
	var c conversation.Carry
	if line.Session.Carry == "" {
		return c
	}
	if err := json.Unmarshal([]byte(line.Session.Carry), &c); err != nil {
		line.Log.Warn("what was carried cannot be read", "error", err)
		return conversation.Carry{}
	}
	return c
}

// keep stores what it takes to go on elsewhere.
func keep(line session.Media, c conversation.Carry) {
	data, err := json.Marshal(c)
	if err != nil {
		line.Log.Error("state not kept", "error", err)
		return
	}
	line.Book.Keep(string(data))
}

// leaving is why a session's Talk is over, in the words of the session.
func leaving(reason error) error {
	switch {
	case errors.Is(reason, conversation.ErrHandedOver):
		return session.ErrHandedOver
	case errors.Is(reason, conversation.ErrParted):
		return session.ErrDrained
	}
	return reason
}
