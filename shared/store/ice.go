package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/interview"
	"casey.internal/shared/wire"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// What AddICECandidate returns for whoever sent the ICE candidate to read.
var (
	ErrEnded                = apperr.New(apperr.Ended, "the session is over")
	ErrTooManyPeers         = apperr.New(apperr.TooMany, "ICE candidates of %d peers wait already", MaxUnownedPeers)
	ErrTooManyICECandidates = apperr.New(apperr.TooMany, "a peer may have %d ICE candidates, %d bytes in all, before it is answered", wire.MaxCandidates, wire.MaxCandidateData)
)

// EncodeICECandidate returns the ICE candidate as it is kept; its length is
// what counts towards wire.MaxCandidateData.
func EncodeICECandidate(c wire.ICECandidate) string {
	data, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	return string(data)
}

// Remember puts peer first among the owner's peers and forgets the oldest.
func Remember(owned []interview.PeerName, peer interview.PeerName) []interview.PeerName {
	kept := []interview.PeerName{peer}
	for _, p := range owned {
		if p != peer && len(kept) < MaxOwnedPeers {
			kept = append(kept, p)
		}
	}
	return slices.Clip(kept)
}

// AddICECandidate keeps a browser's ICE candidate until a worker owns its
// peer; the session's record is created where there is none, since ICE
// candidates may overtake their offer. When the peer has an owner already,
// nothing is kept and that worker's inbox is returned.
//
// ErrEnded, ErrTooManyPeers and ErrTooManyICECandidates are faults to tell to
// whoever sent it.
func (s *Store) AddICECandidate(ctx context.Context, id interview.SessionID, peer interview.PeerName, c wire.ICECandidate, now time.Time) (inbox string, err error) {
	data := EncodeICECandidate(c)
	if len(data) > wire.MaxCandidateData {
		return "", ErrTooManyICECandidates
	}
	for range attempts {
		_, err = s.apply(ctx, sessionKey(id), iceUpdate(peer, data, now), types.ReturnValueNone)
		if !errors.Is(err, ErrRefused) {
			break
		}
		var seen item
		if seen, err = s.get(ctx, sessionKey(id), true); err != nil {
			break
		}
		if inbox, settled, fault := seen.refusedICE(peer, data); settled {
			return inbox, fault
		}
		err = ErrRefused // it moved between the update and the read: look again
	}
	if err != nil {
		return "", fmt.Errorf("ICE candidate for session %s: %w", id, err)
	}
	return "", nil
}

// attempts is how often an update that was overtaken is tried.
const attempts = 4

func iceUpdate(peer interview.PeerName, data string, now time.Time) *update {
	u := newUpdate()
	name, bytes := u.name(iceAttribute(peer)), u.name(iceBytesAttribute(peer))
	u.whenState(interview.StepRetire.From()...).
		when("attribute_not_exists($owned) OR NOT contains($owned, ?) OR ($state = ? AND $offerPeer = ?)",
			text(string(peer)), text(string(interview.Waiting)), text(string(peer))).
		when("attribute_not_exists("+name+") OR (size("+name+") < ? AND "+bytes+" <= ? AND NOT contains("+name+", ?))",
			number(wire.MaxCandidates), number(int64(wire.MaxCandidateData-len(data))), text(data)).
		when("attribute_not_exists($icePeers) OR contains($icePeers, ?) OR size($icePeers) < ?",
			text(string(peer)), number(MaxUnownedPeers)).
		extend(iceAttribute(peer), list(data)).
		add(iceBytesAttribute(peer), number(int64(len(data)))).
		add("icePeers", &types.AttributeValueMemberSS{Value: []string{string(peer)}})
	begin(u, now)
	return u
}

// refusedICE says why an ICE candidate was not kept; not settled when nothing
// of the item explains it.
func (i item) refusedICE(peer interview.PeerName, data string) (inbox string, settled bool, err error) {
	session := i.session()
	kept, peers := i.texts(iceAttribute(peer)), i.texts("icePeers")
	waits := session.State == interview.Waiting && session.Offer.Peer == peer
	switch {
	case session.State == interview.Ended:
		return "", true, ErrEnded
	case !waits && session.Inviting() && session.Offer.Peer == peer && session.Successor.Inbox != "":
		return session.Successor.Inbox, true, nil
	case !waits && slices.Contains(i.owned(), peer):
		return session.Inbox, true, nil
	case slices.Contains(kept, data):
		return "", true, nil
	case len(kept) == 0 && len(peers) >= MaxUnownedPeers:
		return "", true, ErrTooManyPeers
	case len(kept) >= wire.MaxCandidates || i.number(iceBytesAttribute(peer)) > int64(wire.MaxCandidateData-len(data)):
		return "", true, ErrTooManyICECandidates
	}
	return "", false, nil
}
