package peer_test

import (
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/stun/v4"

	"casey.internal/worker/peer"
	"casey.internal/worker/peer/peertest"
)

// TestTwoBrowsersBehindOneAddress: a browser that is gone without a word leaves its
// address and port to the next, which is answered within seconds.
func TestTwoBrowsersBehindOneAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		_, b, h := connected(t, w, peertest.Options{Port: 5000})
		say(t, b, 0, 10)
		w.cut.Store(true)
		b.Close()
		w.cut.Store(false)
		next, heardNext := peertest.New(t, peertest.Options{Net: w.browser, Port: 5000}), newHeard()
		answer(t, w.network, next, heardNext)
		select {
		case <-next.Opened:
		case <-time.After(10 * time.Second):
			t.Fatal("the second browser is kept out")
		}
		time.Sleep(8 * time.Second) // until the first counts as gone, what comes from there may be given to it
		say(t, next, 0, 10)
		checkHeard(t, heardNext, 10)
		if got := h.stateNames(); !strings.HasSuffix(got, "closed") {
			t.Errorf("the first peer's states %q", got)
		}
	})
}

// TestARestartEvictsNobody: it is the same peer by another name.
func TestARestartEvictsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, b, h := connected(t, newWorld(t), peertest.Options{Port: 5000})
		time.Sleep(20 * time.Second)
		restarted, err := p.Restart(t.Context(), b.Offer(t, true))
		must(t, err)
		b.Accept(t, restarted)
		time.Sleep(20 * time.Second)
		say(t, b, 0, 10)
		checkHeard(t, h, 10)
	})
}

// TestWhatIsForgedTakesNoAddress sends what somebody can who knows neither a
// password nor where to stop.
func TestWhatIsForgedTakesNoAddress(t *testing.T) {
	at := netip.MustParseAddrPort("192.0.2.7:40000")
	for name, c := range map[string]struct {
		ufrag, password string
		kind            stun.MessageType
		after           time.Duration
		answered        time.Duration // when the first browser answered a check
		evicts          bool
	}{
		"the next browser":         {"next", "next's password of ICE", stun.BindingRequest, 5 * time.Second, 0, true},
		"while the first is alive": {"next", "next's password of ICE", stun.BindingRequest, 3 * time.Second, 0, false},
		"with another's password":  {"next", "first's password of ICE", stun.BindingRequest, time.Minute, 0, false},
		"without any":              {"next", "", stun.BindingRequest, time.Minute, 0, false},
		"for nobody who is known":  {"none", "next's password of ICE", stun.BindingRequest, time.Minute, 0, false},
		"no request":               {"next", "next's password of ICE", stun.BindingSuccess, time.Minute, 0, false},
		"while the first answers":  {"next", "next's password of ICE", stun.BindingRequest, 5 * time.Second, 2 * time.Second, false},
		"the first browser, again": {"first", "first's password of ICE", stun.BindingRequest, time.Minute, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			evicted := map[string]int{}
			h := peer.NewHolders()
			for _, ufrag := range []string{"first", "next"} {
				h.Enter(ufrag, ufrag+"'s password of ICE", ufrag+"'s answers", func() { evicted[ufrag]++ })
			}
			began := time.Unix(1_000_000, 0)
			h.See(check(t, "first", "first's password of ICE", stun.BindingRequest), at, began)
			h.See([]byte("\x80\x6f audio"), at, began)
			if c.answered > 0 {
				h.See(check(t, "first", "first's answers", stun.BindingSuccess), at, began.Add(c.answered))
			}
			h.See(check(t, c.ufrag, c.password, c.kind), at, began.Add(c.after))
			if got := evicted["first"] == 1; got != c.evicts || evicted["next"] != 0 {
				t.Errorf("evicted are %v", evicted)
			}
		})
	}
}

// check is a connectivity check from the browser of a peer.
func check(t *testing.T, ufrag, password string, kind stun.MessageType) []byte {
	t.Helper()
	parts := []stun.Setter{stun.TransactionID, kind, stun.NewUsername(ufrag + ":browser")}
	if password != "" {
		parts = append(parts, stun.NewShortTermIntegrity(password))
	}
	m, err := stun.Build(append(parts, stun.Fingerprint)...)
	must(t, err)
	return m.Raw
}
