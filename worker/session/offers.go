package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/interview"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
	"casey.internal/worker/peer"
)

// answerWithin bounds the making of one answer.
const answerWithin = 5 * time.Second

// Dial answers an offer with a new peer. The error is a *fault.Error when the
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

// Answer makes the answer to the offer with which the session was claimed.
// Call it before Run. The error is a *fault.Error when the offer is at fault.
func (s *Session) Answer(ctx context.Context, candidates []wire.ICECandidate) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	l, err := s.dial(ctx, s.cfg.Session.Offer)
	if err != nil {
		return fmt.Errorf("session: answer: %w", err)
	}
	s.add(l, candidates)
	return nil
}

// Announce posts the first answer. ErrGone says that nobody is there any more.
func (s *Session) Announce(ctx context.Context) error {
	l := s.legs[0]
	return s.writer.write(ctx, wire.Encode(wire.Answer{
		SDP: wire.Description{Type: "answer", SDP: l.reply}, Session: s.id, Peer: l.name,
	}))
}

// Abandon closes what Answer opened when the session will not run.
func (s *Session) Abandon() {
	s.closeLegs()
	s.tasks.Wait()
}

// answered is what became of one more offer.
type answered struct {
	offer      interview.Offer
	leg        *leg   // new, or the one that was restarted
	reply      string // the answer
	isNew      bool
	candidates []wire.ICECandidate
	err        error
}

// offered takes one more offer of the session's browser: a restart, a fresh
// peer, or the same offer again.
func (s *Session) offered(ctx context.Context, o interview.Offer) {
	s.writer.moveTo(o.Connection)
	for _, l := range s.legs {
		if l.name == o.Peer && l.offer == o.SDP {
			s.say(l)
			return
		}
	}
	if s.successor != nil {
		return // the owner's to answer
	}
	s.offer = &o
	s.nextOffer(ctx)
}

// nextOffer begins with the newest offer that waits; what it replaced needs no
// answer any more.
func (s *Session) nextOffer(ctx context.Context) {
	if s.busy || s.offer == nil {
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
	s.busy = true
	s.tasks.Go(func() { s.mail.post(s.adopt(ctx, o, same)) })
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
		a.reply, a.err = same.peer.Restart(ctx, o.SDP)
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

// answered posts the answer that adopt made.
func (s *Session) answered(ctx context.Context, a answered) error {
	s.busy = false
	defer s.nextOffer(ctx)
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
		a.leg.name, a.leg.offer, a.leg.reply = a.offer.Peer, a.offer.SDP, a.reply
		for _, c := range a.candidates {
			s.addCandidate(a.leg, c)
		}
	}
	s.say(a.leg)
	return nil
}

// say posts a leg's answer.
func (s *Session) say(l *leg) {
	s.writer.send(wire.Encode(wire.Answer{
		SDP: wire.Description{Type: "answer", SDP: l.reply}, Session: s.id, Peer: l.name,
	}))
}
