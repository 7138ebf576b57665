package session_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/wire"
	"casey.internal/worker/peer"
	"casey.internal/worker/session"
	"casey.internal/worker/session/sessiontest"
)

// most is what a session may hold after a flood, in bytes; each flood is many
// times as much.
const most = 4 << 20

// flood reports how much more memory is in use after a flood, while the Talk
// takes nothing.
func (s *stage) flood(flood func()) {
	s.Helper()
	before := inUse()
	release := make(chan struct{})
	s.talk.say <- func(line session.Media) error {
		<-release
		return line.Out.Send(channel.State{State: channel.Listening})
	}
	flood()
	synctest.Wait()
	grown := inUse() - before
	close(release)
	if s.Logf("%.2f MB are left", float64(grown)/(1<<20)); grown > most {
		s.Errorf("%d bytes are left of the flood", grown)
	}
}

func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestFloodsAreBounded(t *testing.T) {
	kilobyte := strings.Repeat("x", 1<<10)
	for name, flood := range map[string]func(*stage, *sessiontest.Peer){
		"events of the page": func(_ *stage, p *sessiontest.Peer) {
			for range 50_000 {
				p.Say(`{"type":"nudge"}`)
				p.Say(kilobyte)
			}
		},
		"packets of the microphone": func(_ *stage, p *sessiontest.Peer) {
			for i := range 50_000 {
				p.Speak(peer.Packet{Sequence: uint16(i), Payload: []byte(kilobyte)})
			}
		},
		"ICE candidates": func(s *stage, _ *sessiontest.Peer) {
			for i := range 50_000 {
				c := wire.ICECandidate{Candidate: fmt.Sprint(i, kilobyte)}
				s.live.Deliver(queue.Inbox{Kind: queue.KindICE, Peer: interview.PeerName(fmt.Sprint(i / 100)), ICECandidate: &c})
			}
		},
		"offers that come at once": func(s *stage, _ *sessiontest.Peer) {
			for i := range 1000 {
				sdp := sessiontest.Offer(fmt.Sprint(strings.Repeat(kilobyte, 60), i), 1)
				s.live.Deliver(queue.Inbox{Kind: queue.KindOffer, Offer: &interview.Offer{Peer: "p2", SDP: "bad " + sdp, At: time.Now()}})
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *stage) {
				p := s.connect(0)
				s.flood(func() { flood(s, p) })
			})
		})
	}
}

// TestALongInterviewIsSmall: four hours with a turn every four seconds, while
// the store is away.
func TestALongInterviewIsSmall(t *testing.T) {
	play(t, func(s *stage) {
		s.connect(0)
		before := inUse()
		s.store.away.Store(true)
		s.talk.say <- func(line session.Media) (err error) {
			for i := range 3600 {
				turn := interview.Turn{Number: i + 1, Text: strings.Repeat("a few words ", 25), Began: time.Now()}
				line.Book.PutTurn(turn)
				turn.Ended = time.Now()
				line.Book.PutTurn(turn)
				line.Book.Keep(turn.Text)
				err = errors.Join(err, line.Out.Send(channel.State{State: channel.Listening}))
			}
			return err
		}
		s.wait(time.Second)
		if grown := inUse() - before; grown > most {
			t.Errorf("%d bytes", grown)
		}
	})
}

// TestOnlySoManyPeersAreOpen: each offer of a fresh peer is answered, and the
// oldest that nobody uses goes.
func TestOnlySoManyPeersAreOpen(t *testing.T) {
	play(t, func(s *stage) {
		s.connect(0)
		for i := range 100 {
			s.offer(interview.PeerName(fmt.Sprintf("fresh%d", i)), sessiontest.Offer(fmt.Sprintf("fresh%d", i), 1))
		}
		open := 0
		for _, p := range s.network.Peers() {
			if !p.Closed() {
				open++
			}
		}
		peers := s.network.Peers()
		if len(peers) != 101 || open != 4 || peers[0].Closed() || peers[100].Closed() {
			t.Errorf("%d of %d peers are open, the one in use %t, the newest %t", open, len(peers), !peers[0].Closed(), !peers[100].Closed())
		}
	})
}
