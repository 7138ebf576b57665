package session

import (
	"context"

	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/wire"
	"casey.internal/worker/peer"
)

// maxEarlyPeers is for how many peers candidates may wait for their offer.
const maxEarlyPeers = 4

// signal does what a message of the inbox asks. All of them may come twice,
// late and in any order.
func (s *Session) signal(ctx context.Context, m queue.Inbox) error {
	switch m.Kind {
	case queue.KindOffer:
		if m.Offer != nil {
			s.offered(ctx, *m.Offer)
		}
	case queue.KindICE:
		if m.ICECandidate != nil {
			s.candidate(m.Peer, *m.ICECandidate)
		}
	case queue.KindLeave:
		return ErrLeft
	case queue.KindEnd:
		return s.end()
	case queue.KindHandover:
		if m.Reply == "" {
			s.handed(ctx, m)
		} else {
			s.handOver(ctx, m)
		}
	case queue.KindNotice:
		if m.Epoch > s.cfg.Session.Epoch {
			return ErrTaken
		}
	}
	return nil
}

// candidate takes a browser's ICE candidate, which may overtake its offer.
func (s *Session) candidate(name interview.PeerName, c wire.ICECandidate) {
	for _, l := range s.legs {
		if l.name == name {
			s.addCandidate(l, c)
			return
		}
	}
	waiting, known := s.early[name]
	if len(waiting) < wire.MaxCandidates && (known || len(s.early) < maxEarlyPeers) {
		s.early[name] = append(waiting, c)
	}
}

// addCandidate gives a leg a candidate. One that is refused is not missed: the
// browser's own checks arrive all the same.
func (s *Session) addCandidate(l *leg, c wire.ICECandidate) {
	err := l.peer.AddICECandidate(peer.ICECandidate{
		Candidate: c.Candidate, SDPMLineIndex: c.SDPMLineIndex, UsernameFragment: c.UsernameFragment,
	})
	if err != nil {
		s.log.Debug("ICE candidate refused", "error", err)
	}
}
