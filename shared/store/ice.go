package store

import (
	"encoding/json"
	"slices"

	"casey.internal/shared/fault"
	"casey.internal/shared/interview"
	"casey.internal/shared/wire"
)

// The faults of AddICECandidate, for whoever sent the ICE candidate.
var (
	FaultEnded         = fault.New(fault.Ended, "the session is over")
	FaultPeers         = fault.New(fault.TooMany, "ICE candidates of %d peers wait already", MaxUnownedPeers)
	FaultICECandidates = fault.New(fault.TooMany, "a peer may have %d ICE candidates, %d bytes in all, before it is answered", wire.MaxCandidates, wire.MaxCandidateData)
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
