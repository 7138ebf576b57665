package peer_test

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"casey.internal/shared/apperr"
	"casey.internal/shared/wire"
	"casey.internal/worker/peer"
	"casey.internal/worker/peer/peertest"
)

// without removes the lines of an SDP that begin with prefix.
func without(sdp, prefix string) string {
	lines := strings.SplitAfter(sdp, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, prefix) }), "")
}

func TestBadOffers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		good := peertest.New(t, peertest.Options{Net: w.browser}).Offer(t, false)
		video := strings.ReplaceAll(good, "m=audio", "m=video")
		for _, c := range []struct {
			name, sdp string
			want      error
		}{
			{"nothing", "", peer.ErrOffer},
			{"not SDP", `{"type":"offer"}`, peer.ErrOffer},
			{"64 KB and more", "v=0\r\n" + strings.Repeat("a=x\r\n", 20_000), peer.ErrOfferTooLarge},
			{"500 m-lines", good + strings.Repeat("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", 500), peer.ErrSections},
			{"video only", video, peer.ErrNoAudio},
			{"no Opus", strings.ReplaceAll(good, "opus/48000", "G722/8000"), peer.ErrNoAudio},
			{"no fingerprint", without(good, "a=fingerprint"), peer.ErrNoFingerprint},
			{"no ufrag", without(good, "a=ice-ufrag"), peer.ErrNoUfrag},
			{"no password", without(good, "a=ice-pwd"), peer.ErrNoUfrag},
			{"no origin", without(good, "o="), peer.ErrOffer},
			{"a fingerprint that is none", strings.ReplaceAll(good, "sha-256", "rot-13"), nil},
			{"control characters", strings.ReplaceAll(good, "a=", "\x00="), peer.ErrNoAudio},
		} {
			p, err := w.network.Answer(t.Context(), c.sdp, newHeard())
			if p != nil {
				must(t, p.Close())
			}
			if !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", c.name, err, c.want)
			}
			if e, ok := errors.AsType[*apperr.Error](err); err != nil && (!ok || e.Message == "") {
				t.Errorf("%s: %v is nothing to show", c.name, err)
			}
		}
	})
}

func TestAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		public := netip.MustParseAddr("203.0.113.7")
		w := newWorld(t, func(c *peer.Config) { c.PublicAddress, c.FrameMs = public, 20 })
		b := peertest.New(t, peertest.Options{Net: w.browser})
		p := answer(t, w.network, b, newHeard())
		sdp := p.AnswerSDP()
		for _, want := range []string{
			"a=ptime:20\r\n", "a=setup:passive\r\n", "a=candidate:", " 203.0.113.7 4000 typ host",
			"urn:ietf:params:rtp-hdrext:ssrc-audio-level", "UDP/TLS/RTP/SAVPF 63 111\r\n", "a=sendrecv\r\n",
		} {
			if !strings.Contains(sdp, want) {
				t.Errorf("answer without %q", want)
			}
		}
		if strings.Contains(sdp, workerIP) {
			t.Error("answer with the local address")
		}
		if t.Failed() {
			t.Log(sdp)
		}
		<-b.Connected // by the local address all the same: the browser's own is in its offer
	})
}

func TestMaxMessageSize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		offer := peertest.New(t, peertest.Options{Net: w.browser}).Offer(t, false)
		for line, want := range map[string]int{
			"":                                  65535,
			"a=max-message-size:262144\r\n":     262144,
			"a=max-message-size:0\r\n":          65535,
			"a=max-message-size:x\r\n":          65535,
			"a=max-message-size:9876543210\r\n": 65535,
		} {
			p, err := w.network.Answer(t.Context(), without(offer, "a=max-message-size")+line, newHeard())
			must(t, err)
			if got := p.MaxMessageSize(); got != want {
				t.Errorf("%q: %d, want %d", line, got, want)
			}
			must(t, p.Close())
		}
	})
}

func TestFingerprint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		b := peertest.New(t, peertest.Options{Net: w.browser})
		offer := b.Offer(t, false)
		one, err := peer.Fingerprint(offer)
		must(t, err)
		lower, err := peer.Fingerprint(strings.ToLower(offer))
		must(t, err)
		if one == "" || one != lower {
			t.Errorf("%q and %q", one, lower)
		}
		if _, err := peer.Fingerprint("v=0\r\n"); err == nil {
			t.Error("a fingerprint of nothing")
		}
	})
}

func TestICECandidates(t *testing.T) {
	for _, c := range []struct {
		address string
		private bool // counts only where private addresses are allowed
		never   bool
	}{
		{address: "198.51.100.1"}, {address: "2001:db8::1"},
		{address: "10.0.0.1", private: true}, {address: "127.0.0.1", private: true}, {address: "169.254.169.254", private: true},
		{address: "192.168.1.1", private: true}, {address: "100.64.1.1", private: true}, {address: "fd00::1", private: true},
		{address: "::ffff:10.0.0.1", private: true}, {address: "::1", private: true},
		{address: "8a7e6f0c-5d0e-4d8a-9f6f-2f8a4b1e4c11.local", never: true}, {address: "0.0.0.0", never: true},
		{address: "224.0.0.1", never: true}, {address: "fe80::1%eth0", never: true}, {address: "example.com", never: true},
	} {
		line := fmt.Sprintf("candidate:1 1 udp 2113937151 %s 54321 typ host generation 0 ufrag abcd", c.address)
		if got, want := peer.Reachable(false, line), !c.private && !c.never; got != want {
			t.Errorf("%s: sends checks %v, want %v", c.address, got, want)
		}
		if got, want := peer.Reachable(true, line), !c.never; got != want {
			t.Errorf("%s: sends checks %v where private addresses are allowed, want %v", c.address, got, want)
		}
	}
}

func TestThousandICECandidates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, b, h := connected(t, newWorld(t), peertest.Options{})
		refused := 0
		for i := range 1000 {
			unknown := "some"
			c := wire.ICECandidate{Candidate: fmt.Sprintf("candidate:%d 1 udp 1 198.51.100.1 %d typ host", i, i+1)}
			if i%2 == 0 {
				c.UsernameFragment = &unknown
			}
			if err := p.AddICECandidate(c); errors.Is(err, peer.ErrICECandidates) {
				refused++
			} else if err != nil {
				t.Fatal(err)
			}
		}
		if refused != 1000-2*32 {
			t.Errorf("%d of 1000 refused", refused)
		}
		say(t, b, 0, 10)
		checkHeard(t, h, 10)
	})
}

func TestConfig(t *testing.T) {
	good := peer.Config{UDP: true, TCP: true, FrameMs: 20, Addresses: []netip.Addr{netip.MustParseAddr("127.0.0.1")}}
	for name, change := range map[string]func(*peer.Config){
		"port":          func(c *peer.Config) { c.Port = 70000 },
		"no networks":   func(c *peer.Config) { c.UDP, c.TCP = false, false },
		"frames":        func(c *peer.Config) { c.FrameMs = 30 },
		"not an own IP": func(c *peer.Config) { c.Addresses = []netip.Addr{netip.MustParseAddr("203.0.113.9")} },
	} {
		c := good
		change(&c)
		if n, err := peer.Listen(c); err == nil {
			t.Errorf("%s: no error", name)
			must(t, n.Close())
		}
	}
	n, err := peer.Listen(good)
	must(t, err)
	taken := good
	taken.Port = n.Port()
	if _, err := peer.Listen(taken); err == nil {
		t.Error("two networks on one port")
	}
	must(t, n.Close())
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", fmt.Sprintf("127.0.0.1:%d", n.Port()))
	must(t, err) // closed means free again
	must(t, l.Close())
}

// FuzzOffer gives pion whatever passes our own checks. Nothing may panic, and
// what cannot be answered must come with a sentence for people.
func FuzzOffer(f *testing.F) {
	network, err := peer.Listen(peer.Config{UDP: true, FrameMs: 40, Addresses: []netip.Addr{netip.MustParseAddr("127.0.0.1")}})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := network.Close(); err != nil {
			f.Error(err)
		}
	})
	offer := peertest.New(f, peertest.Options{}).Offer(f, false)
	f.Add(offer)
	f.Add(without(offer, "a=candidate"))
	f.Add(strings.ReplaceAll(offer, "a=mid:0", "a=mid:1"))
	f.Add(strings.ReplaceAll(offer, "sendrecv", "inactive"))
	f.Fuzz(func(t *testing.T, sdp string) {
		p, err := network.Answer(t.Context(), sdp, newHeard())
		if err != nil {
			if e := apperr.Of(err); e.Code == apperr.Internal {
				t.Errorf("an internal error: %v", err)
			}
			return
		}
		if p.AnswerSDP() == "" {
			t.Error("an empty answer")
		}
		if _, err := p.Restart(t.Context(), sdp); err != nil && apperr.Of(err).Code == apperr.Internal {
			t.Errorf("restart: %v", err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
}
