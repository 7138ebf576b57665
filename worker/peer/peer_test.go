package peer_test

import (
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/logging"
	"github.com/pion/stun/v4"
	"github.com/pion/transport/v4/vnet"

	"casey.internal/worker/peer"
	"casey.internal/worker/peer/peertest"
)

const (
	workerIP  = "1.2.3.4"
	browserIP = "1.2.3.5"
)

// world is a virtual network with the worker on it and room for a browser.
type world struct {
	router  *vnet.Router
	network *peer.Network
	browser *vnet.Net
	cut     atomic.Bool // nothing passes the network

	unchecked atomic.Bool // no check of ICE does
}

func newWorld(t *testing.T, change ...func(*peer.Config)) *world {
	t.Helper()
	router, err := vnet.NewRouter(&vnet.RouterConfig{
		CIDR: "1.2.3.0/24", MinDelay: 20 * time.Millisecond, LoggerFactory: logging.NewDefaultLoggerFactory(),
	})
	must(t, err)
	w := &world{router: router, browser: join(t, router, browserIP)}
	router.AddChunkFilter(func(c vnet.Chunk) bool {
		return !w.cut.Load() && (!w.unchecked.Load() || !stun.IsMessage(c.UserData()))
	})
	host := join(t, router, workerIP)
	must(t, router.Start())
	t.Cleanup(func() { must(t, router.Stop()) })
	cfg := peer.Config{Port: 4000, Addresses: []netip.Addr{netip.MustParseAddr(workerIP)}, UDP: true, FrameMs: 40,
		Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))}
	for _, f := range change {
		f(&cfg)
	}
	w.network, err = peer.ListenOn(cfg, host)
	must(t, err)
	t.Cleanup(func() { must(t, w.network.Close()) })
	return w
}

func join(t *testing.T, router *vnet.Router, ip string) *vnet.Net {
	t.Helper()
	n, err := vnet.NewNet(&vnet.NetConfig{StaticIPs: []string{ip}})
	must(t, err)
	must(t, router.AddNet(n))
	return n
}

// answer lets the worker answer a browser's offer; the peer closes with the test.
func answer(t *testing.T, n *peer.Network, b *peertest.Browser, h peer.Handler) *peer.Peer {
	t.Helper()
	p, err := n.Answer(t.Context(), b.Offer(t, false), h)
	must(t, err)
	t.Cleanup(func() { must(t, p.Close()) })
	b.Accept(t, p.AnswerSDP())
	return p
}

// heard records what a peer tells its handler.
type heard struct {
	mu       sync.Mutex
	packets  []peer.Packet
	states   []peer.State
	channels []string
	messages []string
	lost     int
	opened   chan struct{}
}

func newHeard() *heard { return &heard{opened: make(chan struct{})} }

func (h *heard) Packet(p peer.Packet) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p.Payload = slices.Clone(p.Payload)
	h.packets = append(h.packets, p)
}

func (h *heard) Channel(label, protocol string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.channels = append(h.channels, label+"/"+protocol)
	close(h.opened)
}

func (h *heard) ChannelLost() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lost++
}

func (h *heard) channelsLost() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.lost
}

func (h *heard) Message(data []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.messages = append(h.messages, string(data))
}

func (h *heard) State(s peer.State) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.states = append(h.states, s)
}

func (h *heard) sequences() (all []uint16) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.packets {
		all = append(all, p.Sequence)
	}
	return all
}

func (h *heard) stateNames() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	names := make([]string, len(h.states))
	for i, s := range h.states {
		names[i] = s.String()
	}
	return strings.Join(names, " ")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// packet is an Opus packet that can be told from others.
func packet(i int) []byte { return []byte{0x78, byte(i >> 8), byte(i), 0x55} }

func TestAudioAndDataBothWays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		h, b := newHeard(), peertest.New(t, peertest.Options{Net: w.browser})
		p := answer(t, w.network, b, h)
		<-b.Connected
		<-b.Opened
		<-h.opened
		for i := range 50 {
			b.Speak(t, packet(i), uint32(i*960), uint8(i))
			must(t, p.WriteRTP(packet(i), uint32(i*1920), i == 0))
			time.Sleep(20 * time.Millisecond)
		}
		must(t, p.Send([]byte(`{"seq":1}`)))
		must(t, p.SendBinary([]byte{0xff, 0xfb}))
		must(t, b.Data.SendText(`{"type":"nudge"}`))
		time.Sleep(time.Second)
		synctest.Wait()

		checkHeard(t, h, 50)
		if got, want := h.channels, []string{"casey/casey.v1"}; !slices.Equal(got, want) {
			t.Errorf("channels %q, want %q", got, want)
		}
		if got, want := h.messages, []string{`{"type":"nudge"}`}; !slices.Equal(got, want) {
			t.Errorf("messages %q, want %q", got, want)
		}
		if got, want := h.stateNames(), "connecting connected"; got != want {
			t.Errorf("states %q, want %q", got, want)
		}
		checkSpoken(t, b, 50)
		text, binary := <-b.Messages, <-b.Messages
		if !text.IsString || string(text.Data) != `{"seq":1}` || binary.IsString || len(binary.Data) != 2 {
			t.Errorf("messages %+v and %+v", text, binary)
		}
	})
}

// checkHeard wants n packets in order, with the levels that were sent.
func checkHeard(t *testing.T, h *heard, n int) {
	t.Helper()
	if len(h.packets) != n {
		t.Fatalf("%d packets heard, want %d", len(h.packets), n)
	}
	for i, p := range h.packets {
		if string(p.Payload) != string(packet(i)) || p.Timestamp != uint32(i*960) || p.Level != uint8(i) || !p.HasLevel {
			t.Fatalf("packet %d is %+v", i, p)
		}
	}
}

// checkSpoken wants n packets with rising sequence numbers and our RTP clock.
func checkSpoken(t *testing.T, b *peertest.Browser, n int) {
	t.Helper()
	if len(b.Packets) != n {
		t.Fatalf("%d packets spoken, want %d", len(b.Packets), n)
	}
	first := <-b.Packets
	if !first.Marker || first.PayloadType != 111 {
		t.Errorf("first packet: marker %v, payload type %d", first.Marker, first.PayloadType)
	}
	for i := 1; i < n; i++ {
		p := <-b.Packets
		if p.SequenceNumber != first.SequenceNumber+uint16(i) || p.Timestamp != uint32(i*1920) {
			t.Fatalf("packet %d: sequence %d after %d, timestamp %d", i, p.SequenceNumber, first.SequenceNumber, p.Timestamp)
		}
	}
}
