package peer

import (
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/srtp/v3"
)

// ListenOn lets tests of this package run on pion's virtual network.
var ListenOn = listen

// Reachable reports whether a worker would send checks to a candidate.
func Reachable(allowPrivate bool, candidate string) bool {
	n := Network{cfg: Config{AllowPrivate: allowPrivate}}
	return n.reachable(candidate)
}

// stuckStream takes nothing that is written to it.
type stuckStream struct {
	closed chan struct{}
	once   sync.Once
}

func (s *stuckStream) ReadDataChannel([]byte) (int, bool, error) {
	<-s.closed
	return 0, false, ErrNoChannel
}
func (s *stuckStream) WriteDataChannel([]byte, bool) (int, error) { <-s.closed; return 0, ErrNoChannel }
func (s *stuckStream) Close() error                               { s.once.Do(func() { close(s.closed) }); return nil }

// NewStuck returns a peer whose open channel takes nothing, and ends it.
func NewStuck(h Handler) (p *Peer, end func()) {
	p = &Peer{log: slog.New(slog.DiscardHandler), handler: h, channel: newChannel(), goroutines: goroutines{done: make(chan struct{})}}
	p.maxSize.Store(defaultMessageSize)
	p.channel.open.Store(true)
	s := &stuckStream{closed: make(chan struct{})}
	p.start(func() { p.write(s) })
	return p, func() { p.close(); closeQuietly(s); p.wait() }
}

// Holders are those of a test.
type Holders struct{ h *holders }

// NewHolders returns holders that know nobody.
func NewHolders() Holders { return Holders{newHolders()} }

// Enter makes a peer known.
func (h Holders) Enter(ufrag, password, answers string, evict func()) {
	h.h.enter(tenant{credentials: credentials{ufrag, password, answers}, evict: evict})
}

// See shows a packet.
func (h Holders) See(packet []byte, from netip.AddrPort, now time.Time) { h.h.see(packet, from, now) }

// Shortcut is one of a test.
type Shortcut struct{ s *shortcut }

// NewShortcut returns a shortcut to who listens to one stream.
func NewShortcut(opener *srtp.Context, ssrc uint32, listen func([]byte)) Shortcut {
	s := &shortcut{opener: opener}
	s.inlets.enter(ssrc).hand(listen)
	return Shortcut{s}
}

// Take has a packet take it.
func (s Shortcut) Take(packet, buffer []byte, now time.Time) bool {
	return s.s.take(packet, buffer, now)
}

// Close closes it.
func (s Shortcut) Close() { s.s.close() }
