package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/wire"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Claim makes a worker the owner of a session whose offer waits, or whose last
// claim is stale, in one conditional update: the epoch rises, the last epoch's
// turns up to now are marked as those that count, and the peer's ICE
// candidates are handed over.
//
// ErrNotFound: no such session. ErrRefused: somebody else has it, or the offer
// is another by now.
func (s *Store) Claim(ctx context.Context, c Claim) (*Claimed, error) {
	claimed, err := s.claim(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("claim session %s: %w", c.Session, err)
	}
	return claimed, nil
}

func (s *Store) claim(ctx context.Context, c Claim) (*Claimed, error) {
	before, err := s.get(ctx, sessionKey(c.Session), true)
	if err != nil {
		return nil, err
	}
	if before == nil {
		return nil, ErrNotFound
	}
	seen := before.session()
	if !interview.CanClaim(seen, c.Peer, c.OfferAt, c.At) {
		return nil, ErrRefused
	}
	turns, job, err := s.kept(ctx, c.Session)
	if err != nil {
		return nil, err
	}
	mark, marked := interview.Mark(seen.Epoch, turns)
	u := s.claimUpdate(c, seen, Remember(before.owned(), c.Peer))
	if marked {
		u.extend("history", marks(mark))
	}
	old, err := s.apply(ctx, sessionKey(c.Session), u, types.ReturnValueAllOld)
	after := old.session()
	if errors.Is(err, ErrRefused) {
		return s.claimedBefore(ctx, c, seen, turns, job)
	}
	if err != nil {
		return nil, err
	}
	if marked {
		after.History = append(after.History, mark)
	}
	after.Invited = time.Time{}
	after.State, after.Owner, after.Inbox, after.ClaimedAt = interview.Claimed, c.Worker, c.Inbox, c.At.UTC()
	after.Epoch++
	return claimedOf(after, seen, turns, job, old.iceCandidates(c.Peer)), nil
}

// claimUpdate is the claim's one conditional update. The condition on the
// epoch makes sure that the watermark is of the epoch that ends.
func (s *Store) claimUpdate(c Claim, seen *interview.Session, owned []interview.PeerName) *update {
	return s.existing().
		when("$offerPeer = ? AND $offerAt = ? AND $epoch = ?", text(string(c.Peer)), when(c.OfferAt), number(seen.Epoch)).
		when("$state = ? OR ($state = ? AND $claimedAt <= ?) OR ($state = ? AND $invited = ?)",
			text(string(interview.Waiting)), text(string(interview.Claimed)), when(c.At.Add(-interview.ClaimStale)),
			text(string(interview.Paused)), when(c.OfferAt)).
		set("state", text(string(interview.Claimed))).
		set("owner", text(string(c.Worker))).
		set("inbox", text(c.Inbox)).
		set("claimedAt", when(c.At)).
		set("open", text("running")).
		set("owned", peers(owned)).
		set("epoch", number(seen.Epoch+1)).
		remove(iceAttribute(c.Peer), iceBytesAttribute(c.Peer), "invited").
		deleteFrom("icePeers", &types.AttributeValueMemberSS{Value: []string{string(c.Peer)}})
}

// claimedBefore recognises a claim that was made although its response was
// lost; the ICE candidates went with the response.
func (s *Store) claimedBefore(ctx context.Context, c Claim, seen *interview.Session, turns []interview.Turn, job *interview.Job) (*Claimed, error) {
	now, err := s.Session(ctx, c.Session)
	if err != nil {
		return nil, err
	}
	if now.State != interview.Claimed || now.Owner != c.Worker || !now.ClaimedAt.Equal(c.At) {
		return nil, ErrRefused
	}
	return claimedOf(now, seen, turns, job, nil), nil
}

func claimedOf(after, before *interview.Session, turns []interview.Turn, job *interview.Job, kept []wire.ICECandidate) *Claimed {
	return &Claimed{
		Session:       after,
		ICECandidates: kept,
		Turns:         interview.Count(after, turns),
		Job:           job,
		Before:        Owner{Worker: before.Owner, Inbox: before.Inbox, Epoch: before.Epoch},
	}
}

// Adopt makes another peer of the session the owner's, and returns its ICE
// candidates. ErrRefused: the session is no longer the owner's.
func (s *Store) Adopt(ctx context.Context, id interview.SessionID, epoch int64, offer interview.Offer) ([]wire.ICECandidate, error) {
	before, err := s.get(ctx, sessionKey(id), true)
	if err == nil && before == nil {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("adopt a peer of session %s: %w", id, err)
	}
	u := s.step(interview.StepAdopt, epoch).
		set("owned", peers(Remember(before.owned(), offer.Peer))).
		remove(iceAttribute(offer.Peer), iceBytesAttribute(offer.Peer)).
		deleteFrom("icePeers", &types.AttributeValueMemberSS{Value: []string{string(offer.Peer)}})
	setOffer(u, offer)
	old, err := s.apply(ctx, sessionKey(id), u, types.ReturnValueAllOld)
	if err != nil {
		return nil, fmt.Errorf("adopt a peer of session %s: %w", id, err)
	}
	return old.iceCandidates(offer.Peer), nil
}

func iceAttribute(peer interview.PeerName) string      { return "ice:" + string(peer) }
func iceBytesAttribute(peer interview.PeerName) string { return "iceBytes:" + string(peer) }

// iceCandidates returns those that wait for the peer's owner.
func (i item) iceCandidates(peer interview.PeerName) []wire.ICECandidate {
	var kept []wire.ICECandidate
	for _, data := range i.texts(iceAttribute(peer)) {
		var c wire.ICECandidate
		if json.Unmarshal([]byte(data), &c) == nil { // only EncodeICECandidate writes them
			kept = append(kept, c)
		}
	}
	return kept
}
