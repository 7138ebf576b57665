package local

import (
	"net"
	"net/netip"
	"strings"
)

// somewhere is an address of nobody (RFC 5737), to ask for the way to elsewhere.
var somewhere = &net.UDPAddr{IP: net.IPv4(203, 0, 113, 1), Port: 9}

// mediaAddresses are those at which workers offer media, as MEDIA_ADDRESS has
// them: loopback, and the machine's own address, for Firefox never uses
// loopback for ICE. A machine without a network has loopback alone.
func mediaAddresses() string {
	addresses := []string{"127.0.0.1"}
	if own := ownAddress(); own.IsValid() && !own.IsLoopback() {
		addresses = append(addresses, own.String())
	}
	return strings.Join(addresses, ",")
}

// ownAddress returns the IPv4 address from which this machine reaches others. It
// sends nothing.
func ownAddress() netip.Addr {
	conn, err := net.DialUDP("udp4", nil, somewhere)
	if err != nil {
		return netip.Addr{}
	}
	defer func() { _ = conn.Close() }() // nothing was written
	return conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
}
