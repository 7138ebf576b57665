package e2e

import (
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// relayHost is the address at which browsers find a worker behind a relay.
const relayHost = "127.0.0.2"

// relay carries the datagrams between browsers and a worker's media port, and
// loses media at random when it is told to.
type relay struct {
	port   int
	front  *net.UDPConn
	worker *net.UDPAddr
	lose   atomic.Uint64 // of 1000 packets
	lost   atomic.Int64
	wg     sync.WaitGroup

	mu     sync.Mutex
	random *rand.Rand
	backs  map[string]*net.UDPConn // by the browser's address
}

// startRelay relays, until the test ends, what comes to a port of relayHost to
// the same port of 127.0.0.1.
func startRelay(t *testing.T) *relay {
	t.Helper()
	front, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.ParseIP(relayHost)})
	if err != nil {
		t.Fatal(err)
	}
	port := front.LocalAddr().(*net.UDPAddr).Port
	r := &relay{
		port: port, front: front, worker: &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port},
		random: rand.New(rand.NewPCG(1, 2)), backs: map[string]*net.UDPConn{},
	}
	r.wg.Go(r.forward)
	t.Cleanup(r.close)
	return r
}

// env returns the environment of a worker behind the relay.
func (r *relay) env() []string {
	return []string{
		fmt.Sprintf("MEDIA_PORT=%d", r.port), "MEDIA_ADDRESS=127.0.0.1", "PUBLIC_ADDRESS=" + relayHost,
		"MEDIA_NETWORKS=udp", "ALLOW_PRIVATE_CANDIDATES=0", // all checks come through the relay
	}
}

func (r *relay) close() {
	_ = r.front.Close()
	r.mu.Lock()
	for _, back := range r.backs {
		_ = back.Close()
	}
	r.mu.Unlock()
	r.wg.Wait()
}

// forward carries what browsers send.
func (r *relay) forward() {
	buffer := make([]byte, 2048)
	for {
		n, browser, err := r.front.ReadFromUDP(buffer)
		if err != nil {
			return
		}
		if r.drops(buffer[:n]) {
			continue
		}
		if back := r.back(browser); back != nil {
			_, _ = back.Write(buffer[:n]) // a worker that is not there loses it
		}
	}
}

// back is the socket that stands for a browser before the worker.
func (r *relay) back(browser *net.UDPAddr) *net.UDPConn {
	r.mu.Lock()
	defer r.mu.Unlock()
	if back := r.backs[browser.String()]; back != nil {
		return back
	}
	back, err := net.DialUDP("udp4", nil, r.worker)
	if err != nil {
		return nil
	}
	r.backs[browser.String()] = back
	r.wg.Go(func() { r.backward(back, browser) })
	return back
}

// backward carries what the worker sends to one browser.
func (r *relay) backward(back *net.UDPConn, browser *net.UDPAddr) {
	buffer := make([]byte, 2048)
	for {
		n, err := back.Read(buffer)
		switch {
		case isClosed(err):
			return
		case err == nil && !r.drops(buffer[:n]):
			_, _ = r.front.WriteToUDP(buffer[:n], browser)
		}
	}
}

// drops decides over a datagram: RTP, but neither RTCP nor DTLS nor STUN, may
// be lost (RFC 7983, RFC 5761).
func (r *relay) drops(packet []byte) bool {
	if len(packet) < 12 || packet[0]>>6 != 2 || packet[1]&0x7f >= 64 && packet[1]&0x7f < 96 {
		return false
	}
	r.mu.Lock()
	lose := r.random.Uint64N(1000) < r.lose.Load()
	r.mu.Unlock()
	if lose {
		r.lost.Add(1)
	}
	return lose
}
