package session_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/wire"
	"casey.internal/worker/peer"
	"casey.internal/worker/session"
	"casey.internal/worker/session/sessiontest"
)

// TestAnythingInAnyOrder lets browser, signaling and network do what they like:
// a session ends with a cause, and nothing of it is left (play looks).
func TestAnythingInAnyOrder(t *testing.T) {
	for seed := range uint64(100) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			play(t, func(s *stage) {
				random := rand.New(rand.NewPCG(seed, 0))
				for range 60 {
					s.anything(random)
					if random.IntN(3) == 0 {
						s.wait(time.Duration(random.Int64N(int64(3 * time.Second))))
					}
				}
				s.store.away.Store(false)
				s.live.Deliver(queue.Inbox{Kind: queue.KindNotice, Epoch: 2})
				s.wait(time.Minute)
				select {
				case <-s.over:
				default:
					t.Fatal("the session goes on")
				}
				if s.cause == nil || errors.Is(s.cause, session.ErrDrained) {
					t.Errorf("ended by %v", s.cause)
				}
			})
		})
	}
}

func (s *stage) anything(random *rand.Rand) {
	peers := s.network.Peers()
	p := peers[random.IntN(len(peers))]
	name := interview.PeerName(fmt.Sprintf("p%d", random.IntN(3)))
	switch random.IntN(12) {
	case 0:
		p.Connect("casey", "casey.v1")
	case 1:
		p.Connect("downstream", "")
	case 2, 3:
		p.State(peer.State(random.IntN(5)))
	case 4:
		p.Say([]string{`{"type":"nudge"}`, `{"type":"end"}`, `nonsense`, ``}[random.IntN(4)])
	case 5:
		p.Speak(peer.Packet{Payload: []byte{1}})
	case 6, 7:
		s.offer(name, sessiontest.Offer(fmt.Sprintf("f%d", random.IntN(4)), random.IntN(3)))
	case 8:
		s.offer(name, sessiontest.BadOffer)
	case 9:
		s.live.Deliver(queue.Inbox{Kind: queue.KindICE, Peer: name, ICECandidate: &wire.ICECandidate{Candidate: "x"}})
	case 10:
		s.store.away.Store(random.IntN(2) == 0)
	case 11:
		kinds := []string{queue.KindOffer, queue.KindICE, queue.KindNotice, queue.KindHandover, "", queue.KindLeave}
		s.live.Deliver(queue.Inbox{Kind: kinds[random.IntN(len(kinds))]})
	}
}
