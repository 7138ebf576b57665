package peer_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/webrtc/v4"

	"casey.internal/shared/wire"
	"casey.internal/worker/peer"
	"casey.internal/worker/peer/peertest"
)

// connected answers a browser and waits until audio and data can flow.
func connected(t *testing.T, w *world, o peertest.Options) (*peer.Peer, *peertest.Browser, *heard) {
	t.Helper()
	o.Net = w.browser
	h, b := newHeard(), peertest.New(t, o)
	p := answer(t, w.network, b, h)
	<-b.Connected
	<-b.Opened
	<-h.opened
	time.Sleep(time.Second)
	return p, b, h
}

// say sends n packets in real time and waits for the last.
func say(t *testing.T, b *peertest.Browser, from, n int) {
	t.Helper()
	for i := from; i < from+n; i++ {
		b.Speak(t, packet(i), uint32(i*960), uint8(i))
		time.Sleep(20 * time.Millisecond)
	}
	time.Sleep(time.Second)
	synctest.Wait()
}

func TestREDRepairsLoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, b, h := connected(t, newWorld(t), peertest.Options{})
		for i := range 500 {
			if i%10 == 7 {
				b.Lose(packet(i))
			} else {
				b.Speak(t, packet(i), uint32(i*960), 20)
			}
			time.Sleep(20 * time.Millisecond)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if got := h.sequences(); len(got) != 500 || !slices.IsSorted(got) {
			t.Fatalf("%d of 500 packets, in order: %v", len(got), slices.IsSorted(got))
		}
		for i, p := range h.packets {
			if !bytes.Equal(p.Payload, packet(i)) || p.Timestamp != uint32(i*960) || p.HasLevel != (i%10 != 7) {
				t.Fatalf("packet %d: %+v", i, p)
			}
		}
	})
}

func TestBrowserWithoutRED(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, b, h := connected(t, newWorld(t), peertest.Options{NoRED: true})
		say(t, b, 0, 50)
		checkHeard(t, h, 50)
	})
}

func TestBothSRTPProfiles(t *testing.T) {
	for _, profile := range []dtls.SRTPProtectionProfile{dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80} {
		synctest.Test(t, func(t *testing.T) {
			_, b, h := connected(t, newWorld(t), peertest.Options{SRTP: profile})
			say(t, b, 0, 10)
			checkHeard(t, h, 10)
		})
	}
}

func TestTrickleInAnyOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		h, b := newHeard(), peertest.New(t, peertest.Options{Net: w.browser, Trickle: true})
		p := answer(t, w.network, b, h)
		candidate := <-b.ICECandidates
		garbage := wire.ICECandidate{Candidate: "candidate:this is none"}
		for range 2 { // twice, then the end, then garbage, which changes nothing
			must(t, p.AddICECandidate(wire.ICECandidate{Candidate: candidate.Candidate, UsernameFragment: candidate.UsernameFragment}))
		}
		must(t, p.AddICECandidate(wire.ICECandidate{}))
		if err := p.AddICECandidate(garbage); !errors.Is(err, peer.ErrICECandidate) {
			t.Errorf("garbage: %v", err)
		}
		<-b.Connected
		<-b.Opened
		say(t, b, 0, 10)
		checkHeard(t, h, 10)
	})
}

func TestRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		p, b, h := connected(t, w, peertest.Options{Trickle: true})
		say(t, b, 0, 10)
		w.cut.Store(true)
		time.Sleep(5 * time.Second) // long enough to be noticed
		w.cut.Store(false)
		for len(b.ICECandidates) > 0 {
			<-b.ICECandidates
		}
		offer := b.Offer(t, true)
		next := <-b.ICECandidates
		must(t, p.AddICECandidate(wire.ICECandidate{Candidate: next.Candidate, UsernameFragment: next.UsernameFragment}))
		if !p.SameFingerprint(offer) {
			t.Error("the offer counts as another peer's")
		}
		restarted, err := p.Restart(t.Context(), offer)
		must(t, err)
		if restarted != p.AnswerSDP() || !strings.Contains(restarted, "a=ptime:40") {
			t.Errorf("answer of the restart:\n%s", restarted)
		}
		b.Accept(t, restarted)
		time.Sleep(2 * time.Second)
		say(t, b, 10, 10)
		checkHeard(t, h, 20)
		if got, want := h.stateNames(), "connecting connected disconnected connecting connected"; got != want {
			t.Errorf("states %q, want %q", got, want)
		}
	})
}

func TestRestartRefusesAnotherPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		p, b, h := connected(t, w, peertest.Options{})
		reloaded := peertest.New(t, peertest.Options{Net: w.browser}).Offer(t, false)
		if p.SameFingerprint(reloaded) {
			t.Error("another peer connection has the same fingerprint")
		}
		before := p.AnswerSDP()
		if _, err := p.Restart(t.Context(), reloaded); !errors.Is(err, peer.ErrFingerprint) || p.AnswerSDP() != before {
			t.Errorf("restart with another peer's offer: %v", err)
		}
		if _, err := p.Restart(t.Context(), "v=0"); !errors.Is(err, peer.ErrNoAudio) {
			t.Errorf("restart with no offer: %v", err)
		}
		say(t, b, 0, 10)
		checkHeard(t, h, 10)
	})
}

// TestBrowserVanishes; one that closes is met in TestRealSockets, see
// peertest.Options.Net.
func TestBrowserVanishes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		p, _, h := connected(t, w, peertest.Options{})
		w.cut.Store(true)
		time.Sleep(20 * time.Second)
		synctest.Wait()
		if got, want := h.stateNames(), "connecting connected disconnected failed"; got != want {
			t.Errorf("states %q, want %q", got, want)
		}
		must(t, p.Close())
		must(t, p.Close())
		if err := p.Send(nil); !errors.Is(err, peer.ErrNoChannel) {
			t.Errorf("send on a closed peer: %v", err)
		}
	})
}

func TestLastWordsArrive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, b, _ := connected(t, newWorld(t), peertest.Options{})
		for range 20 {
			must(t, p.Send(bytes.Repeat([]byte("."), 1000)))
		}
		must(t, p.Send([]byte("goodbye")))
		must(t, p.Close())
		time.Sleep(time.Second)
		synctest.Wait()
		last := ""
		for len(b.Messages) > 0 {
			last = string((<-b.Messages).Data)
		}
		if last != "goodbye" {
			t.Errorf("the last message is %.20q", last)
		}
	})
}

func TestCloseBeforeConnected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		b, h := peertest.New(t, peertest.Options{Net: w.browser}), newHeard()
		p, err := w.network.Answer(t.Context(), b.Offer(t, false), h)
		must(t, err)
		must(t, p.WriteRTP(packet(1), 0, true)) // dropped
		must(t, p.Close())
		b.Accept(t, p.AnswerSDP())
		time.Sleep(time.Second)
		if got := h.stateNames(); strings.Contains(got, "connected") {
			t.Errorf("states %q", got)
		}
	})
}

func TestSlowBrowserBlocksNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		p, b, _ := connected(t, w, peertest.Options{})
		w.cut.Store(true)
		began, sent := time.Now(), 0
		data := bytes.Repeat([]byte("x"), 10_000)
		var err error
		for err == nil {
			if err = p.Send(data); err == nil {
				sent++
			}
		}
		if !errors.Is(err, peer.ErrChannelFull) || time.Since(began) != 0 || sent < 100 {
			t.Errorf("after %d messages and %v: %v", sent, time.Since(began), err)
		}
		if err := p.Send(make([]byte, p.MaxMessageSize()+1)); !errors.Is(err, peer.ErrMessageTooLarge) {
			t.Errorf("a message too large: %v", err)
		}
		time.Sleep(time.Second)
		w.cut.Store(false)
		time.Sleep(20 * time.Second)
		synctest.Wait()
		if len(b.Messages) != sent {
			t.Errorf("%d of %d messages came through", len(b.Messages), sent)
		}
		must(t, p.Send(data))
		w.cut.Store(true)
		for p.Send(data) == nil { // full again: Close must not wait for it
		}
		must(t, p.Close())
	})
}

func TestOnlyOneChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, b, h := connected(t, newWorld(t), peertest.Options{Channel: "downstream"})
		second, err := b.PC.CreateDataChannel("second", nil)
		must(t, err)
		closed := make(chan struct{})
		second.OnClose(func() { close(closed) })
		<-closed
		must(t, b.Data.Send([]byte("binary is not for us")))
		must(t, b.Data.SendText("still here"))
		must(t, b.Data.SendText(strings.Repeat("x", 10_000)))
		time.Sleep(time.Second)
		synctest.Wait()
		if !slices.Equal(h.channels, []string{"downstream/"}) {
			t.Errorf("channels %q", h.channels)
		}
		if len(h.messages) != 2 || h.messages[0] != "still here" || len(h.messages[1]) != 10_000 {
			t.Errorf("%d messages", len(h.messages))
		}
	})
}

func TestHugeMessageEndsTheChannelOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, b, h := connected(t, newWorld(t), peertest.Options{})
		detached := strings.Repeat("x", 70_000) // more than our answer allows
		if err := b.Data.SendText(detached); err != nil {
			t.Logf("the browser's own stack refuses: %v", err)
		}
		say(t, b, 0, 10)
		checkHeard(t, h, 10)
		if len(h.messages) != 0 {
			t.Errorf("%d messages", len(h.messages))
		}
		if s := b.PC.ConnectionState(); s != webrtc.PeerConnectionStateConnected {
			t.Errorf("state %v", s)
		}
	})
}
