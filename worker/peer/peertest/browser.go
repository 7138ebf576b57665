// Package peertest is the other end of a peer for tests: what a browser does,
// in Go, over real sockets or pion's virtual network.
package peertest

import (
	"fmt"
	"testing"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/transport/v4"
	"github.com/pion/webrtc/v4"
)

// levelID is the header extension id that Chromium gives the audio level.
const levelID = 1

// Options are the ways in which a Browser differs from Chromium with a microphone and the
// casey.v1 data channel.
type Options struct {
	// Net is the network, nil for the machine's own. On a virtual one close the
	// worker's peer before the browser: pion waits for timers with a lock held
	// when the other side closes, and in a synctest bubble a goroutine that
	// waits for that lock keeps the timers from firing.
	Net      transport.Net
	NoRED    bool
	TCP      bool // dial ICE-TCP instead of UDP
	Trickle  bool // offers come without candidates; read ICECandidates
	Channel  string
	Protocol string
	Port     uint16                     // its UDP port; 0 = any
	First    string                     // label of another data channel that is opened before; empty = none is
	Tracks   int                        // audio tracks beside the microphone's, which is the first
	SRTP     dtls.SRTPProtectionProfile // the only one it knows; 0 = pion's defaults
}

// Browser is a peer connection with one microphone track and one data channel.
type Browser struct {
	PC            *webrtc.PeerConnection
	Data          *webrtc.DataChannel
	Opened        chan struct{} // closed when Data is open
	Connected     chan struct{} // closed at the first connection
	States        chan webrtc.PeerConnectionState
	Packets       chan *rtp.Packet // what the worker says; overflow is dropped
	Messages      chan webrtc.DataChannelMessage
	ICECandidates chan webrtc.ICECandidateInit
	options       Options
	track         *webrtc.TrackLocalStaticRTP
	others        []*webrtc.TrackLocalStaticRTP
	sequence      uint16
	last          []byte // the payload before, repeated in RED
}

// New returns a browser that has not offered yet. It is closed when the test ends.
func New(t testing.TB, o Options) *Browser {
	t.Helper()
	if o.Channel == "" {
		o.Channel, o.Protocol = "casey", "casey.v1"
	}
	b := &Browser{
		options: o, Opened: make(chan struct{}), Connected: make(chan struct{}),
		States:        make(chan webrtc.PeerConnectionState, 64),
		Packets:       make(chan *rtp.Packet, 4096),
		Messages:      make(chan webrtc.DataChannelMessage, 1024),
		ICECandidates: make(chan webrtc.ICECandidateInit, 64),
	}
	pc, err := o.api(t).NewPeerConnection(webrtc.Configuration{})
	must(t, err)
	b.PC = pc
	t.Cleanup(b.Close)
	codec := webrtc.RTPCodecCapability{MimeType: "audio/red", ClockRate: 48000, Channels: 2}
	if o.NoRED {
		codec.MimeType = webrtc.MimeTypeOpus
	}
	b.track, err = webrtc.NewTrackLocalStaticRTP(codec, "mic", "browser")
	must(t, err)
	_, err = pc.AddTrack(b.track)
	must(t, err)
	for i := range o.Tracks {
		other, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}, fmt.Sprintf("other%d", i), "browser")
		must(t, err)
		_, err = pc.AddTrack(other)
		must(t, err)
		b.others = append(b.others, other)
	}
	b.listen(t)
	return b
}

func (o Options) api(t testing.TB) *webrtc.API {
	t.Helper()
	media := &webrtc.MediaEngine{}
	codecs := []webrtc.RTPCodecParameters{{
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1",
		}, PayloadType: 111,
	}, {
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: "audio/red", ClockRate: 48000, Channels: 2, SDPFmtpLine: "111/111",
		}, PayloadType: 63,
	}}
	if o.NoRED {
		codecs = codecs[:1]
	}
	for _, c := range codecs {
		must(t, media.RegisterCodec(c, webrtc.RTPCodecTypeAudio))
	}
	level := webrtc.RTPHeaderExtensionCapability{URI: sdp.AudioLevelURI}
	must(t, media.RegisterHeaderExtension(level, webrtc.RTPCodecTypeAudio))
	settings := webrtc.SettingEngine{}
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	settings.SetIncludeLoopbackCandidate(true)
	types := []webrtc.NetworkType{webrtc.NetworkTypeUDP4}
	if o.TCP {
		types = []webrtc.NetworkType{webrtc.NetworkTypeTCP4}
	}
	settings.SetNetworkTypes(types)
	if o.Port != 0 {
		must(t, settings.SetEphemeralUDPPortRange(o.Port, o.Port))
	}
	if o.SRTP != 0 {
		settings.SetSRTPProtectionProfiles(o.SRTP)
	}
	if o.Net != nil {
		settings.DisableCloseByDTLS(true) // see Options.Net
		settings.SetNet(o.Net)
	}
	return webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(&interceptor.Registry{}),
		webrtc.WithSettingEngine(settings))
}

// listen sets up what fills the channels.
func (b *Browser) listen(t testing.TB) {
	t.Helper()
	b.PC.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		select {
		case b.States <- s:
		default:
		}
	})
	b.PC.OnICEConnectionStateChange(onceConnected(b.Connected))
	b.PC.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c != nil {
			b.ICECandidates <- c.ToJSON()
		}
	})
	b.PC.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			p, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			select {
			case b.Packets <- p:
			default:
			}
		}
	})
	if b.options.First != "" {
		_, err := b.PC.CreateDataChannel(b.options.First, nil)
		must(t, err)
	}
	data, err := b.PC.CreateDataChannel(b.options.Channel, &webrtc.DataChannelInit{Protocol: &b.options.Protocol})
	must(t, err)
	b.Data = data
	data.OnOpen(func() { close(b.Opened) })
	data.OnMessage(func(m webrtc.DataChannelMessage) {
		select {
		case b.Messages <- m:
		default:
		}
	})
}

func onceConnected(connected chan struct{}) func(webrtc.ICEConnectionState) {
	done := false
	return func(s webrtc.ICEConnectionState) {
		if s == webrtc.ICEConnectionStateConnected && !done {
			done = true
			close(connected)
		}
	}
}

// Offer returns a new offer, complete with candidates unless they trickle;
// restart asks for an ICE restart.
func (b *Browser) Offer(t testing.TB, restart bool) string {
	t.Helper()
	offer, err := b.PC.CreateOffer(&webrtc.OfferOptions{ICERestart: restart})
	must(t, err)
	gathered := webrtc.GatheringCompletePromise(b.PC)
	must(t, b.PC.SetLocalDescription(offer))
	if b.options.Trickle {
		return offer.SDP
	}
	<-gathered
	return b.PC.LocalDescription().SDP
}

// Accept takes the worker's answer.
func (b *Browser) Accept(t testing.TB, answer string) {
	t.Helper()
	must(t, b.PC.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}))
}

// Speak sends one Opus packet with its loudness in -dBov, as RED with the
// packet before it unless Options.NoRED.
func (b *Browser) Speak(t testing.TB, payload []byte, timestamp uint32, level uint8) {
	t.Helper()
	b.sequence++
	p := &rtp.Packet{
		Header:  rtp.Header{Version: 2, SequenceNumber: b.sequence, Timestamp: timestamp},
		Payload: b.pack(payload),
	}
	must(t, p.SetExtension(levelID, []byte{0x80 | level}))
	must(t, b.track.WriteRTP(p))
}

// Play sends one Opus packet on another track than the microphone's.
func (b *Browser) Play(t testing.TB, track int, payload []byte, sequence uint16) {
	t.Helper()
	must(t, b.others[track].WriteRTP(&rtp.Packet{
		Header:  rtp.Header{Version: 2, PayloadType: 111, SequenceNumber: sequence, Timestamp: uint32(sequence) * 960},
		Payload: payload,
	}))
}

// pack is RFC 2198 with one repeated frame of 20 ms.
func (b *Browser) pack(payload []byte) []byte {
	if b.options.NoRED {
		return payload
	}
	var red []byte
	if n := len(b.last); n > 0 {
		bits := uint32(960)<<10 | uint32(n)
		red = append(red, 0x80|111, byte(bits>>16), byte(bits>>8), byte(bits))
	}
	red = append(red, 111)
	red = append(red, b.last...)
	red = append(red, payload...)
	b.last = append(b.last[:0], payload...)
	return red
}

// Lose makes the browser believe that it sent a packet that nobody gets.
func (b *Browser) Lose(payload []byte) {
	b.sequence++
	b.last = append(b.last[:0], payload...)
}

// Close ends the connection as a closed tab does and waits for its goroutines.
func (b *Browser) Close() {
	_ = b.PC.GracefulClose() // a test has no use for the reason
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
