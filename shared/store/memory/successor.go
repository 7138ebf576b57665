package memory

import (
	"context"
	"fmt"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/store"
)

// Invite is store.Store.Invite.
func (s *Store) Invite(ctx context.Context, seen *interview.Session, offer interview.Offer) (*interview.Session, error) {
	var after *interview.Session
	err := s.do(ctx, func() error {
		r, err := s.known(seen.ID, interview.StepInvite)
		if err != nil {
			return err
		}
		if r.Epoch != seen.Epoch || !r.Offer.At.Equal(seen.Offer.At) {
			return fmt.Errorf("invite for %s: %w", seen.ID, store.ErrRefused)
		}
		offer.At = stamp(offer.At)
		r.Offer, r.Connection, r.Invited = offer, offer.Connection, offer.At
		r.Dispatched, r.Successor = time.Time{}, interview.Successor{}
		after = s.put(r)
		return nil
	})
	return after, err
}

// known returns a session whose state allows the step. The lock is held.
func (s *Store) known(id interview.SessionID, step interview.Step) (*row, error) {
	r := s.get(id)
	if r == nil {
		return nil, fmt.Errorf("session %s: %w", id, store.ErrNotFound)
	}
	if !step.LegalFrom(r.State) {
		return nil, fmt.Errorf("session %s is %q: %w", id, r.State, store.ErrRefused)
	}
	return r, nil
}

// Reserve is store.Store.Reserve.
func (s *Store) Reserve(ctx context.Context, c store.Claim) (*store.Claimed, error) {
	var claimed *store.Claimed
	err := s.do(ctx, func() error {
		r, err := s.known(c.Session, interview.StepInvite)
		if err != nil {
			return err
		}
		if !interview.CanReserve(&r.Session, c.Peer, c.OfferAt, c.Worker, c.At) {
			return fmt.Errorf("reserve %s: %w", c.Session, store.ErrRefused)
		}
		r.Successor = interview.Successor{Worker: c.Worker, Inbox: c.Inbox, At: stamp(c.At)}
		claimed = &store.Claimed{Before: owner(r), ICECandidates: r.own(c.Peer)}
		claimed.Session = s.put(r)
		return nil
	})
	return claimed, err
}

func owner(r *row) store.Owner {
	return store.Owner{Worker: r.Owner, Inbox: r.Inbox, Epoch: r.Epoch}
}

// SuccessorAnswered is store.Store.SuccessorAnswered.
func (s *Store) SuccessorAnswered(ctx context.Context, id interview.SessionID, offerAt time.Time, successor interview.WorkerID, at time.Time) error {
	return s.do(ctx, func() error {
		r, err := s.known(id, interview.StepInvite)
		if err != nil {
			return err
		}
		if !r.Inviting() || !r.Offer.At.Equal(offerAt) || r.Successor.Worker != successor {
			return fmt.Errorf("answer as successor of %s: %w", id, store.ErrRefused)
		}
		r.Successor.Answered = stamp(at)
		s.put(r)
		return nil
	})
}

// Succeed is store.Store.Succeed.
func (s *Store) Succeed(ctx context.Context, p store.Succession) (*store.Claimed, error) {
	var claimed *store.Claimed
	err := s.do(ctx, func() error {
		r := s.get(p.Session)
		if r == nil {
			return fmt.Errorf("pass on %s: %w", p.Session, store.ErrNotFound)
		}
		if p.Successor == "" {
			p.Successor = r.Successor.Worker
		}
		before, turns := owner(r), s.sessionTurns(p.Session)
		if !r.Succeeded(p.Epoch, p.Successor) {
			if !interview.CanSucceed(&r.Session, p.Epoch, p.Successor) {
				return fmt.Errorf("pass on %s: %w", p.Session, store.ErrRefused)
			}
			r.succeed(p, turns)
			s.put(r)
		}
		after := r.Session
		claimed = &store.Claimed{Session: &after, Turns: interview.Count(&after, turns), Job: s.job(p.Session), Before: before}
		return nil
	})
	return claimed, err
}

func (r *row) succeed(p store.Succession, turns []interview.Turn) {
	if mark, marked := interview.Mark(p.Epoch, turns); marked {
		r.History = append(r.History, mark)
	}
	r.State, r.Owner, r.Inbox, r.ClaimedAt = interview.Answered, r.Successor.Worker, r.Successor.Inbox, r.Successor.At
	r.Epoch++
	r.AnsweredAt, r.ConnectedAt = stamp(p.At), stamp(p.At)
	r.Invited, r.Successor = time.Time{}, interview.Successor{}
	if p.Carry != "" {
		r.Carry = p.Carry
	}
}

// Carry is store.Store.Carry.
func (s *Store) Carry(ctx context.Context, id interview.SessionID, epoch int64, carry string) error {
	_, err := s.step(ctx, id, interview.StepCarry, epoch, func(r *row) { r.Carry = carry })
	return err
}
