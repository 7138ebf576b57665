package session

import (
	"context"
	"errors"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/interview"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
	"casey.internal/worker/peer"
)

// answerWithin bounds the making of one answer.
const answerWithin = 5 * time.Second

// Dial answers an offer with a new peer. The error is an *apperr.Error when the
// offer cannot be answered.
type Dial func(ctx context.Context, offerSDP string, h peer.Handler) (Peer, error)

// On returns the Dial of a network.
func On(n *peer.Network) Dial {
	return func(ctx context.Context, offerSDP string, h peer.Handler) (Peer, error) {
		p, err := n.Answer(ctx, offerSDP, h)
		if err != nil {
			return nil, err // not a nil *peer.Peer in an interface
		}
		return p, nil
	}
}

// answered says what became of one more offer.
type answered struct {
	offer      interview.Offer
	leg        *leg // new, or the one that was restarted
	answer     string
	isNew      bool
	candidates []wire.ICECandidate
	err        error
}

func (answered) message() {}

// offered takes one more offer of the session's browser: a restart, a fresh
// peer, or the same offer again.
func (s *Session) offered(ctx context.Context, o *interview.Offer) {
	if o == nil || s.repeated(o) {
		return
	}
	s.offer = o
	s.answerNext(ctx)
}

// answerNext begins with the newest offer that waits; what it replaced needs no
// answer any more.
func (s *Session) answerNext(ctx context.Context) {
	if s.answering || s.offer == nil {
		return
	}
	o := *s.offer
	s.offer = nil
	var same *leg
	for _, l := range s.legs {
		if l.peer.SameFingerprint(o.SDP) {
			same = l
		}
	}
	s.answering = true
	s.tasks.Go(func() { s.post(s.adopt(ctx, o, same)) })
}

// adopt tells the store of the peer and makes its answer. A store that is away
// keeps nobody from being answered: only candidates are missed, and they are
// not needed.
func (s *Session) adopt(ctx context.Context, o interview.Offer, same *leg) answered {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	a := answered{offer: o}
	a.candidates, a.err = s.adoptInStore(ctx, o)
	if a.err != nil {
		return a
	}
	if same != nil {
		a.leg = same
		a.answer, a.err = same.peer.Restart(ctx, o.SDP)
		return a
	}
	a.isNew = true
	a.leg, a.err = s.dial(ctx, o)
	return a
}

func (s *Session) adoptInStore(ctx context.Context, o interview.Offer) ([]wire.ICECandidate, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	candidates, err := s.cfg.Store.Adopt(ctx, s.id, s.cfg.Session.Epoch, o)
	if errors.Is(err, store.ErrRefused) {
		return nil, ErrTaken
	}
	if err != nil {
		s.log.Warn("peer not adopted in the store", "error", err)
	}
	return candidates, nil
}

// offerAnswered posts the answer that adopt made.
func (s *Session) offerAnswered(ctx context.Context, a answered) error {
	s.answering = false
	defer s.answerNext(ctx)
	switch {
	case errors.Is(a.err, ErrTaken):
		return ErrTaken
	case a.err != nil:
		s.log.Warn("offer not answered", "error", a.err)
		f := apperr.Of(a.err)
		s.writer.send(wire.Encode(wire.Rejected{Code: string(f.Code), Message: f.Message, Of: "offer"}))
		return nil
	case a.isNew:
		s.add(a.leg, a.candidates)
	default:
		a.leg.name, a.leg.offer, a.leg.answer = a.offer.Peer, a.offer.SDP, a.answer
		for _, c := range a.candidates {
			s.addCandidate(a.leg, c)
		}
	}
	s.postAnswer(a.leg)
	return nil
}
