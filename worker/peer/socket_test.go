package peer_test

import (
	"errors"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"casey.internal/worker/peer"
	"casey.internal/worker/peer/peertest"
)

// patience is for real sockets on a busy machine.
const patience = 20 * time.Second

// eventually waits until a condition holds, which only real sockets need.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}

// TestRealSockets connects over loopback, by UDP and by TCP alone, and leaves no
// goroutine behind.
func TestRealSockets(t *testing.T) {
	for _, tcp := range []bool{false, true} {
		name := "UDP"
		if tcp {
			name = "TCP"
		}
		t.Run(name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			converse(t, tcp)
			eventually(t, "as many goroutines as before", func() bool { return runtime.NumGoroutine() <= before })
		})
	}
}

// converse connects, exchanges audio and messages both ways, and closes all.
func converse(t *testing.T, tcp bool) {
	t.Helper()
	n, err := peer.Listen(peer.Config{
		Addresses: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, UDP: !tcp, TCP: tcp, AllowPrivate: true, FrameMs: 20,
	})
	must(t, err)
	h, b := newHeard(), peertest.New(t, peertest.Options{TCP: tcp})
	p, err := n.Answer(t.Context(), b.Offer(t, false), h)
	must(t, err)
	if got := strings.Count(p.AnswerSDP(), "a=candidate:"); got == 0 {
		t.Errorf("no candidates in\n%s", p.AnswerSDP())
	}
	b.Accept(t, p.AnswerSDP())
	select {
	case <-h.opened:
	case <-time.After(patience):
		t.Fatal("the data channel did not open")
	}
	sent := 0
	eventually(t, "audio both ways", func() bool {
		b.Speak(t, packet(sent), uint32(sent*960), 20)
		must(t, p.WriteRTP(packet(sent), uint32(sent*960), sent == 0))
		sent++
		return len(h.sequences()) >= 10 && len(b.Packets) >= 10
	})
	must(t, p.Send([]byte("to the browser")))
	select {
	case m := <-b.Messages:
		if string(m.Data) != "to the browser" {
			t.Errorf("message %q", m.Data)
		}
	case <-time.After(patience):
		t.Fatal("no message")
	}
	b.Close()
	eventually(t, "the worker hears that the browser closed", func() bool { return strings.HasSuffix(h.stateNames(), "closed") })
	must(t, p.Close())
	must(t, n.Close())
}

// TestOnePort binds UDP and TCP on one number, on all addresses of the machine.
func TestOnePort(t *testing.T) {
	n, err := peer.Listen(peer.Config{UDP: true, TCP: true, AllowPrivate: true, FrameMs: 40})
	must(t, err)
	defer func() { must(t, n.Close()) }()
	p, err := n.Answer(t.Context(), peertest.New(t, peertest.Options{}).Offer(t, false), newHeard())
	must(t, err)
	defer func() { must(t, p.Close()) }()
	ports := map[string]bool{}
	transports := map[string]bool{}
	for line := range strings.Lines(p.AnswerSDP()) {
		if c, ok := strings.CutPrefix(line, "a=candidate:"); ok {
			f := strings.Fields(c)
			transports[f[2]], ports[f[5]] = true, true
		}
	}
	if len(ports) != 1 || len(transports) != 2 {
		t.Errorf("ports %v, transports %v in\n%s", ports, transports, p.AnswerSDP())
	}
}

// BenchmarkWriteRTP sends packets of 40 ms over loopback: encryption and the
// system call are nearly all of it.
func BenchmarkWriteRTP(b *testing.B) {
	n, err := peer.Listen(peer.Config{
		Addresses: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, UDP: true, AllowPrivate: true, FrameMs: 40,
	})
	if err != nil {
		b.Fatal(err)
	}
	h, browser := newHeard(), peertest.New(b, peertest.Options{})
	p, err := n.Answer(b.Context(), browser.Offer(b, false), h)
	if err != nil {
		b.Fatal(err)
	}
	browser.Accept(b, p.AnswerSDP())
	<-h.opened
	payload := make([]byte, 160)
	b.ReportAllocs()
	for b.Loop() {
		if err := p.WriteRTP(payload, 0, false); err != nil {
			b.Fatal(err)
		}
	}
	if err := errors.Join(p.Close(), n.Close()); err != nil {
		b.Error(err)
	}
}
