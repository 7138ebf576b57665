package session

import (
	"errors"
	"sync/atomic"

	"casey.internal/shared/channel"
	"casey.internal/worker/peer"
)

// ErrNoPeer is returned for what cannot be sent because no peer is connected.
var ErrNoPeer = errors.New("session: no peer is connected")

// line is the Talk's end of whatever leg is the newest connected one.
type media struct {
	packets chan peer.Packet
	events  chan any
	leg     atomic.Pointer[leg] // nil before the first is connected, and after it closed
	dropped atomic.Int64
}

func newLine() *media {
	return &media{packets: make(chan peer.Packet, 50), events: make(chan any, 64)}
}

// WriteRTP implements Out.
func (l *media) WriteRTP(payload []byte, timestamp uint32, marker bool) error {
	leg := l.leg.Load()
	if leg == nil {
		return nil
	}
	return leg.peer.WriteRTP(payload, timestamp, marker)
}

// Send implements Out.
func (l *media) Send(event any) error {
	leg := l.leg.Load()
	if leg == nil {
		return ErrNoPeer
	}
	return leg.send(event)
}

// send sends an event with the leg's next number.
func (l *leg) send(event any) error {
	l.sending.Lock()
	defer l.sending.Unlock()
	err := l.peer.Send(channel.Encode(l.seq+1, event))
	if err == nil {
		l.seq++
	}
	return err
}

// SendText implements Out.
func (l *media) SendText(data []byte) error {
	leg := l.leg.Load()
	if leg == nil {
		return ErrNoPeer
	}
	return leg.peer.Send(data)
}

// SendBinary implements Out.
func (l *media) SendBinary(data []byte) error {
	leg := l.leg.Load()
	if leg == nil {
		return ErrNoPeer
	}
	return leg.peer.SendBinary(data)
}

// hear passes on a packet of the newest leg; it never blocks.
func (l *media) hear(from *leg, p peer.Packet) {
	if l.leg.Load() != from {
		return
	}
	select {
	case l.packets <- p:
	default:
		l.dropped.Add(1)
	}
}

// tell passes on an event; it never blocks.
func (l *media) tell(event any) {
	select {
	case l.events <- event:
	default:
		l.dropped.Add(1)
	}
}
