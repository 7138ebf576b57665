package peer_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/worker/peer"
	"casey.internal/worker/peer/peertest"
)

func TestADataChannelThatDiesAloneIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, b, h := connected(t, newWorld(t), peertest.Options{})
		if h.channelsLost() != 0 {
			t.Fatal("it is lost from the beginning")
		}
		must(t, b.Data.Close())
		say(t, b, 0, 10)
		if n := h.channelsLost(); n != 1 {
			t.Errorf("told %d times", n)
		}
		if err := p.Send([]byte("{}")); err == nil {
			t.Error("what is sent goes nowhere, and nobody says so")
		}
		checkHeard(t, h, 10)
		if got := h.stateNames(); got != "connecting connected" {
			t.Errorf("states %q", got)
		}
	})
}

// TestAClosedPeerLosesNoChannel: that the connection is over says enough.
func TestAClosedPeerLosesNoChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, h := connected(t, newWorld(t), peertest.Options{})
		must(t, p.Close())
		time.Sleep(time.Second)
		if n := h.channelsLost(); n != 0 {
			t.Errorf("told %d times", n)
		}
	})
}

// TestAChannelThatTakesNothingIsLost: its other end is gone, and nothing says so.
func TestAChannelThatTakesNothingIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHeard()
		p, end := peer.NewStuck(h)
		defer end()
		must(t, p.Send([]byte("1")))
		time.Sleep(9 * time.Second)
		must(t, p.Send([]byte("2")))
		if h.channelsLost() != 0 {
			t.Error("a slow network is taken for a dead channel")
		}
		time.Sleep(2 * time.Second)
		for range 2 {
			if err := p.Send([]byte("3")); err == nil {
				t.Error("it is sent on")
			}
		}
		if n := h.channelsLost(); n != 1 {
			t.Errorf("told %d times", n)
		}
	})
}

func TestAnotherDataChannelBeforeCaseys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *peer.Config) { c.Channels = []string{"casey", "downstream"} })
		p, b, h := connected(t, w, peertest.Options{First: "analytics"})
		must(t, p.Send([]byte(`{"type":"state"}`)))
		must(t, b.Data.SendText("hello"))
		time.Sleep(time.Second)
		synctest.Wait()
		if !slices.Equal(h.channels, []string{"casey/casey.v1"}) || !slices.Equal(h.messages, []string{"hello"}) {
			t.Errorf("channels %q, messages %q", h.channels, h.messages)
		}
		if len(b.Messages) != 1 {
			t.Errorf("%d events came on its channel", len(b.Messages))
		}
	})
}

// TestFurtherTracksMakeNobodyDeaf: the microphone is the first track, whatever the
// others send and whichever came last.
func TestFurtherTracksMakeNobodyDeaf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, b, h := connected(t, newWorld(t), peertest.Options{Tracks: 2})
		for i := range 100 {
			b.Speak(t, packet(i), uint32(i*960), uint8(i))
			b.Play(t, 0, []byte{0x78, 0xff, 0xfe}, uint16(1000+i))
			if i > 50 {
				b.Play(t, 1, []byte{0x78, 0xff, 0xfe}, uint16(5000+i))
			}
			time.Sleep(20 * time.Millisecond)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		checkHeard(t, h, 100)
	})
}

// TestATrackThatSendsNothingGivesWayToTheNext, once it had its second.
func TestATrackThatSendsNothingGivesWayToTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, b, h := connected(t, newWorld(t), peertest.Options{Tracks: 1})
		for i := range 100 {
			b.Play(t, 0, packet(i), uint16(i))
			time.Sleep(20 * time.Millisecond)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if got := h.sequences(); len(got) < 45 || got[len(got)-1] != 99 {
			t.Errorf("heard are %v", got)
		}
	})
}
