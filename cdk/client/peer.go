package client

import (
	"context"
	"fmt"
	"time"

	"casey.internal/shared/wire"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// newPeer makes the peer connection with a microphone track and the data
// channel, its callbacks posting to the log of events.
func (c *Client) newPeer(ctx context.Context) error {
	api, err := newAPI(c.cfg.Road)
	if err != nil {
		return err
	}
	if c.peer, err = api.NewPeerConnection(webrtc.Configuration{}); err != nil {
		return err
	}
	c.watch(ctx)
	opus := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}
	if c.voice, err = webrtc.NewTrackLocalStaticRTP(opus, "microphone", "candidate"); err != nil {
		return err
	}
	rtpSender, err := c.peer.AddTrack(c.voice)
	if err != nil {
		return err
	}
	c.wg.Go(func() { drain(rtpSender.Read) })
	protocol := "casey.v1"
	init := &webrtc.DataChannelInit{Protocol: &protocol}
	if c.cfg.Legacy {
		init = nil
	}
	if c.channel, err = c.peer.CreateDataChannel(c.cfg.Label, init); err != nil {
		return err
	}
	c.channel.OnOpen(func() { c.record(Event{State: "open"}) })
	c.channel.OnMessage(func(m webrtc.DataChannelMessage) { c.record(Event{Channel: m.Data}) })
	return nil
}

func newAPI(road *Road) (*webrtc.API, error) {
	media := &webrtc.MediaEngine{}
	codec := webrtc.RTPCodecParameters{PayloadType: 111, RTPCodecCapability: webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1",
	}}
	if err := media.RegisterCodec(codec, webrtc.RTPCodecTypeAudio); err != nil {
		return nil, fmt.Errorf("register opus: %w", err)
	}
	level := webrtc.RTPHeaderExtensionCapability{URI: sdp.AudioLevelURI}
	if err := media.RegisterHeaderExtension(level, webrtc.RTPCodecTypeAudio); err != nil {
		return nil, fmt.Errorf("register audio level: %w", err)
	}
	registry := &interceptor.Registry{}
	if err := webrtc.ConfigureRTCPReports(registry); err != nil {
		return nil, fmt.Errorf("configure reports: %w", err)
	}
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(true)
	if road != nil {
		settings.SetICEUDPMux(webrtc.NewICEUDPMux(quiet(), road))
		settings.SetICETimeouts(2*time.Second, 8*time.Second, 500*time.Millisecond) // as a browser notices
		settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	}
	return webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings)), nil
}

// quiet is a log that nobody reads: a socket that closes is no news.
func quiet() logging.LeveledLogger {
	factory := logging.NewDefaultLoggerFactory()
	factory.DefaultLogLevel = logging.LogLevelDisabled
	return factory.NewLogger("ice")
}

// watch posts what the peer connection does to the log of events.
func (c *Client) watch(ctx context.Context) {
	c.peer.OnConnectionStateChange(func(s webrtc.PeerConnectionState) { c.record(Event{State: s.String()}) })
	c.peer.OnICECandidate(func(found *webrtc.ICECandidate) {
		if found == nil || ctx.Err() != nil {
			return
		}
		init := found.ToJSON()
		message := &wire.ICE{Peer: c.cfg.Peer, Candidate: &wire.ICECandidate{
			Candidate: init.Candidate, SDPMid: init.SDPMid, SDPMLineIndex: init.SDPMLineIndex, UsernameFragment: init.UsernameFragment,
		}}
		c.recordError("send candidate", c.Send(ctx, message))
	})
	c.peer.OnTrack(func(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
		c.wg.Go(func() { drain(receiver.Read) })
		for {
			p, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			c.record(Event{Packet: &Packet{Sequence: p.SequenceNumber, Timestamp: p.Timestamp, Payload: p.Payload}})
		}
	})
}

// drain reads RTCP away so that pion's interceptors see it.
func drain(read func([]byte) (int, interceptor.Attributes, error)) {
	buf := make([]byte, 1500)
	for {
		if _, _, err := read(buf); err != nil {
			return
		}
	}
}

// SendChannel sends a text message on the data channel.
func (c *Client) SendChannel(data []byte) error {
	if err := c.channel.SendText(string(data)); err != nil {
		return fmt.Errorf("data channel: %w", err)
	}
	return nil
}

// levelID returns the id of the audio level extension that was negotiated,
// 0 when it was not. The caller holds rtp.mu.
func (c *Client) levelID() uint8 {
	if c.rtp.level == 0 {
		c.rtp.level = c.findLevelID()
	}
	return c.rtp.level
}

func (c *Client) findLevelID() uint8 {
	for _, s := range c.peer.GetSenders() {
		for _, h := range s.GetParameters().HeaderExtensions {
			if h.URI == sdp.AudioLevelURI {
				return uint8(h.ID)
			}
		}
	}
	return 0
}

// packet makes one RTP packet of a frame.
func (c *Client) packet(f Frame, sequence uint16, timestamp uint32) (*rtp.Packet, error) {
	p := &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: sequence, Timestamp: timestamp}, Payload: f.Opus}
	if id := c.levelID(); id != 0 {
		level, err := rtp.AudioLevelExtension{Level: f.Level, Voice: true}.Marshal()
		if err != nil {
			return nil, fmt.Errorf("audio level: %w", err)
		}
		if err := p.SetExtension(id, level); err != nil {
			return nil, fmt.Errorf("audio level: %w", err)
		}
	}
	return p, nil
}
