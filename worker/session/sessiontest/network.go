// Package sessiontest is a network of peers without sockets, for tests of what
// is built on sessions.
package sessiontest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"casey.internal/shared/apperr"
	"casey.internal/shared/wire"
	"casey.internal/worker/peer"
	"casey.internal/worker/session"
)

// Offer returns the SDP of a browser's offer: of one peer connection, by its
// fingerprint, and of one generation of it (an ICE restart is the next).
func Offer(fingerprint string, generation int) string {
	return fmt.Sprintf("v=0 %s %d", fingerprint, generation)
}

// BadOffer is an SDP that cannot be answered.
const BadOffer = "v=0"

// Network answers offers made by Offer. The zero value is ready.
type Network struct {
	Name string // in every answer
	Err  error  // what every Dial returns; nil = none

	mu    sync.Mutex
	peers []*Peer
}

// Dial is a session.Dial.
func (n *Network) Dial(_ context.Context, sdp string, h peer.Handler) (session.Peer, error) {
	if n.Err != nil {
		return nil, n.Err
	}
	fields := strings.Fields(sdp)
	if len(fields) != 3 || fields[0] != "v=0" {
		return nil, apperr.New(apperr.BadOffer, "this is no offer")
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	p := &Peer{handler: h, fingerprint: fields[1], answer: fmt.Sprintf("answer of %s/%d to %s", n.Name, len(n.peers), sdp)}
	n.peers = append(n.peers, p)
	return p, nil
}

// Peers returns all peers that were answered, oldest first.
func (n *Network) Peers() []*Peer {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.peers)
}

// Find returns the newest peer whose answer this is, nil when there is none.
func (n *Network) Find(answer string) *Peer {
	for _, p := range n.Peers() {
		if p.AnswerSDP() == answer {
			return p
		}
	}
	return nil
}

// Peer is one peer; its methods that session.Peer does not name are the
// browser's side.
type Peer struct {
	handler     peer.Handler
	fingerprint string

	mu         sync.Mutex
	answer     string
	restarts   int
	candidates []wire.ICECandidate
	sent       []string
	packets    int
	closed     bool
}

// AnswerSDP implements session.Peer.
func (p *Peer) AnswerSDP() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.answer
}

// Restart implements session.Peer.
func (p *Peer) Restart(_ context.Context, sdp string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.restarts++
	p.answer = fmt.Sprintf("restart %d of %s", p.restarts, sdp)
	return p.answer, nil
}

// SameFingerprint implements session.Peer.
func (p *Peer) SameFingerprint(sdp string) bool {
	fields := strings.Fields(sdp)
	return len(fields) == 3 && fields[1] == p.fingerprint
}

// AddICECandidate implements session.Peer.
func (p *Peer) AddICECandidate(c wire.ICECandidate) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.candidates = append(p.candidates, c)
	return nil
}

// WriteRTP implements session.Peer.
func (p *Peer) WriteRTP([]byte, uint32, bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.packets++
	return nil
}

// Send implements session.Peer.
func (p *Peer) Send(data []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, string(data))
	return nil
}

// SendBinary implements session.Peer.
func (p *Peer) SendBinary(data []byte) error { return p.Send(data) }

// MaxMessageSize implements session.Peer.
func (p *Peer) MaxMessageSize() int { return 65536 }

// Close implements session.Peer.
func (p *Peer) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	return nil
}

// Connect connects the peer and opens the page's data channel.
func (p *Peer) Connect(label, protocol string) {
	p.handler.State(peer.Connected)
	p.handler.Channel(label, protocol)
}

// State makes the peer's connection stand as told.
func (p *Peer) State(s peer.State) { p.handler.State(s) }

// LoseChannel ends the data channel alone.
func (p *Peer) LoseChannel() { p.handler.ChannelLost() }

// Say sends a message from the page.
func (p *Peer) Say(message string) { p.handler.Message([]byte(message)) }

// Speak sends a packet from the microphone.
func (p *Peer) Speak(packet peer.Packet) { p.handler.Packet(packet) }

// Sent returns what the worker sent over the data channel.
func (p *Peer) Sent() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.sent)
}

// Packets returns how many RTP packets the worker sent.
func (p *Peer) Packets() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.packets
}

// ICECandidates returns the browser's candidates that arrived.
func (p *Peer) ICECandidates() []wire.ICECandidate {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.candidates)
}

// Closed reports whether the worker closed the peer.
func (p *Peer) Closed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}
