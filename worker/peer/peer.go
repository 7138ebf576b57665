// Package peer is the WebRTC leg between one browser and the worker: audio both
// ways and one data channel. It is the only package that knows pion.
//
// A Network owns the sockets that all peers of a worker share (one UDP and one
// TCP port). Network.Answer turns a browser's offer into a Peer, which tells a
// Handler what happens and takes packets and messages to send.
package peer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"casey.internal/shared/wire"
)

// Handler receives what a peer does. Its methods are called from pion's
// goroutines: they must not block and must not call Peer.Close or Peer.Restart.
// None is called once Peer.Close has returned.
type Handler interface {
	// Packet hands over one inbound Opus packet. RED (RFC 2198) is unpacked and
	// nothing comes twice; a packet that was lost and came back as redundancy
	// arrives just before the packet that carried it. Packets may be out of order.
	Packet(p Packet)
	// Channel says that the browser's data channel is open. Further channels
	// that the browser opens, and those of another label, are closed at once.
	Channel(label, protocol string)
	// ChannelLost says, once, that the data channel has ended or takes nothing any
	// more, though the connection may live.
	ChannelLost()
	// Message hands over one text message of the data channel; data is valid
	// only during the call. Binary messages are dropped.
	Message(data []byte)
	// State tells each change of the connection once; a state that lasted too
	// short to be seen may be left out.
	State(s State)
}

// Silent is the Level of digital silence.
const Silent = 127

// Packet is one inbound Opus packet.
type Packet struct {
	Sequence  uint16
	Timestamp uint32 // RTP clock, 48 kHz
	Level     uint8  // loudness in -dBov, 0 loudest to Silent (RFC 6464)
	HasLevel  bool   // false for packets from redundancy, and for browsers without the extension
	Payload   []byte // valid only during Handler.Packet
	Arrived   time.Time
}

// Peer is one WebRTC connection. All its methods may be called from any goroutine.
type Peer struct {
	log     *slog.Logger
	network *Network
	handler Handler
	pc      *webrtc.PeerConnection
	track   *webrtc.TrackLocalStaticRTP

	connected atomic.Bool
	mics      microphones
	shortcut  shortcut
	hearing   sync.Mutex // serialises Handler.Packet
	reports   reports
	maxSize   atomic.Int64 // a=max-message-size of the browser
	channel   *channel
	goroutines

	signaling sync.Mutex // serialises descriptions and candidates; guards what follows
	remote    description
	answer    string
	ufrag     string // of the answer
	held      []wire.ICECandidate
	taken     int // remote candidates handed to pion

	stateMu sync.Mutex // serialises Handler.State
	state   State

	writing sync.Mutex // guards packet
	packet  rtp.Packet
}

// Answer accepts a browser's offer and returns the peer with its answer, which
// holds all of the worker's candidates. The error is a *fault.Error when the
// offer cannot be answered.
func (n *Network) Answer(ctx context.Context, offerSDP string, h Handler) (*Peer, error) {
	offer, err := parse(offerSDP)
	if err != nil {
		return nil, err
	}
	p := &Peer{
		log: n.cfg.Log, network: n, handler: h, channel: newChannel(),
		goroutines: goroutines{done: make(chan struct{})}, state: unknown,
		packet: rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(rand.Uint32())}},
	}
	if p.pc, err = n.engine.connect(webrtc.Configuration{Certificates: n.certificates}, p.buffer, &p.shortcut.secrets); err != nil {
		return nil, err
	}
	p.reports.write = p.pc.WriteRTCP
	if err := p.open(ctx, offer); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// open wires pion's callbacks and track up and negotiates the first time.
func (p *Peer) open(ctx context.Context, offer description) error {
	p.pc.OnConnectionStateChange(func(webrtc.PeerConnectionState) { p.stateChanged() })
	p.pc.OnDataChannel(p.onDataChannel)
	p.pc.OnTrack(p.onTrack)
	track, err := webrtc.NewTrackLocalStaticRTP(opusCapability, "voice", "casey")
	if err != nil {
		return fmt.Errorf("peer: new track: %w", err)
	}
	p.track = track
	sender, err := p.pc.AddTrack(track)
	if err != nil {
		return fmt.Errorf("peer: add track: %w", err)
	}
	if err := preferRED(p.pc); err != nil {
		return err
	}
	p.reports.voice.ssrc = uint32(sender.GetParameters().Encodings[0].SSRC)
	p.signaling.Lock()
	defer p.signaling.Unlock()
	return p.negotiate(ctx, offer)
}

// MaxMessageSize returns the largest message in bytes that the browser takes on
// its data channel: its a=max-message-size, or 65535 when it named none.
func (p *Peer) MaxMessageSize() int { return int(p.maxSize.Load()) }

// WriteRTP sends one Opus packet. The RTP clock is the caller's, sequence
// numbers are the peer's own. Before the connection stands the packet is
// dropped without an error. payload is not kept.
func (p *Peer) WriteRTP(payload []byte, timestamp uint32, marker bool) error {
	if !p.connected.Load() {
		return nil
	}
	p.writing.Lock()
	defer p.writing.Unlock()
	p.packet.SequenceNumber++
	p.packet.Timestamp, p.packet.Marker, p.packet.Payload = timestamp, marker, payload
	err := p.track.WriteRTP(&p.packet)
	p.reports.went(&p.packet, time.Now())
	return err
}

// Close gives what was sent on the data channel a moment to arrive, ends the
// connection and waits for its goroutines; it can be called again, and from
// several goroutines.
func (p *Peer) Close() error {
	p.flush()
	p.signaling.Lock()
	p.network.sockets.holders.leave(p.ufrag)
	p.signaling.Unlock()
	p.stateMu.Lock() // a State call that runs ends first
	p.close()
	p.shortcut.close()
	p.stateMu.Unlock()
	err := p.pc.GracefulClose()
	p.wait()
	if err != nil {
		return fmt.Errorf("peer: close: %w", err)
	}
	return nil
}
