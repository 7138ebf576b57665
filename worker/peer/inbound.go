package peer

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// mtu is more than any RTP packet that a browser sends.
const mtu = 1500

// inbound turns the RTP packets of one track into Opus packets.
type inbound struct {
	handler Handler
	level   uint8 // id of the audio level extension, 0 when not negotiated
	opus    uint8 // payload types
	red     uint8 // 0 when not negotiated
	seen    window
	blocks  []redBlock
	header  rtp.Header
	payload int // where it begins in the packet whose header that is
}

// microphones tells which of a browser's audio tracks is heard: that of the first
// section of its description that sends. Another one, silent or not, makes
// nobody deaf, and nobody else heard.
type microphones struct {
	mu   sync.Mutex
	last []time.Time // by section, when its last packet came, or may have
}

// trackGone is for how long a track sends nothing until the next is heard in its
// place; a browser that says nothing still sends a packet every 400 ms.
const trackGone = time.Second

// hears notes a packet of a section's track, and reports whether it is heard.
func (m *microphones) hears(section int, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.last) <= section {
		m.last = append(m.last, now) // those before it have yet to begin
	}
	m.last[section] = now
	return !slices.ContainsFunc(m.last[:section], func(at time.Time) bool { return now.Sub(at) < trackGone })
}

// onTrack listens to a track of the browser. One that is not heard is counted too.
func (p *Peer) onTrack(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
	section := slices.IndexFunc(p.pc.GetTransceivers(), func(x *webrtc.RTPTransceiver) bool { return x.Receiver() == r })
	in := newInbound(p.handler, r.GetParameters())
	came := p.reports.add(uint32(t.SSRC()))
	listen := func(packet []byte) {
		now := time.Now()
		if in.read(packet) != nil {
			return
		}
		p.reports.came(came, &in.header, now)
		p.hearing.Lock()
		defer p.hearing.Unlock()
		if !p.closing() && p.mics.hears(max(0, section), now) {
			in.packet(packet, now)
		}
	}
	p.start(func() {
		first := make([]byte, mtu)
		n, _, err := t.Read(first) // what pion has looked at; its error is of an unknown codec
		if err != nil && n == 0 {
			return
		}
		listen(first[:n])
		if i := p.shortcut.inlets.of(uint32(t.SSRC())); i != nil {
			i.hand(listen)
		}
	})
}

func newInbound(h Handler, parameters webrtc.RTPParameters) *inbound {
	in := &inbound{handler: h}
	for _, c := range parameters.Codecs {
		switch {
		case strings.EqualFold(c.MimeType, webrtc.MimeTypeOpus):
			in.opus = uint8(c.PayloadType)
		case strings.EqualFold(c.MimeType, mimeTypeRED):
			in.red = uint8(c.PayloadType)
		}
	}
	for _, e := range parameters.HeaderExtensions {
		if e.URI == sdp.AudioLevelURI {
			in.level = uint8(e.ID)
		}
	}
	return in
}

// read reads a packet's header.
func (in *inbound) read(raw []byte) (err error) {
	in.payload, err = in.header.Unmarshal(raw)
	return err
}

// packet hands over what an RTP packet whose header was read carries and was not there
// before.
func (in *inbound) packet(raw []byte, now time.Time) {
	payload := raw[in.payload:]
	if in.header.Padding && len(payload) > 0 {
		payload = payload[:max(0, len(payload)-int(payload[len(payload)-1]))]
	}
	p := Packet{
		Sequence: in.header.SequenceNumber, Timestamp: in.header.Timestamp, Payload: payload, Arrived: now,
	}
	if e := in.header.GetExtension(in.level); in.level != 0 && len(e) > 0 {
		p.Level, p.HasLevel = e[0]&0x7f, true
	}
	switch in.header.PayloadType {
	case in.opus:
		in.deliver(p)
	case in.red:
		in.unpack(p)
	}
}

// unpack hands over the lost frames that a RED packet repeats, oldest first,
// and then its own.
func (in *inbound) unpack(p Packet) {
	blocks, primary, ok := parseRED(in.blocks[:0], p.Payload, in.opus)
	in.blocks = blocks
	if !ok {
		return
	}
	in.seen.include(p.Sequence)
	for i, b := range blocks {
		in.deliver(Packet{
			Sequence: p.Sequence - uint16(len(blocks)-i), Timestamp: p.Timestamp - b.offset,
			Payload: b.data, Arrived: p.Arrived,
		})
	}
	p.Payload = primary
	in.deliver(p)
}

func (in *inbound) deliver(p Packet) {
	if len(p.Payload) > 0 && in.seen.remember(p.Sequence) {
		in.handler.Packet(p)
	}
}
