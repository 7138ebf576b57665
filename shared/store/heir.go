package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"casey.internal/shared/interview"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Invite makes an offer ask for an heir of a session that moves, in place of an
// invitation and an heir that were there before. Its owner goes on. seen is the
// session as it was read.
//
// ErrRefused: the session has moved on since.
func (s *Store) Invite(ctx context.Context, seen *interview.Session, offer interview.Offer) (*interview.Session, error) {
	u := s.step(interview.StepInvite, seen.Epoch).
		when("$offerAt = ?", when(seen.Offer.At)).
		set("connection", text(string(offer.Connection))).
		set("invited", when(offer.At)).
		remove("dispatched", "heir", "heirInbox", "heirAt", "heirAnswered")
	setOffer(u, offer)
	return s.change(ctx, "invite an heir of", seen.ID, u, func(now *interview.Session) bool {
		return now.Inviting() && now.Offer.At.Equal(offer.At)
	})
}

// Reserve makes a worker the heir of a session that moves: it may answer the
// invitation, and nothing else yet. The peer's ICE candidates are handed over.
//
// ErrNotFound: no such session. ErrRefused: there is an heir, or no such
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
		when("attribute_not_exists($heir) OR (attribute_not_exists($heirAnswered) AND $heirAt <= ?)", when(c.At.Add(-interview.ClaimStale))).
		set("heir", text(string(c.Worker))).
		set("heirInbox", text(c.Inbox)).
		set("heirAt", when(c.At)).
		set("owned", peers(Remember(before.owned(), c.Peer))).
		remove(iceAttribute(c.Peer), iceBytesAttribute(c.Peer)).
		take("icePeers", &types.AttributeValueMemberSS{Value: []string{string(c.Peer)}})
	old, err := s.apply(ctx, sessionKey(c.Session), u, types.ReturnValueAllOld)
	now := old.session()
	if errors.Is(err, ErrRefused) { // or made already, by an attempt whose response was lost
		if now, err = s.Session(ctx, c.Session); err == nil && (now.Heir.Worker != c.Worker || !now.Heir.At.Equal(c.At)) {
			err = ErrRefused
		}
	}
	if err != nil {
		return nil, err
	}
	now.Heir = interview.Heir{Worker: c.Worker, Inbox: c.Inbox, At: c.At.UTC()}
	return claimedOf(now, seen, nil, old.iceCandidates(c.Peer)), nil
}

// HeirAnswered notes that the heir has decided its answer to the invitation of
// offerAt; only after it may the answer be posted. ErrRefused: it is no longer
// the heir.
func (s *Store) HeirAnswered(ctx context.Context, id interview.SessionID, offerAt time.Time, heir interview.WorkerID, at time.Time) error {
	u := s.step(interview.StepInvite, -1).
		when("$offerAt = ? AND $invited = ? AND $heir = ?", when(offerAt), when(offerAt), text(string(heir))).
		set("heirAnswered", when(at))
	_, err := s.change(ctx, "answer as heir of", id, u, func(now *interview.Session) bool {
		return now.Inviting() && now.Heir.Worker == heir && now.Heir.Answered.Equal(at)
	})
	return err
}

// Succeed makes the heir the owner, in one conditional update: the epoch rises
// and the turns of the last one up to now are marked as those that count. The
// owner calls it to hand over, the heir to take what nobody hands over, or to
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
	turns, err := s.Turns(ctx, p.Session)
	if err != nil {
		return nil, err
	}
	if p.Heir == "" {
		p.Heir = seen.Heir.Worker
	}
	if seen.Succeeded(p.Epoch, p.Heir) {
		return claimedOf(seen, seen, turns, nil), nil
	}
	if !interview.CanSucceed(seen, p.Epoch, p.Heir) {
		return nil, ErrRefused
	}
	after, err := s.apply(ctx, sessionKey(p.Session), s.succession(p, seen, turns), types.ReturnValueAllNew)
	now := after.session()
	if errors.Is(err, ErrRefused) {
		if now, err = s.Session(ctx, p.Session); err == nil && !now.Succeeded(p.Epoch, p.Heir) {
			err = ErrRefused
		}
	}
	if err != nil {
		return nil, err
	}
	return claimedOf(now, seen, turns, nil), nil
}

// succession is the one conditional update of Succeed.
func (s *Store) succession(p Succession, seen *interview.Session, turns []interview.Turn) *update {
	u := s.step(interview.StepSucceed, p.Epoch).
		when("$heir = ? AND $offerAt = ? AND $invited = ?", text(string(p.Heir)), when(seen.Offer.At), when(seen.Offer.At)).
		set("state", text(string(interview.Answered))).
		set("owner", text(string(p.Heir))).
		set("inbox", text(seen.Heir.Inbox)).
		set("epoch", number(p.Epoch+1)).
		set("claimedAt", when(seen.Heir.At)).
		set("answeredAt", when(p.At)).
		set("connectedAt", when(p.At)).
		remove("invited", "heir", "heirInbox", "heirAt", "heirAnswered")
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
