package session

import (
	"context"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/wire"
	"casey.internal/worker/peer"
)

// Peer is the part of *peer.Peer that a session needs.
type Peer interface {
	negotiator
	sender
	io.Closer
}

type negotiator interface {
	AnswerSDP() string
	Restart(ctx context.Context, offerSDP string) (answerSDP string, err error)
	SameFingerprint(offerSDP string) bool
	AddICECandidate(c wire.ICECandidate) error
}

type sender interface {
	WriteRTP(payload []byte, timestamp uint32, marker bool) error
	Send(data []byte) error
	SendBinary(data []byte) error
	MaxMessageSize() int
}

// leg is one peer of the session with what was agreed for it. It is the
// peer's handler.
type leg struct {
	mail   *Mailbox
	media  *media
	peer   Peer
	name   interview.PeerName
	offer  string // the SDP answered last
	answer string // to it
	state  peer.State
	late   *time.Timer // posts expired, and stayedMute after that
	open   *Opened     // its data channel, once open
	mute   bool        // that has been lost

	packet  atomic.Int64 // when the last one came, in Unix ns; 0 = none did
	hearing sync.Mutex   // guards store
	store   []byte       // packets are copied into what is left of it

	sending sync.Mutex // guards seq
	seq     uint64     // of the last channel event
}

// What a leg posts to its session.
type (
	legState struct {
		leg   *leg
		state peer.State
	}
	legChannel struct {
		leg             *leg
		label, protocol string
	}
	legMessage struct {
		leg  *leg
		data []byte
	}
	expired     struct{ leg *leg }
	channelLost struct{ leg *leg }
	stayedMute  struct{ leg *leg } // its channel has been lost for a while
)

func (legState) message()   {}
func (legChannel) message() {}
func (legMessage) message() {}
func (expired) message()    {}

func (channelLost) message() {}
func (stayedMute) message()  {}

// Packet implements peer.Handler.
func (l *leg) Packet(p peer.Packet) {
	l.packet.Store(p.Arrived.UnixNano())
	p.Payload = l.keep(p.Payload)
	l.media.hear(l, p)
}

// storeSize is about a second of packets: one allocation for all of them.
const storeSize = 4 << 10

// keep copies a packet, which its buffer's owner will use again.
func (l *leg) keep(packet []byte) []byte {
	l.hearing.Lock()
	defer l.hearing.Unlock()
	if cap(l.store)-len(l.store) < len(packet) {
		l.store = make([]byte, 0, max(storeSize, len(packet)))
	}
	from := len(l.store)
	l.store = append(l.store, packet...)
	return l.store[from:len(l.store):len(l.store)]
}

// lastHeard returns when the last packet came. A browser that sends none is there as
// long as its peer is not Disconnected, so that it is never long ago.
func (l *leg) lastHeard() time.Time {
	last, earliest := time.Unix(0, l.packet.Load()), time.Now().Add(-peer.SilentFor)
	if last.Before(earliest) {
		return earliest
	}
	return last
}

// Channel implements peer.Handler.
func (l *leg) Channel(label, protocol string) { l.mail.post(legChannel{l, label, protocol}) }

// ChannelLost implements peer.Handler.
func (l *leg) ChannelLost() { l.mail.post(channelLost{l}) }

// Message implements peer.Handler.
func (l *leg) Message(data []byte) { l.mail.post(legMessage{l, slices.Clone(data)}) }

// State implements peer.Handler.
func (l *leg) State(s peer.State) { l.mail.post(legState{l, s}) }

// send sends an event with the leg's next number.
func (l *leg) send(event channel.WorkerEvent) error {
	l.sending.Lock()
	defer l.sending.Unlock()
	err := l.peer.Send(channel.Encode(l.seq+1, event))
	if err == nil {
		l.seq++
	}
	return err
}
