package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"casey.internal/shared/interview"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Invite makes an offer ask for a successor of a session that moves, in place of an
// invitation and a successor that were there before. Its owner goes on. seen is the
// session as it was read.
//
// ErrRefused: the session has moved on since.
func (s *Store) Invite(ctx context.Context, seen *interview.Session, offer interview.Offer) (*interview.Session, error) {
	u := s.step(interview.StepInvite, seen.Epoch).
		when("$offerAt = ?", when(seen.Offer.At)).
		set("connection", text(string(offer.Connection))).
		set("invited", when(offer.At)).
		remove("dispatched", "successor", "successorInbox", "successorAt", "successorAnswered")
	setOffer(u, offer)
	return s.change(ctx, "invite a successor of", seen.ID, u, func(now *interview.Session) bool {
		return now.Inviting() && now.Offer.At.Equal(offer.At)
	})
}

// Reserve makes a worker the successor of a session that moves: it may answer the
// invitation, and nothing else yet. The peer's ICE candidates are handed over.
//
// ErrNotFound: no such session. ErrRefused: there is a successor, or no such
// invitation any more.
func (s *Store) Reserve(ctx context.Context, c Claim) (*Claimed, error) {
	claimed, err := s.reserve(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("reserve session %s: %w", c.Session, err)
	}
	return claimed, nil
}

func (s *Store) reserve(ctx context.Context, c Claim) (*Claimed, error) {
	before, err := s.get(ctx, sessionKey(c.Session), true)
	if err == nil && before == nil {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	seen := before.session()
	if !interview.CanReserve(seen, c.Peer, c.OfferAt, c.Worker, c.At) {
		return nil, ErrRefused
	}
	u := s.step(interview.StepInvite, seen.Epoch).
		when("$offerPeer = ? AND $offerAt = ? AND $invited = ?", text(string(c.Peer)), when(c.OfferAt), when(c.OfferAt)).
		when("attribute_not_exists($successor) OR (attribute_not_exists($successorAnswered) AND $successorAt <= ?)", when(c.At.Add(-interview.ClaimStale))).
		set("successor", text(string(c.Worker))).
		set("successorInbox", text(c.Inbox)).
		set("successorAt", when(c.At)).
		set("owned", peers(Remember(before.owned(), c.Peer))).
		remove(iceAttribute(c.Peer), iceBytesAttribute(c.Peer)).
		deleteFrom("icePeers", &types.AttributeValueMemberSS{Value: []string{string(c.Peer)}})
	old, err := s.apply(ctx, sessionKey(c.Session), u, types.ReturnValueAllOld)
	now := old.session()
	if errors.Is(err, ErrRefused) { // or made already, by an attempt whose response was lost
		if now, err = s.Session(ctx, c.Session); err == nil && (now.Successor.Worker != c.Worker || !now.Successor.At.Equal(c.At)) {
			err = ErrRefused
		}
	}
	if err != nil {
		return nil, err
	}
	now.Successor = interview.Successor{Worker: c.Worker, Inbox: c.Inbox, At: c.At.UTC()}
	return claimedOf(now, seen, nil, nil, old.iceCandidates(c.Peer)), nil
}

// SuccessorAnswered notes that the successor has decided its answer to the invitation of
// offerAt; only after it may the answer be posted. ErrRefused: it is no longer
// the successor.
func (s *Store) SuccessorAnswered(ctx context.Context, id interview.SessionID, offerAt time.Time, successor interview.WorkerID, at time.Time) error {
	u := s.step(interview.StepInvite, -1).
		when("$offerAt = ? AND $invited = ? AND $successor = ?", when(offerAt), when(offerAt), text(string(successor))).
		set("successorAnswered", when(at))
	_, err := s.change(ctx, "answer as successor of", id, u, func(now *interview.Session) bool {
		return now.Inviting() && now.Successor.Worker == successor && now.Successor.Answered.Equal(at)
	})
	return err
}

// Succeed makes the successor the owner, in one conditional update: the epoch rises
// and the turns of the last one up to now are marked as those that count. The
// owner calls it to hand over, the successor to take what nobody hands over, or to
// learn what was handed over.
//
// ErrNotFound: no such session. ErrRefused: the session did not pass to it.
func (s *Store) Succeed(ctx context.Context, p Succession) (*Claimed, error) {
	claimed, err := s.succeed(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("pass on session %s: %w", p.Session, err)
	}
	return claimed, nil
}

func (s *Store) succeed(ctx context.Context, p Succession) (*Claimed, error) {
	seen, err := s.Session(ctx, p.Session)
	if err != nil {
		return nil, err
	}
	turns, job, err := s.kept(ctx, p.Session)
	if err != nil {
		return nil, err
	}
	if p.Successor == "" {
		p.Successor = seen.Successor.Worker
	}
	if seen.Succeeded(p.Epoch, p.Successor) {
		return claimedOf(seen, seen, turns, job, nil), nil
	}
	if !interview.CanSucceed(seen, p.Epoch, p.Successor) {
		return nil, ErrRefused
	}
	after, err := s.apply(ctx, sessionKey(p.Session), s.succession(p, seen, turns), types.ReturnValueAllNew)
	now := after.session()
	if errors.Is(err, ErrRefused) {
		if now, err = s.Session(ctx, p.Session); err == nil && !now.Succeeded(p.Epoch, p.Successor) {
			err = ErrRefused
		}
	}
	if err != nil {
		return nil, err
	}
	return claimedOf(now, seen, turns, job, nil), nil
}

// succession is the one conditional update of Succeed.
func (s *Store) succession(p Succession, seen *interview.Session, turns []interview.Turn) *update {
	u := s.step(interview.StepSucceed, p.Epoch).
		when("$successor = ? AND $offerAt = ? AND $invited = ?", text(string(p.Successor)), when(seen.Offer.At), when(seen.Offer.At)).
		set("state", text(string(interview.Answered))).
		set("owner", text(string(p.Successor))).
		set("inbox", text(seen.Successor.Inbox)).
		set("epoch", number(p.Epoch+1)).
		set("claimedAt", when(seen.Successor.At)).
		set("answeredAt", when(p.At)).
		set("connectedAt", when(p.At)).
		remove("invited", "successor", "successorInbox", "successorAt", "successorAnswered")
	if p.Carry != "" {
		u.set("carry", text(p.Carry))
	}
	if mark, marked := interview.Mark(p.Epoch, turns); marked {
		u.extend("history", marks(mark))
	}
	return u
}

// Carry keeps what it takes to go on with the session elsewhere, at most
// MaxCarry bytes. ErrRefused: the session is no longer the owner's.
func (s *Store) Carry(ctx context.Context, id interview.SessionID, epoch int64, carry string) error {
	u := s.step(interview.StepCarry, epoch).set("carry", text(carry))
	_, err := s.change(ctx, "carry", id, u, nil)
	return err
}

func marks(w interview.Watermark) types.AttributeValue {
	return &types.AttributeValueMemberL{Value: []types.AttributeValue{
		&types.AttributeValueMemberM{Value: item{"epoch": number(w.Epoch), "last": number(int64(w.Last))}},
	}}
}

func peers(names []interview.PeerName) types.AttributeValue {
	texts := make([]string, len(names))
	for i, n := range names {
		texts[i] = string(n)
	}
	return list(texts...)
}
