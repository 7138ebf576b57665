package memory

import (
	"context"
	"slices"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

// AddICECandidate is store.Store.AddICECandidate.
func (s *Store) AddICECandidate(ctx context.Context, id interview.SessionID, peer interview.PeerName, c wire.ICECandidate, now time.Time) (string, error) {
	inbox := ""
	err := s.do(ctx, func() error {
		r := s.get(id)
		if r == nil {
			r = fresh(id, now)
		}
		kept := r.ice[peer]
		switch {
		case r.State == interview.Ended:
			return store.ErrEnded
		case r.Inviting() && r.Offer.Peer == peer && r.Successor.Worker != "":
			inbox = r.Successor.Inbox
			return nil
		case r.owns(peer):
			inbox = r.Inbox
			return nil
		case slices.ContainsFunc(kept, func(k wire.ICECandidate) bool { return store.EncodeICECandidate(k) == store.EncodeICECandidate(c) }):
			return nil
		case len(kept) == 0 && len(r.ice) >= store.MaxUnownedPeers:
			return store.ErrTooManyPeers
		case len(kept) >= wire.MaxCandidates || size(kept)+size([]wire.ICECandidate{c}) > wire.MaxCandidateData:
			return store.ErrTooManyICECandidates
		}
		r.ice[peer] = append(kept, c)
		s.put(r)
		return nil
	})
	return inbox, err
}

func size(kept []wire.ICECandidate) int {
	n := 0
	for _, c := range kept {
		n += len(store.EncodeICECandidate(c))
	}
	return n
}
