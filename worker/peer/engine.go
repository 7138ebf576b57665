package peer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/sdp/v3"
	"github.com/pion/transport/v4"
	"github.com/pion/transport/v4/packetio"
	"github.com/pion/webrtc/v4"
)

// When a silent browser counts as disconnected, when as failed after that, and
// how often ICE checks that it still consents to be sent media.
const (
	disconnectedAfter = SilentAfter
	failedAfter       = 10 * time.Second
	keepAlive         = 2 * time.Second
)

// certificateLife outlives any worker. Browsers check the fingerprint, not the dates.
const certificateLife = 365 * 24 * time.Hour

var (
	opusCapability = webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1",
	}
	redCapability = webrtc.RTPCodecCapability{
		MimeType: mimeTypeRED, ClockRate: 48000, Channels: 2, SDPFmtpLine: "111/111",
	}
)

const mimeTypeRED = "audio/red"

// engine is pion set up for voice.
type engine struct {
	media    *webrtc.MediaEngine
	settings webrtc.SettingEngine
}

func newEngine(cfg Config, s *sockets, on transport.Net) (*engine, error) {
	media, err := newMedia()
	if err != nil {
		return nil, err
	}
	settings, err := newSettings(cfg, s, on)
	if err != nil {
		return nil, err
	}
	return &engine{media, settings}, nil
}

// connect returns a connection that puts what it decrypts into buffers, and tells what it
// agrees on. There is no interceptor: the reports are casey's own.
func (e *engine) connect(cfg webrtc.Configuration, buffers func(packetio.BufferPacketType, uint32) io.ReadWriteCloser, told *secrets) (*webrtc.PeerConnection, error) {
	settings := e.settings
	settings.BufferFactory = buffers
	settings.SetDTLSKeyLogWriter(told)
	settings.SetDTLSServerHelloMessageHook(told.answering)
	api := webrtc.NewAPI(webrtc.WithMediaEngine(e.media), webrtc.WithInterceptorRegistry(&interceptor.Registry{}),
		webrtc.WithSettingEngine(settings))
	pc, err := api.NewPeerConnection(cfg)
	if err != nil {
		return nil, fmt.Errorf("peer: new connection: %w", err)
	}
	return pc, nil
}

// newMedia has Opus and RED, and the audio level on every packet.
func newMedia() (*webrtc.MediaEngine, error) {
	media := &webrtc.MediaEngine{}
	for _, codec := range []webrtc.RTPCodecParameters{
		{RTPCodecCapability: opusCapability, PayloadType: 111},
		{RTPCodecCapability: redCapability, PayloadType: 63},
	} {
		if err := media.RegisterCodec(codec, webrtc.RTPCodecTypeAudio); err != nil {
			return nil, fmt.Errorf("peer: register %s: %w", codec.MimeType, err)
		}
	}
	level := webrtc.RTPHeaderExtensionCapability{URI: sdp.AudioLevelURI}
	if err := media.RegisterHeaderExtension(level, webrtc.RTPCodecTypeAudio); err != nil {
		return nil, fmt.Errorf("peer: register the audio level: %w", err)
	}
	return media, nil
}

// preferRED makes a browser that can send RED use it: one redundant frame a
// packet, which repairs most losses without a round trip.
func preferRED(pc *webrtc.PeerConnection) error {
	preferred := []webrtc.RTPCodecParameters{
		{RTPCodecCapability: redCapability}, {RTPCodecCapability: opusCapability},
	}
	for _, t := range pc.GetTransceivers() {
		if err := t.SetCodecPreferences(preferred); err != nil {
			return fmt.Errorf("peer: prefer RED: %w", err)
		}
	}
	return nil
}

func newSettings(cfg Config, s *sockets, on transport.Net) (webrtc.SettingEngine, error) {
	e := webrtc.SettingEngine{LoggerFactory: loggers{cfg.Log}}
	e.SetNet(on)
	e.SetNetworkTypes(networkTypes(cfg))
	if len(s.udp) > 0 {
		e.SetICEUDPMux(ice.NewMultiUDPMuxDefault(s.udp...))
	}
	if s.tcp != nil {
		e.SetICETCPMux(s.tcp)
	}
	e.SetIncludeLoopbackCandidate(true)
	e.SetIPFilter(func(ip net.IP) bool {
		a, ok := netip.AddrFromSlice(ip)
		return ok && slices.Contains(s.addresses, a.Unmap())
	})
	e.DisableActiveTCP(true) // browsers dial us
	e.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	e.SetICETimeouts(disconnectedAfter, failedAfter, keepAlive)
	e.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	e.DetachDataChannels()
	e.EnableDataChannelBlockWrite(true)
	e.SetSCTPMaxMessageSize(maxInbound)
	// As server we choose the SRTP profile; as client Chromium would choose the slower one.
	if err := e.SetAnsweringDTLSRole(webrtc.DTLSRoleServer); err != nil {
		return e, fmt.Errorf("peer: set DTLS role: %w", err)
	}
	if !cfg.PublicAddress.IsValid() {
		return e, nil
	}
	err := e.SetICEAddressRewriteRules(webrtc.ICEAddressRewriteRule{
		External: []string{cfg.PublicAddress.String()}, AsCandidateType: webrtc.ICECandidateTypeHost,
		Mode: webrtc.ICEAddressRewriteReplace,
	})
	if err != nil {
		return e, fmt.Errorf("peer: set public address: %w", err)
	}
	return e, nil
}

func networkTypes(cfg Config) []webrtc.NetworkType {
	var types []webrtc.NetworkType
	if cfg.UDP {
		types = append(types, webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6)
	}
	if cfg.TCP {
		types = append(types, webrtc.NetworkTypeTCP4, webrtc.NetworkTypeTCP6)
	}
	return types
}

// newCertificate makes the DTLS certificate that all peers of a worker share.
func newCertificate() (webrtc.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return webrtc.Certificate{}, fmt.Errorf("peer: generate key: %w", err)
	}
	now := time.Now()
	c, err := webrtc.NewCertificate(key, x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "WebRTC"},
		NotBefore: now.Add(-24 * time.Hour), NotAfter: now.Add(certificateLife),
	})
	if err != nil {
		return webrtc.Certificate{}, fmt.Errorf("peer: create certificate: %w", err)
	}
	return *c, nil
}
