package peer_test

import (
	"bytes"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"casey.internal/worker/peer"
	"casey.internal/worker/peer/peertest"
)

// byTheSocket counts the packets that are handled in the socket's goroutine.
type byTheSocket struct {
	*heard
	short atomic.Int64
}

func (h *byTheSocket) Packet(p peer.Packet) {
	if bytes.Contains(debug.Stack(), []byte("ReadFromAddrPort")) {
		h.short.Add(1)
	}
	h.heard.Packet(p)
}

// TestPacketsTakeTheShortcut: all but the one in half a second that pion is to see, whatever
// the keys are for, after an ICE restart too; and nothing is heard twice or in another order.
func TestPacketsTakeTheShortcut(t *testing.T) {
	for name, profile := range map[string]dtls.SRTPProtectionProfile{
		"AES-GCM": dtls.SRTP_AEAD_AES_128_GCM, "AES-CM": dtls.SRTP_AES128_CM_HMAC_SHA1_80,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, h := newWorld(t), &byTheSocket{heard: newHeard()}
				b := peertest.New(t, peertest.Options{Net: w.browser, SRTP: profile})
				p := answer(t, w.network, b, h)
				<-b.Opened
				<-h.opened
				time.Sleep(time.Second)
				say(t, b, 0, 100)
				if n := h.short.Load(); n < 90 || n > 97 {
					t.Errorf("%d of 100 packets took the shortcut", n)
				}
				restarted, err := p.Restart(t.Context(), b.Offer(t, true))
				must(t, err)
				b.Accept(t, restarted)
				time.Sleep(5 * time.Second)
				say(t, b, 100, 100)
				checkOrder(t, h.heard, 200)
				if n := h.short.Load(); n < 180 {
					t.Errorf("%d of 200 packets took the shortcut", n)
				}
			})
		})
	}
}

// checkOrder wants n packets, each once and in order.
func checkOrder(t *testing.T, h *heard, n int) {
	t.Helper()
	all := h.sequences()
	if len(all) != n || !slices.IsSorted(all) || len(slices.Compact(all)) != n {
		t.Errorf("%d packets heard, want %d in order: %v", len(all), n, all)
	}
}

// TestAMicrophoneKeepsItsPeer: ICE knows of a browser that answers no check, but talks.
func TestAMicrophoneKeepsItsPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		_, b, h := connected(t, w, peertest.Options{})
		say(t, b, 0, 10)
		w.unchecked.Store(true)
		say(t, b, 10, 500)
		checkOrder(t, h, 510)
		if got := h.stateNames(); got != "connecting connected" {
			t.Errorf("states %q", got)
		}
	})
}

// TestWhatTakesNoShortcut: what is forged, or comes again, or is of nobody who listens,
// is heard by none and left to pion.
func TestWhatTakesNoShortcut(t *testing.T) {
	key, salt := bytes.Repeat([]byte{1}, 16), bytes.Repeat([]byte{2}, 12)
	other := bytes.Repeat([]byte{3}, 16)
	var count uint16
	packet := func(t *testing.T, key []byte, ssrc uint32) []byte {
		t.Helper()
		c, err := srtp.CreateContext(key, salt, srtp.ProtectionProfileAeadAes128Gcm)
		must(t, err)
		count++
		raw, err := (&rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: count, SSRC: ssrc}, Payload: []byte("voice")}).Marshal()
		must(t, err)
		sealed, err := c.EncryptRTP(nil, raw, nil)
		must(t, err)
		return sealed
	}
	var heard int
	opener, err := srtp.CreateContext(key, salt, srtp.ProtectionProfileAeadAes128Gcm, srtp.SRTPReplayProtection(64))
	must(t, err)
	s := peer.NewShortcut(opener, 7, func([]byte) { heard++ })
	now := time.Unix(1_000_000, 0)
	buffer := make([]byte, 1500)
	s.Take(packet(t, key, 7), buffer, now) // pion's
	good := packet(t, key, 7)
	for _, step := range []struct {
		name   string
		packet []byte
		after  time.Duration
		taken  bool
	}{
		{"one that is right", good, 0, true},
		{"the same again", good, 0, false},
		{"one with another's key", packet(t, other, 7), 0, false},
		{"one that was cut", packet(t, key, 7)[:20], 0, false},
		{"one of an unknown stream", packet(t, key, 8), 0, false},
		{"half a second later", packet(t, key, 7), 501 * time.Millisecond, false},
		{"the next", packet(t, key, 7), 502 * time.Millisecond, true},
	} {
		before, was := heard, bytes.Clone(step.packet)
		if taken := s.Take(step.packet, buffer, now.Add(step.after)); taken != step.taken || heard-before != map[bool]int{true: 1}[taken] {
			t.Errorf("%s: taken %v, heard %d", step.name, taken, heard-before)
		}
		if !bytes.Equal(was, step.packet) {
			t.Errorf("%s: pion would get another packet", step.name)
		}
	}
	s.Close()
	if s.Take(packet(t, key, 7), buffer, now.Add(503*time.Millisecond)) {
		t.Error("a closed peer hears")
	}
}

// TestTheShortcutAllocatesNothing: fifty packets a second of each session take it.
func TestTheShortcutAllocatesNothing(t *testing.T) {
	key, salt := bytes.Repeat([]byte{1}, 16), bytes.Repeat([]byte{2}, 12)
	sealer, err := srtp.CreateContext(key, salt, srtp.ProtectionProfileAeadAes128Gcm)
	must(t, err)
	opener, err := srtp.CreateContext(key, salt, srtp.ProtectionProfileAeadAes128Gcm, srtp.SRTPNoReplayProtection())
	must(t, err)
	heard := 0
	s, now, buffer := peer.NewShortcut(opener, 7, func([]byte) { heard++ }), time.Now(), make([]byte, 1500)
	p := &rtp.Packet{Header: rtp.Header{Version: 2, SSRC: 7}, Payload: make([]byte, 80)}
	must(t, p.SetExtension(1, []byte{20}))
	raw, err := p.Marshal()
	must(t, err)
	sealed, err := sealer.EncryptRTP(nil, raw, nil)
	must(t, err)
	s.Take(sealed, buffer, now) // pion's
	if n := testing.AllocsPerRun(100, func() { s.Take(sealed, buffer, now) }); n != 0 || heard != 101 {
		t.Errorf("%v allocations a packet, %d heard", n, heard)
	}
}
