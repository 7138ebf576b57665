package peer

import (
	"encoding/binary"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

// shortcut hands over a microphone's packets where the socket gives them. On pion's way
// each passes four goroutines first (ICE's mux, the ICE candidate, the mux of DTLS and
// SRTP, SRTP), which is copying and waking fifty times a second and half of what its
// network costs. What cannot be taken here goes that way, too: whatever comes from an
// address whose holder is not proven, before the connection stands, by TCP, or with
// keys that are not known.
type shortcut struct {
	secrets secrets
	inlets  inlets

	mu     sync.Mutex    // held while a packet is handled
	opener *srtp.Context // nil = the keys are not known, or the peer is closed
	header rtp.Header    // of the packet
	proof  time.Time     // when pion is to see a packet again
}

// proofEvery is how often pion sees a packet, by which ICE knows that the browser is there.
const proofEvery = 500 * time.Millisecond

// open begins to take packets: the connection stands, and so DTLS has proved whose it is.
func (s *shortcut) open() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opener = s.secrets.opener()
}

// close ends it: when it returns no packet is being handled.
func (s *shortcut) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opener = nil
}

// take handles a packet of SRTP that came at a time, decrypted into a buffer; not taken
// = pion is to have it. The packet is left as it is.
func (s *shortcut) take(packet, buffer []byte, now time.Time) (taken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opener == nil || now.After(s.proof) {
		s.proof = now.Add(proofEvery)
		return false
	}
	in := s.inlets.of(binary.BigEndian.Uint32(packet[8:]))
	if in == nil {
		return false
	}
	open, err := s.opener.DecryptRTP(buffer, packet, &s.header)
	return err == nil && in.take(open)
}

// isSRTP reports whether a packet is RTP, by RFC 7983 7 and RFC 5761 4.
func isSRTP(packet []byte) bool {
	return len(packet) >= 12 && packet[0]>>6 == 2 && (packet[1] < 192 || packet[1] > 223)
}

// shortcut returns that of the peer at an address; nil when it is not known who is there.
func (h *holders) shortcut(from netip.AddrPort) *shortcut {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at[unmapped(from)].shortcut
}
