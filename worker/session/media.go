package session

import (
	"errors"
	"sync/atomic"

	"casey.internal/shared/channel"
	"casey.internal/worker/peer"
)

// ErrNoPeer is returned for what cannot be sent because no peer is connected.
var ErrNoPeer = errors.New("session: no peer is connected")

// media is the Talk's end of whatever leg is the newest connected one.
type media struct {
	packets chan peer.Packet
	events  chan Event
	leg     atomic.Pointer[leg] // nil before the first is connected, and after it closed
	dropped atomic.Int64
}

func newMedia() *media {
	return &media{packets: make(chan peer.Packet, 50), events: make(chan Event, 64)}
}

// WriteRTP implements Out.
func (m *media) WriteRTP(payload []byte, timestamp uint32, marker bool) error {
	leg := m.leg.Load()
	if leg == nil {
		return nil
	}
	return leg.peer.WriteRTP(payload, timestamp, marker)
}

// Send implements Out.
func (m *media) Send(event channel.WorkerEvent) error {
	leg := m.leg.Load()
	if leg == nil {
		return ErrNoPeer
	}
	return leg.send(event)
}

// SendText implements Out.
func (m *media) SendText(data []byte) error {
	leg := m.leg.Load()
	if leg == nil {
		return ErrNoPeer
	}
	return leg.peer.Send(data)
}

// SendBinary implements Out.
func (m *media) SendBinary(data []byte) error {
	leg := m.leg.Load()
	if leg == nil {
		return ErrNoPeer
	}
	return leg.peer.SendBinary(data)
}

// hear passes on a packet of the newest leg; it never blocks.
func (m *media) hear(from *leg, p peer.Packet) {
	if m.leg.Load() != from {
		return
	}
	select {
	case m.packets <- p:
	default:
		m.dropped.Add(1)
	}
}

// notify passes on an event; it never blocks.
func (m *media) notify(event Event) {
	select {
	case m.events <- event:
	default:
		m.dropped.Add(1)
	}
}
