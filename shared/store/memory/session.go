package memory

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

// row is a session's item.
type row struct {
	interview.Session
	connectedAt time.Time // of Connection
	secrets     [][]byte
	owned       []interview.PeerName // newest first
	ice         map[interview.PeerName][]wire.ICECandidate
	expires     time.Time
}

// get returns a copy of a session's item; nil when there is none. The lock is
// held.
func (s *Store) get(id interview.SessionID) *row {
	a := s.sessions[id]
	if a == nil || a.removed || a.now.expires.Before(time.Now()) {
		return nil
	}
	r := a.now
	r.History = slices.Clone(r.History)
	r.secrets = slices.Clone(r.secrets)
	r.owned = slices.Clone(r.owned)
	ice := make(map[interview.PeerName][]wire.ICECandidate, len(r.ice))
	for peer, kept := range r.ice {
		ice[peer] = slices.Clone(kept)
	}
	r.ice = ice
	return &r
}

func (s *Store) put(r *row) *interview.Session {
	a := s.sessions[r.ID]
	if a == nil {
		a = &aged[row]{}
		s.sessions[r.ID] = a
	}
	a.put(*r, time.Now())
	session := r.Session
	session.History = slices.Clone(session.History)
	return &session
}

// fresh returns the item of a session that nothing is known of.
func fresh(id interview.SessionID, at time.Time) *row {
	return &row{
		Session: interview.Session{ID: id, Created: stamp(at)},
		ice:     map[interview.PeerName][]wire.ICECandidate{},
		expires: at.Add(store.KeepAllotted),
	}
}

// step changes a session whose state allows the step, and whose epoch is this
// one unless that is negative.
func (s *Store) step(ctx context.Context, id interview.SessionID, step interview.Step, epoch int64, change func(*row)) (*interview.Session, error) {
	var after *interview.Session
	err := s.do(ctx, func() error {
		r := s.get(id)
		if r == nil {
			return fmt.Errorf("session %s: %w", id, store.ErrNotFound)
		}
		if !step.LegalFrom(r.State) || epoch >= 0 && r.Epoch != epoch {
			return fmt.Errorf("session %s is %q: %w", id, r.State, store.ErrRefused)
		}
		change(r)
		after = s.put(r)
		return nil
	})
	return after, err
}

// Open is store.Store.Open.
func (s *Store) Open(ctx context.Context, o store.Opening) (*interview.Session, error) {
	var after *interview.Session
	err := s.do(ctx, func() error {
		r := s.get(o.Session)
		if r == nil {
			r = fresh(o.Session, o.At)
		}
		if r.State == interview.Ended || len(r.secrets) >= store.MaxSecrets || r.Connection != "" && r.Connection != o.Connection {
			return fmt.Errorf("open %s: %w", o.Session, store.ErrRefused)
		}
		if r.Interview == "" {
			r.Interview = o.Interview
		}
		if r.User == "" {
			r.User = o.User
		}
		r.secrets = append(r.secrets, o.SecretHash)
		after = s.bind(r, o)
		return nil
	})
	return after, err
}

// Resume is store.Store.Resume.
func (s *Store) Resume(ctx context.Context, o store.Opening) (*interview.Session, error) {
	var after *interview.Session
	err := s.do(ctx, func() error {
		r := s.get(o.Session)
		if r == nil {
			return fmt.Errorf("resume %s: %w", o.Session, store.ErrNotFound)
		}
		known := slices.ContainsFunc(r.secrets, func(h []byte) bool { return bytes.Equal(h, o.SecretHash) })
		if !known || r.connectedAt.After(o.ConnectedAt) {
			return fmt.Errorf("resume %s: %w", o.Session, store.ErrRefused)
		}
		after = s.bind(r, o)
		return nil
	})
	return after, err
}

func (s *Store) bind(r *row, o store.Opening) *interview.Session {
	r.Connection, r.connectedAt = o.Connection, stamp(o.ConnectedAt)
	return s.put(r)
}

// Session is store.Store.Session.
func (s *Store) Session(ctx context.Context, id interview.SessionID) (*interview.Session, error) {
	var found *interview.Session
	err := s.do(ctx, func() error {
		r := s.get(id)
		if r == nil {
			return fmt.Errorf("session %s: %w", id, store.ErrNotFound)
		}
		found = &r.Session
		return nil
	})
	return found, err
}

// PutOffer is store.Store.PutOffer.
func (s *Store) PutOffer(ctx context.Context, seen *interview.Session, offer interview.Offer) (*interview.Session, error) {
	var after *interview.Session
	err := s.do(ctx, func() error {
		r := s.get(seen.ID)
		if r == nil || !interview.StepOffer.LegalFrom(r.State) || r.State != seen.State || r.Epoch != seen.Epoch || !r.Offer.At.Equal(seen.Offer.At) {
			return fmt.Errorf("offer for %s: %w", seen.ID, store.ErrRefused)
		}
		if r.State != interview.Waiting {
			r.WaitingFrom = stamp(offer.At)
		}
		offer.At = stamp(offer.At)
		r.State, r.Offer, r.Connection, r.Dispatched = interview.Waiting, offer, offer.Connection, time.Time{}
		r.expires = offer.At.Add(store.KeepSession)
		after = s.put(r)
		return nil
	})
	return after, err
}

// Dispatched is store.Store.Dispatched.
func (s *Store) Dispatched(ctx context.Context, id interview.SessionID, offerAt, now time.Time) error {
	return s.do(ctx, func() error {
		r := s.get(id)
		if r == nil || r.State != interview.Waiting && r.State != interview.Moving || !r.Offer.At.Equal(offerAt) {
			return fmt.Errorf("dispatched %s: %w", id, store.ErrRefused)
		}
		r.Dispatched = stamp(now)
		s.put(r)
		return nil
	})
}

// Claim is store.Store.Claim.
func (s *Store) Claim(ctx context.Context, c store.Claim) (*store.Claimed, error) {
	var claimed *store.Claimed
	err := s.do(ctx, func() error {
		r := s.get(c.Session)
		if r == nil {
			return fmt.Errorf("claim %s: %w", c.Session, store.ErrNotFound)
		}
		if !interview.CanClaim(&r.Session, c.Peer, c.OfferAt, c.At) {
			return fmt.Errorf("claim %s: %w", c.Session, store.ErrRefused)
		}
		turns := s.sessionTurns(c.Session)
		if mark, marked := interview.Mark(r.Epoch, turns); marked {
			r.History = append(r.History, mark)
		}
		claimed = &store.Claimed{Job: s.job(c.Session), Before: store.Owner{Worker: r.Owner, Inbox: r.Inbox, Epoch: r.Epoch}}
		r.State, r.Owner, r.Inbox, r.ClaimedAt = interview.Claimed, c.Worker, c.Inbox, stamp(c.At)
		r.Epoch++
		r.Invited = time.Time{}
		claimed.ICECandidates = r.own(c.Peer)
		claimed.Session = s.put(r)
		claimed.Turns = interview.Count(claimed.Session, turns)
		return nil
	})
	return claimed, err
}

// owns reports whether a worker takes the peer's ICE candidates; one whose
// offer waits for a worker has none, whoever had it before.
func (r *row) owns(peer interview.PeerName) bool {
	waits := r.State == interview.Waiting && r.Offer.Peer == peer
	return !waits && slices.Contains(r.owned, peer)
}

// own makes the peer the owner's and returns its ICE candidates.
func (r *row) own(peer interview.PeerName) []wire.ICECandidate {
	kept := r.ice[peer]
	delete(r.ice, peer)
	r.owned = store.Remember(r.owned, peer)
	return kept
}

// Adopt is store.Store.Adopt.
func (s *Store) Adopt(ctx context.Context, id interview.SessionID, epoch int64, offer interview.Offer) ([]wire.ICECandidate, error) {
	var kept []wire.ICECandidate
	_, err := s.step(ctx, id, interview.StepAdopt, epoch, func(r *row) {
		offer.At = stamp(offer.At)
		r.Offer = offer
		kept = r.own(offer.Peer)
	})
	return kept, err
}

// Answered is store.Store.Answered.
func (s *Store) Answered(ctx context.Context, id interview.SessionID, epoch int64, at time.Time) error {
	_, err := s.step(ctx, id, interview.StepAnswer, epoch, func(r *row) {
		r.State, r.AnsweredAt = interview.Answered, stamp(at)
	})
	return err
}

// Connected is store.Store.Connected.
func (s *Store) Connected(ctx context.Context, id interview.SessionID, epoch int64, at time.Time) error {
	_, err := s.step(ctx, id, interview.StepConnect, epoch, func(r *row) { r.ConnectedAt = stamp(at) })
	return err
}

// PutBack is store.Store.PutBack.
func (s *Store) PutBack(ctx context.Context, id interview.SessionID, epoch int64) error {
	_, err := s.step(ctx, id, interview.StepPutBack, epoch, func(r *row) {
		r.State, r.Dispatched = interview.Waiting, time.Time{}
	})
	return err
}

// Moving is store.Store.Moving.
func (s *Store) Moving(ctx context.Context, id interview.SessionID, epoch int64) error {
	_, err := s.step(ctx, id, interview.StepMove, epoch, func(r *row) { r.State = interview.Moving })
	return err
}

// Pause is store.Store.Pause.
func (s *Store) Pause(ctx context.Context, id interview.SessionID, epoch int64, at time.Time) (*interview.Session, error) {
	return s.step(ctx, id, owners(epoch, interview.StepPause), epoch, func(r *row) {
		r.State, r.PausedAt = interview.Paused, stamp(at)
	})
}

// End is store.Store.End.
func (s *Store) End(ctx context.Context, id interview.SessionID, epoch int64, reason string, at time.Time) (*interview.Session, error) {
	return s.step(ctx, id, owners(epoch, interview.StepEnd), epoch, func(r *row) { s.end(r, reason, at) })
}

func (s *Store) end(r *row, reason string, at time.Time) {
	delete(s.jobs, r.ID)
	r.State, r.EndReason, r.EndedAt = interview.Ended, reason, stamp(at)
	r.ice = nil
}

// owners is the owner's step, or anybody's when no epoch is given.
func owners(epoch int64, step interview.Step) interview.Step {
	if epoch < 0 {
		return interview.StepRetire
	}
	return step
}

// EndWaiting is store.Store.EndWaiting.
func (s *Store) EndWaiting(ctx context.Context, id interview.SessionID, offerAt time.Time, reason string, at time.Time) (*interview.Session, error) {
	var after *interview.Session
	err := s.do(ctx, func() error {
		r := s.get(id)
		if r == nil || r.State != interview.Waiting || !r.Offer.At.Equal(offerAt) {
			return fmt.Errorf("end %s: %w", id, store.ErrRefused)
		}
		s.end(r, reason, at)
		after = s.put(r)
		return nil
	})
	return after, err
}
