package peer

import (
	"errors"
	"maps"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/pion/stun/v4"
	"github.com/pion/transport/v4"
)

// holderSilent is for how long nobody may have proved to be at an address until another
// peer's browser may take it: two of the worker's own checks were not answered by then.
const holderSilent = 2 * keepAlive

// maxHeld limits the addresses of one peer that are remembered.
const maxHeld = 64

// holders knows which peer is at which address of the network. Pion gives what comes
// from an address to the peer that was there before, until that is closed; so of two
// browsers that a network puts behind the same address, one after the other, the
// second never got through.
//
// A check of connectivity moves an address to another peer only if it has that
// peer's password (MESSAGE-INTEGRITY, RFC 8489 14.5), and the one before has neither
// sent nor answered a check for a while: what is forged, or comes from a browser of its own under
// somebody else's address, ends no interview.
type holders struct {
	mu    sync.Mutex
	peers map[string]tenant // by the worker's user fragment
	at    map[netip.AddrPort]holder
}

// credentials tell who speaks.
type credentials struct {
	ufrag    string // the worker's
	password string // of checks by the browser
	answers  string // the password of its answers to the worker's checks
}

// tenant is a peer that can prove to be at an address.
type tenant struct {
	credentials
	evict    func()    // must not block
	shortcut *shortcut // of its packets
	held     int       // addresses
}

type holder struct {
	ufrag    string
	since    time.Time // of the last proof
	shortcut *shortcut
}

func newHolders() *holders {
	return &holders{peers: map[string]tenant{}, at: map[netip.AddrPort]holder{}}
}

// enter makes a peer known by its user fragment.
func (h *holders) enter(who tenant) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.peers[who.ufrag] = who
}

// leave forgets a user fragment, and where its peer is.
func (h *holders) leave(ufrag string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.peers, ufrag)
	maps.DeleteFunc(h.at, func(_ netip.AddrPort, by holder) bool { return by.ufrag == ufrag })
}

// see notes who proves, by a message of STUN, to be at an address.
func (h *holders) see(packet []byte, from netip.AddrPort, now time.Time) {
	m := &stun.Message{Raw: append([]byte(nil), packet...)}
	if m.Decode() != nil {
		return
	}
	from = unmapped(from)
	h.mu.Lock()
	defer h.mu.Unlock()
	switch m.Type {
	case stun.BindingRequest:
		h.asked(m, from, now)
	case stun.BindingSuccess:
		if by, ok := h.at[from]; ok && proves(m, h.peers[by.ufrag].answers) {
			h.hold(from, by.ufrag, now)
		}
	}
}

// asked notes a browser's check. A peer that was there before, and has been silent,
// is evicted. The caller holds mu.
func (h *holders) asked(m *stun.Message, from netip.AddrPort, now time.Time) {
	name, err := m.Get(stun.AttrUsername)
	if err != nil {
		return
	}
	ufrag, _, _ := strings.Cut(string(name), ":")
	who, known := h.peers[ufrag]
	before, taken := h.at[from]
	taken = taken && before.ufrag != ufrag
	if !known || taken && now.Sub(before.since) < holderSilent || !proves(m, who.password) {
		return
	}
	if taken {
		h.peers[before.ufrag].evict()
	}
	h.hold(from, ufrag, now)
}

// hold notes who is at an address. The caller holds mu.
func (h *holders) hold(at netip.AddrPort, ufrag string, now time.Time) {
	who := h.peers[ufrag]
	if h.at[at].ufrag != ufrag {
		if who.held >= maxHeld {
			return
		}
		who.held++
		h.peers[ufrag] = who
	}
	h.at[at] = holder{ufrag, now, who.shortcut}
}

// unmapped is an address of IPv4 as such, however a socket of both has it.
func unmapped(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

func proves(m *stun.Message, password string) bool {
	return stun.NewShortTermIntegrity(password).Check(m) == nil
}

// watched is a UDP socket whose packets its holders see, and whose microphones take the
// shortcut.
type watched struct {
	transport.UDPConn
	holders *holders
	open    [mtu]byte // a packet, decrypted
}

// errNoUDPAddress says that a socket gave a packet of no UDP address.
var errNoUDPAddress = errors.New("peer: a packet came from no UDP address")

// ReadFromAddrPort implements ice.AddrPortReaderWriter, for one reader: it gives pion's
// mux what is for pion.
func (w *watched) ReadFromAddrPort(b []byte) (n int, from netip.AddrPort, err error) {
	for {
		n, from, err = w.read(b)
		if err != nil || !isSRTP(b[:n]) {
			return n, from, err
		}
		if s := w.holders.shortcut(from); s == nil || !s.take(b[:n], w.open[:], time.Now()) {
			return n, from, nil
		}
	}
}

// read reads a packet.
func (w *watched) read(b []byte) (n int, from netip.AddrPort, err error) {
	if socket, ok := w.UDPConn.(*net.UDPConn); ok {
		n, from, err = socket.ReadFromUDPAddrPort(b) // without an allocation
	} else {
		var address net.Addr
		if n, address, err = w.ReadFrom(b); err == nil {
			udp, ok := address.(*net.UDPAddr)
			if !ok {
				return 0, from, errNoUDPAddress
			}
			from = udp.AddrPort()
		}
	}
	if err == nil && stun.IsMessage(b[:n]) { // one in a hundred
		w.holders.see(b[:n], from, time.Now())
	}
	return n, from, err
}

// WriteToAddrPort implements ice.AddrPortReaderWriter.
func (w *watched) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	if socket, ok := w.UDPConn.(*net.UDPConn); ok {
		return socket.WriteToUDPAddrPort(b, to)
	}
	return w.WriteTo(b, net.UDPAddrFromAddrPort(to))
}
