package host

import (
	"context"
	"time"

	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/worker/fleet"
	"casey.internal/worker/session"
)

// reserveSession reserves a session that leaves its worker, and answers the browser's
// invitation. Where it fails the message is forgotten: the owner goes on, and
// the browser invites again. nil = there is no session to run.
func (h *Host) reserveSession(ctx context.Context, d queue.Delivery) *entry {
	if err := h.protect(ctx); err != nil {
		h.log.Info("no protection, no reservation", "error", err)
		h.showMessageAfter(ctx, d, 0)
		pause(ctx, fleet.LookAgain)
		return nil
	}
	e := h.addEntry(d.Session)
	if err := h.answerAsSuccessor(ctx, d, e); err != nil {
		h.log.Info("session not reserved", "session", string(d.Session), "error", err)
		h.removeEntry(e)
		h.deleteMessage(ctx, d)
		return nil
	}
	h.counts.answers.Add(1)
	return e
}

// answerAsSuccessor takes all steps from the reservation to the posted answer.
func (h *Host) answerAsSuccessor(ctx context.Context, d queue.Delivery, e *entry) error {
	call, cancel := context.WithTimeout(ctx, stepWithin)
	defer cancel()
	claimed, err := h.Store.Reserve(call, store.Claim{
		Session: d.Session, Peer: d.Peer, OfferAt: d.OfferAt, Worker: h.cfg.ID, Inbox: h.inbox, At: time.Now(),
	})
	if err != nil {
		return err
	}
	h.cfg.Step("reserve")
	config, err := h.config(ctx, e, claimed)
	if err != nil {
		return err
	}
	s := session.NewSuccessor(config, claimed.Before.Inbox)
	if err := s.Answer(ctx, claimed.ICECandidates); err != nil {
		return err
	}
	if err := h.announceSuccessor(ctx, d, s); err != nil {
		s.Abandon()
		return err
	}
	e.run = s.Run
	return nil
}

func (h *Host) announceSuccessor(ctx context.Context, d queue.Delivery, s *session.Successor) error {
	mark, stop := context.WithTimeout(ctx, stepWithin)
	defer stop()
	if err := h.Store.SuccessorAnswered(mark, d.Session, d.OfferAt, h.cfg.ID, time.Now()); err != nil {
		return err
	}
	h.cfg.Step("answered as successor")
	return s.Announce(ctx)
}

// config returns what a session of this host is made of.
func (h *Host) config(ctx context.Context, e *entry, c *store.Claimed) (session.Config, error) {
	talk := h.Talk(c.Session)
	if p, ok := talk.(session.Preparer); ok {
		ctx, cancel := context.WithTimeout(ctx, stepWithin)
		defer cancel()
		var err error
		if talk, err = p.Prepare(ctx, c.Session.ID); err != nil {
			return session.Config{}, err
		}
	}
	return session.Config{
		Session: *c.Session, Turns: c.Turns, Job: c.Job, Mail: e.mail, Dial: h.Dial, Talk: talk,
		Store: h.Store, Post: h.Post, Log: h.log, Max: h.cfg.Max,
		Worker: h.cfg.ID, Inbox: h.inbox, Tell: h.Queue,
	}, nil
}
