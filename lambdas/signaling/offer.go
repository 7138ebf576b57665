package signaling

import (
	"context"
	"errors"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

// offerAttempts is the number of times that an offer is judged, because the
// session moved while it was.
const offerAttempts = 5

// offer brings a browser's offer to a worker: to any, through the dispatch
// queue, or to the one that holds the session, through its inbox.
func (s *Service) offer(ctx context.Context, c *store.Connection, m *wire.Offer) error {
	session, secret, err := s.enterForOffer(ctx, c, m)
	if err != nil {
		return err
	}
	offer := interview.Offer{Peer: peerName(m.Peer, c), SDP: m.SDP.SDP, Want: m.Want, Connection: c.ID, At: time.Now()}
	for attempt := 1; ; attempt++ {
		session, err = s.placeOffer(ctx, session, offer)
		if !errors.Is(err, store.ErrRefused) || attempt == offerAttempts {
			break
		}
		if session, err = s.cfg.Store.Session(ctx, c.Session); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	if secret != "" {
		if err := s.tellSession(ctx, c, secret); err != nil {
			return err
		}
	}
	return s.tellWaiting(ctx, c, session)
}

// enterForOffer returns the session that the offer is for, and a secret when
// the client is to be told one: it has none that we know of unless the session
// runs.
func (s *Service) enterForOffer(ctx context.Context, c *store.Connection, m *wire.Offer) (*interview.Session, string, error) {
	running := m.Want != interview.WantNothing && m.Resume == "" && (m.Session == "" || m.Session == c.Session)
	if running {
		session, err := s.ownSession(ctx, c)
		if err != nil || session != nil && session.State != interview.Allotted {
			return session, "", err
		}
	}
	return s.enterSession(ctx, c, credentials{m.Session, m.Resume, m.Interview})
}

// placeOffer brings the offer where it goes, and returns the session as it is then.
// ErrRefused: the state has changed, judge again.
func (s *Service) placeOffer(ctx context.Context, session *interview.Session, offer interview.Offer) (*interview.Session, error) {
	switch where := interview.Place(session, offer); where {
	case interview.PlaceRefused:
		return session, endedError()
	case interview.PlaceNowhere:
		return session, nil
	case interview.PlaceDispatch:
		return session, s.dispatchOffer(ctx, session)
	case interview.PlaceInvite:
		return s.inviteSuccessor(ctx, session, offer)
	case interview.PlaceSuccessor:
		return session, s.repeatToSuccessor(ctx, session)
	case interview.PlaceOwner, interview.PlaceOwnerAgain:
		return s.sendToOwner(ctx, session, offer, where)
	}
	return s.enqueueOffer(ctx, session, offer)
}

// inviteSuccessor asks the other workers for a successor; the owner, which goes away, keeps
// the session until there is one.
func (s *Service) inviteSuccessor(ctx context.Context, seen *interview.Session, offer interview.Offer) (*interview.Session, error) {
	session, err := s.cfg.Store.Invite(ctx, seen, offer)
	if err != nil {
		return seen, err
	}
	s.cfg.Step("invited")
	return session, s.dispatchOffer(ctx, session)
}

// repeatToSuccessor has the successor say its answer again. One that is gone
// needs not: the browser invites another.
func (s *Service) repeatToSuccessor(ctx context.Context, session *interview.Session) error {
	err := s.cfg.Queue.SendInbox(ctx, session.Successor.Inbox, queue.Inbox{
		Kind: queue.KindOffer, Session: session.ID, Connection: session.Connection, Peer: session.Offer.Peer, Offer: &session.Offer,
	})
	if errors.Is(err, queue.ErrNoQueue) {
		return nil
	}
	return err
}

// enqueueOffer makes the offer wait for a worker.
func (s *Service) enqueueOffer(ctx context.Context, seen *interview.Session, offer interview.Offer) (*interview.Session, error) {
	session, err := s.cfg.Store.PutOffer(ctx, seen, offer)
	if err != nil {
		return seen, err
	}
	s.cfg.Step("offered")
	return session, s.dispatchOffer(ctx, session)
}

func (s *Service) dispatchOffer(ctx context.Context, session *interview.Session) error {
	return dispatch(ctx, s.cfg.Queue, s.cfg.Store, s.cfg.Step, session)
}

// marker notes that a dispatch message was sent.
type marker interface {
	Dispatched(ctx context.Context, id interview.SessionID, offerAt, now time.Time) error
}

// dispatcher sends dispatch messages.
type dispatcher interface {
	SendDispatch(context.Context, queue.Dispatch) error
}

// dispatch tells the workers that the session's offer waits, and notes that it
// did.
func dispatch(ctx context.Context, q dispatcher, m marker, step func(string), session *interview.Session) error {
	err := q.SendDispatch(ctx, queue.Dispatch{Session: session.ID, Peer: session.Offer.Peer, OfferAt: session.Offer.At})
	if err != nil {
		return err
	}
	step("dispatched")
	err = m.Dispatched(ctx, session.ID, session.Offer.At, time.Now())
	if errors.Is(err, store.ErrRefused) {
		return nil // a worker was quick
	}
	step("marked")
	return err
}

// sendToOwner sends the offer to the worker that holds the session.
func (s *Service) sendToOwner(ctx context.Context, session *interview.Session, offer interview.Offer, where interview.Placement) (*interview.Session, error) {
	if offer.Want == interview.WantNothing {
		offer.Want = interview.WantFresh
	}
	if where == interview.PlaceOwnerAgain {
		offer = session.Offer
		offer.Connection = session.Connection
	}
	err := s.sendInbox(ctx, session, queue.Inbox{
		Kind: queue.KindOffer, Session: session.ID, Connection: offer.Connection, Peer: offer.Peer, Offer: &offer,
	})
	if !errors.Is(err, queue.ErrNoQueue) {
		return session, err
	}
	if where.WithoutOwner(offer) == interview.PlaceLost {
		return session, apperr.New(apperr.Lost, "the worker that held this interview is gone: offer a new peer connection with want elsewhere")
	}
	return s.enqueueOffer(ctx, session, offer)
}

// sendInbox sends a message to the worker that holds the session. ErrNoQueue:
// it is gone.
func (s *Service) sendInbox(ctx context.Context, session *interview.Session, m queue.Inbox) error {
	owner, err := s.cfg.Store.Worker(ctx, session.Owner)
	if errors.Is(err, store.ErrNotFound) || err == nil && !owner.Alive(time.Now()) {
		return queue.ErrNoQueue
	}
	if err != nil {
		return err
	}
	if err := s.cfg.Queue.SendInbox(ctx, session.Inbox, m); err != nil {
		return err
	}
	s.cfg.Step("told the owner")
	return nil
}

// ice keeps an ICE candidate for the worker that will own its peer, or sends
// it there. mDNS names mean nothing outside the browser's network.
func (s *Service) ice(ctx context.Context, c *store.Connection, m *wire.ICE) error {
	if m.Candidate != nil && isMDNS(m.Candidate.Candidate) {
		return nil
	}
	candidate := wire.ICECandidate{}
	if m.Candidate != nil {
		candidate = *m.Candidate
	}
	peer := peerName(m.Peer, c)
	inbox, err := s.cfg.Store.AddICECandidate(ctx, c.Session, peer, candidate, time.Now())
	if err != nil {
		return err
	}
	s.cfg.Step("kept an ICE candidate")
	if inbox == "" {
		return nil
	}
	err = s.cfg.Queue.SendInbox(ctx, inbox, queue.Inbox{
		Kind: queue.KindICE, Session: c.Session, Connection: c.ID, Peer: peer, ICECandidate: &candidate,
	})
	if errors.Is(err, queue.ErrNoQueue) {
		return nil // the worker is gone, and its peer with it
	}
	return err
}
