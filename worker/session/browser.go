package session

import (
	"context"
	"io"
	"slices"
	"sync"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
	"casey.internal/worker/peer"
)

// Peer is what a session needs of a *peer.Peer.
type Peer interface {
	negotiator
	sender
	io.Closer
}

type negotiator interface {
	AnswerSDP() string
	Restart(ctx context.Context, offerSDP string) (answerSDP string, err error)
	SameFingerprint(offerSDP string) bool
	AddICECandidate(c peer.ICECandidate) error
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
	mail  *mailbox
	line  *media
	peer  Peer
	name  interview.PeerName
	offer string // the SDP answered last
	reply string // the answer to it
	state peer.State
	late  *time.Timer // posts expired
	open  *Opened     // its data channel, once open

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
	expired struct{ leg *leg }
)

// Packet implements peer.Handler.
func (l *leg) Packet(p peer.Packet) {
	p.Payload = slices.Clone(p.Payload)
	l.line.hear(l, p)
}

// Channel implements peer.Handler.
func (l *leg) Channel(label, protocol string) { l.mail.post(legChannel{l, label, protocol}) }

// Message implements peer.Handler.
func (l *leg) Message(data []byte) { l.mail.post(legMessage{l, slices.Clone(data)}) }

// State implements peer.Handler.
func (l *leg) State(s peer.State) { l.mail.post(legState{l, s}) }

// dial answers an offer with a new leg.
func (s *Session) dial(ctx context.Context, o interview.Offer) (*leg, error) {
	l := &leg{mail: s.mail, line: s.line, name: o.Peer, offer: o.SDP}
	p, err := s.cfg.Dial(ctx, o.SDP, l)
	if err != nil {
		return nil, err
	}
	l.peer, l.reply = p, p.AnswerSDP()
	return l, nil
}

// maxLegs is how many peers of a session are open at a time, whatever its
// browser offers.
const maxLegs = store.MaxOwnedPeers

// add makes a leg one of the session's; the oldest that is not in use goes when
// there are too many.
func (s *Session) add(l *leg, candidates []wire.ICECandidate) {
	s.counts.Peers++
	if len(s.legs) >= maxLegs {
		s.remove(s.legs[slices.IndexFunc(s.legs, func(other *leg) bool { return other != s.current })])
	}
	s.legs = append(s.legs, l)
	l.late = time.AfterFunc(connectWithin, func() { s.mail.post(expired{l}) })
	for _, c := range append(candidates, s.early[l.name]...) {
		s.addCandidate(l, c)
	}
	delete(s.early, l.name)
}

// legState is told of every change of every peer.
func (s *Session) legState(ctx context.Context, m legState) error {
	if !slices.Contains(s.legs, m.leg) {
		return nil
	}
	m.leg.state = m.state
	switch m.state {
	case peer.Connected:
		s.legConnected(ctx, m.leg)
	case peer.Failed:
		if m.leg == s.current {
			s.away()
		}
	case peer.Closed:
		return s.legClosed(m.leg)
	}
	return nil
}

// legConnected makes a leg the current one; older ones go.
func (s *Session) legConnected(ctx context.Context, l *leg) {
	l.late.Stop()
	s.alarms.away.Stop()
	if l == s.current {
		return // back after an interruption
	}
	for len(s.legs) > 0 && s.legs[0] != l {
		s.remove(s.legs[0])
	}
	s.current = l
	if s.successor != nil {
		return // it is another worker's still
	}
	s.line.leg.Store(l)
	if l.open != nil {
		s.line.tell(*l.open)
	}
	s.book.connected(time.Now())
	s.startTalk(ctx)
	if s.hand.leaving {
		s.move(ctx)
	}
}

// legClosed is told when the browser closed a peer. The legacy client is
// gone then; casey's page may come back.
func (s *Session) legClosed(l *leg) error {
	current := l == s.current
	s.remove(l)
	switch {
	case current && s.successor != nil && s.successor.asked:
		return nil // the session may be on its way here: see successorAlarm
	case current && (s.legacy || s.successor != nil):
		return ErrClosed
	case current:
		s.away()
	case s.current == nil && len(s.legs) == 0 && !s.busy:
		return ErrNotReached
	}
	return nil
}

// away starts the time in which the candidate may return.
func (s *Session) away() {
	s.alarms.away.Reset(returnWithin)
	s.line.tell(Away{})
}

// absence is the cause when that time is over.
func (s *Session) absence() error {
	if s.successor != nil && s.successor.asked {
		return nil
	}
	return ErrAway
}

// expired drops a peer that never connected.
func (s *Session) expired(l *leg) error {
	if l.state == peer.Connected || l == s.current || !slices.Contains(s.legs, l) {
		return nil
	}
	s.remove(l)
	if s.current == nil && len(s.legs) == 0 && s.talk == nil && !s.busy {
		return ErrNotReached
	}
	return nil
}

// remove closes a leg, outside of the session's goroutine since that may take
// a while.
func (s *Session) remove(l *leg) {
	s.legs = slices.DeleteFunc(s.legs, func(other *leg) bool { return other == l })
	if s.current == l {
		s.current = nil
		s.line.leg.CompareAndSwap(l, nil)
	}
	l.late.Stop()
	s.tasks.Go(func() { s.closePeer(l) })
}

func (s *Session) closePeer(l *leg) {
	if err := l.peer.Close(); err != nil {
		s.log.Debug("peer not closed cleanly", "error", err)
	}
}

func (s *Session) closeLegs() {
	for _, l := range slices.Clone(s.legs) {
		s.remove(l)
	}
}

// closeUnread closes the peers that were made too late to be taken.
func (s *Session) closeUnread() {
	for _, m := range s.mail.take() {
		if a, ok := m.(answered); ok && a.isNew && a.leg != nil {
			s.closePeer(a.leg)
		}
	}
}

// channelOpened is told when a leg's data channel is open.
func (s *Session) channelOpened(m legChannel) {
	s.legacy = s.legacy || m.label == "downstream"
	m.leg.open = &Opened{Label: m.label, Protocol: m.protocol, MaxMessageSize: m.leg.peer.MaxMessageSize()}
	switch {
	case m.leg != s.current:
	case s.successor == nil:
		s.line.tell(*m.leg.open)
	case !s.successor.asked:
		s.alarms.move.Reset(takeAfter)
	}
}

// heard reads what the page says on the data channel; what cannot be read is
// counted and otherwise ignored.
func (s *Session) heard(ctx context.Context, m legMessage) error {
	if m.leg != s.current {
		return nil
	}
	switch event, err := channel.Parse(m.data); event.(type) {
	case *channel.Take:
		s.take(ctx)
	case *channel.End:
		return s.end()
	case nil:
		s.line.dropped.Add(1)
		s.log.Debug("channel message refused", "error", err)
	default:
		s.line.tell(event)
	}
	return nil
}
