package peer

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/transport/v4"
)

const (
	// socketBuffer holds about a second of 300 sessions. Linux gives at most
	// net.core.rmem_max of it.
	socketBuffer = 4 << 20
	// tcpWriteBuffer is what may wait for one slow TCP client, some ten seconds
	// of audio. Without it a write blocks, and with it the pacing of everybody.
	tcpWriteBuffer = 64 << 10
	// tcpReadPackets is how many of a TCP client's packets wait between two of pion's
	// goroutines; the others wait in the socket. Each peer has room for them, by TCP or not.
	tcpReadPackets = 8
	// portTries is how often another free port is tried when the one that UDP
	// got is taken for TCP.
	portTries = 10
)

// sockets are the shared UDP and TCP ports, split between peers by ICE ufrag.
type sockets struct {
	port      int
	addresses []netip.Addr
	udp       []ice.UDPMux // one an address
	tcp       *ice.TCPMuxDefault
	holders   *holders // of the remote UDP addresses
}

// openSockets binds every address for UDP and, on the same port, TCP.
func openSockets(cfg Config, on transport.Net) (*sockets, error) {
	addresses, err := bindable(cfg, on)
	if err != nil {
		return nil, err
	}
	tries := 1
	if cfg.Port == 0 {
		tries = portTries
	}
	var last error
	for range tries {
		s := &sockets{port: cfg.Port, addresses: addresses, holders: newHolders()}
		if last = s.open(cfg, on); last == nil {
			return s, nil
		}
		last = errors.Join(last, s.close())
	}
	return nil, last
}

func (s *sockets) open(cfg Config, on transport.Net) error {
	if cfg.UDP {
		if err := s.openUDP(cfg, on); err != nil {
			return err
		}
	}
	if cfg.TCP {
		return s.openTCP(cfg, on)
	}
	return nil
}

func (s *sockets) openUDP(cfg Config, on transport.Net) error {
	for _, a := range s.addresses {
		conn, err := on.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(a, uint16(s.port))))
		if err != nil {
			return fmt.Errorf("peer: listen on UDP %s port %d: %w", a, s.port, err)
		}
		s.port = conn.LocalAddr().(*net.UDPAddr).Port
		// A system may refuse the size; what it gives is still enough for a few sessions.
		if err := errors.Join(conn.SetReadBuffer(socketBuffer), conn.SetWriteBuffer(socketBuffer)); err != nil {
			cfg.Log.Debug("socket buffer not enlarged", "error", err)
		}
		s.udp = append(s.udp, ice.NewUDPMuxDefault(ice.UDPMuxParams{
			UDPConn: &watched{UDPConn: conn, holders: s.holders}, Net: on, Logger: loggers{cfg.Log}.NewLogger("udp"),
		}))
	}
	return nil
}

func (s *sockets) openTCP(cfg Config, on transport.Net) error {
	local := &net.TCPAddr{Port: s.port} // all addresses: candidates are filtered by address
	if len(s.addresses) == 1 {
		local = net.TCPAddrFromAddrPort(netip.AddrPortFrom(s.addresses[0], uint16(s.port)))
	}
	listener, err := on.ListenTCP("tcp", local)
	if err != nil {
		return fmt.Errorf("peer: listen on TCP port %d: %w", s.port, err)
	}
	s.port = listener.Addr().(*net.TCPAddr).Port
	s.tcp = ice.NewTCPMuxDefault(ice.TCPMuxParams{
		Listener: listener, ReadBufferSize: tcpReadPackets, WriteBufferSize: tcpWriteBuffer,
		FirstStunBindTimeout: 10 * time.Second, Logger: loggers{cfg.Log}.NewLogger("tcp"),
	})
	return nil
}

// close releases what is open; a mux closes the socket it was given.
func (s *sockets) close() error {
	var errs []error
	for _, m := range s.udp {
		errs = append(errs, m.Close())
	}
	if s.tcp != nil {
		errs = append(errs, s.tcp.Close())
	}
	return errors.Join(errs...)
}

// bindable returns the addresses to bind: the named ones, or all that a browser
// could reach. Loopback counts where private addresses do, and only without a
// public address, whose family decides when there is one.
func bindable(cfg Config, on transport.Net) ([]netip.Addr, error) {
	if len(cfg.Addresses) > 0 {
		return cfg.Addresses, nil
	}
	interfaces, err := on.Interfaces()
	if err != nil {
		return nil, fmt.Errorf("peer: read interfaces: %w", err)
	}
	var found []netip.Addr
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 {
			continue
		}
		addrs, err := i.Addrs()
		if err != nil {
			return nil, fmt.Errorf("peer: read addresses of %s: %w", i.Name, err)
		}
		for _, a := range addrs {
			if n, ok := a.(*net.IPNet); ok {
				if ip, ok := netip.AddrFromSlice(n.IP); ok && usable(cfg, ip.Unmap()) {
					found = append(found, ip.Unmap())
				}
			}
		}
	}
	slices.SortFunc(found, netip.Addr.Compare)
	if found = slices.Compact(found); len(found) == 0 {
		return nil, errors.New("peer: this machine has no usable address")
	}
	return found, nil
}

func usable(cfg Config, ip netip.Addr) bool {
	if cfg.PublicAddress.IsValid() {
		return ip.IsGlobalUnicast() && ip.Is4() == cfg.PublicAddress.Is4()
	}
	return ip.IsGlobalUnicast() || cfg.AllowPrivate && ip.IsLoopback()
}
