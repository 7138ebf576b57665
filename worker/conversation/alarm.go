package conversation

import (
	"context"
	"time"
)

// alarm is something that happens by itself at a time.
type alarm struct {
	at   time.Time
	ring func(context.Context)
}

// never is far enough away.
const never = 24 * time.Hour

// alarm returns the earliest thing that will happen by itself.
func (c *Conversation) alarm() alarm {
	first := alarm{at: time.Now().Add(never), ring: func(context.Context) {}}
	for _, a := range c.alarms() {
		if !a.at.IsZero() && a.at.Before(first.at) {
			first = a
		}
	}
	return first
}

// alarms returns what may happen by itself in the present state; a zero time does not.
func (c *Conversation) alarms() []alarm {
	switch c.state {
	case Listening:
		return append(c.floorAlarms(), c.handOverAlarm())
	case Thinking, Speaking:
		return c.replyAlarms()
	}
	return nil
}
