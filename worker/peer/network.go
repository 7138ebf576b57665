package peer

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"

	"github.com/pion/transport/v4"
	"github.com/pion/transport/v4/stdnet"
	"github.com/pion/webrtc/v4"
)

// Config has the settings that all peers of a worker share.
type Config struct {
	Port          int          // one UDP and one TCP port of the same number; 0 = any free one
	Addresses     []netip.Addr // local addresses to bind; none = all usable
	PublicAddress netip.Addr   // written into the ICE candidates in place of the local ones; zero = none
	UDP, TCP      bool         // which of the two to offer; at least one
	AllowPrivate  bool         // also send checks to private and loopback addresses that a browser names
	FrameMs       int          // a=ptime asked for in the answer: 20 or 40
	Channels      []string     // labels that a browser's data channel may have; none = any
	Log           *slog.Logger // nil discards
}

// validate returns a sentence about the first setting that cannot be.
func (c Config) validate() error {
	switch {
	case c.Port < 0 || c.Port > 65535:
		return fmt.Errorf("peer: port %d is not between 0 and 65535", c.Port)
	case !c.UDP && !c.TCP:
		return errors.New("peer: neither UDP nor TCP is to be used")
	case c.FrameMs != 20 && c.FrameMs != 40:
		return fmt.Errorf("peer: frames of %d ms: only 20 and 40 are possible", c.FrameMs)
	}
	return nil
}

// Network owns the sockets, the certificate and the settings of all peers of a worker.
type Network struct {
	cfg          Config
	engine       *engine
	certificates []webrtc.Certificate
	sockets      *sockets
}

// Listen opens the sockets. Close releases them.
func Listen(cfg Config) (*Network, error) {
	host, err := stdnet.NewNet()
	if err != nil {
		return nil, fmt.Errorf("peer: read interfaces: %w", err)
	}
	return listen(cfg, host)
}

// listen is Listen on a network that a test may give.
func listen(cfg Config, on transport.Net) (*Network, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	cfg.Log = cmp.Or(cfg.Log, slog.New(slog.DiscardHandler))
	certificate, err := newCertificate()
	if err != nil {
		return nil, err
	}
	s, err := openSockets(cfg, on)
	if err != nil {
		return nil, err
	}
	engine, err := newEngine(cfg, s, on)
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return &Network{cfg: cfg, engine: engine, certificates: []webrtc.Certificate{certificate}, sockets: s}, nil
}

// Port returns the number of the UDP and the TCP port.
func (n *Network) Port() int { return n.sockets.port }

// Close releases the sockets. All peers must be closed before.
func (n *Network) Close() error { return n.sockets.close() }
