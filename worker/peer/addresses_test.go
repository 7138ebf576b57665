package peer_test

import (
	"net"
	"net/netip"
	"strings"
	"testing"

	"casey.internal/worker/peer"
	"casey.internal/worker/peer/peertest"
)

// TestEachAddressIsAnnounced: a browser that does not use the one may use the other.
func TestEachAddressIsAnnounced(t *testing.T) {
	addresses := []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	interfaces, err := net.InterfaceAddrs()
	must(t, err)
	for _, a := range interfaces {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsGlobalUnicast() {
			addresses = append(addresses, netip.MustParseAddr(n.IP.String()))
		}
	}
	n, err := peer.Listen(peer.Config{Addresses: addresses, UDP: true, TCP: true, AllowPrivate: true, FrameMs: 40})
	must(t, err)
	defer func() { must(t, n.Close()) }()
	p, err := n.Answer(t.Context(), peertest.New(t, peertest.Options{}).Offer(t, false), newHeard())
	must(t, err)
	defer func() { must(t, p.Close()) }()
	for _, a := range addresses {
		if n := strings.Count(p.AnswerSDP(), " "+a.String()+" "); n < 2 {
			t.Errorf("%s is announced %d times, want for UDP and TCP, in\n%s", a, n, p.AnswerSDP())
		}
	}
}
