package host

import (
	"context"
	"errors"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/worker/fleet"
	"casey.internal/worker/session"
)

const (
	// markWithin bounds a host's tries to mark an answer: less than
	// interview.ClaimStale, after which another may take the session.
	markWithin = 4 * time.Second
	markEvery  = 200 * time.Millisecond
	// doubtWithin bounds its tries to learn whether it marked one.
	doubtWithin = 30 * time.Second
)

// takeSession claims the session of a message and answers it. The order is: claim,
// make the answer, mark it, post it; the message is deleted after that.
func (h *Host) takeSession(ctx context.Context, d queue.Delivery) *entry {
	if err := h.protect(ctx); err != nil {
		h.log.Info("no protection, no claim", "error", err)
		h.showMessageAfter(ctx, d, 0)
		pause(ctx, fleet.LookAgain) // with the slot still taken, so that another worker gets it
		return nil
	}
	e := h.addEntry(d.Session)
	if h.answer(ctx, d, e) {
		return e
	}
	h.removeEntry(e)
	return nil
}

func (h *Host) protect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, guardWithin)
	defer cancel()
	return h.takeGuard(ctx)
}

// answer takes all steps from the claim to the posted answer. Where it returns
// false nothing of the session is left here.
func (h *Host) answer(ctx context.Context, d queue.Delivery, e *entry) bool {
	claimed, err := h.claim(ctx, d)
	if err != nil {
		h.counts.lostClaims.Add(1)
		h.log.Info("session not claimed", "session", string(d.Session), "error", err)
		return false // seen again after its visibility timeout, and judged then
	}
	h.counts.claims.Add(1)
	h.cfg.Step("claim")
	h.notifyFormerOwner(ctx, e, claimed)
	config, err := h.config(ctx, e, claimed)
	if err != nil {
		h.unanswered(ctx, d, claimed.Session, err)
		return false
	}
	s := session.New(config)
	if err := s.Answer(ctx, claimed.ICECandidates); err != nil {
		h.unanswered(ctx, d, claimed.Session, err)
		return false
	}
	h.cfg.Step("answer")
	if !h.markAnswered(ctx, d, e, claimed.Session) {
		s.Abandon()
		return false
	}
	h.cfg.Step("answered")
	err = s.Announce(ctx)
	h.markPosted(e)
	if err != nil {
		h.log.Info("answer not delivered", "session", string(d.Session), "error", err)
		s.Abandon()
		settle, stop := lasting(ctx, settleLast)
		defer stop()
		s.Settle(settle, err)
		h.deleteMessage(ctx, d)
		return false
	}
	h.counts.answers.Add(1)
	h.cfg.Step("post")
	e.run = func(ctx context.Context) (*session.Session, error) { return s, s.Run(ctx) }
	return true
}

func (h *Host) claim(ctx context.Context, d queue.Delivery) (*store.Claimed, error) {
	ctx, cancel := context.WithTimeout(ctx, stepWithin)
	defer cancel()
	return h.Store.Claim(ctx, store.Claim{
		Session: d.Session, Peer: d.Peer, OfferAt: d.OfferAt, Worker: h.cfg.ID, Inbox: h.inbox, At: time.Now(),
	})
}

// unanswered ends a session whose offer cannot be answered; where the fault is
// not the offer's it goes back to the others.
func (h *Host) unanswered(ctx context.Context, d queue.Delivery, s *interview.Session, err error) {
	log := h.log.With("session", string(s.ID))
	if errors.Is(err, session.ErrNoRoom) {
		log.Info("no room, offer goes back", "error", err)
		h.putBack(ctx, d, s, fleet.LookAgain)
		return
	}
	if f, ok := errors.AsType[*apperr.Error](err); ok {
		h.counts.badOffers.Add(1)
		log.Info("offer refused", "error", err)
		if h.giveUp(ctx, s, f) {
			h.deleteMessage(ctx, d)
		}
		return
	}
	log.Error("offer not answered", "error", err)
	if d.Received >= maxAnswers && h.giveUp(ctx, s, apperr.Of(err)) {
		h.deleteMessage(ctx, d)
		return
	}
	h.putBack(ctx, d, s, 0)
}

// putBack gives a claimed session to whoever can answer it, after a while.
func (h *Host) putBack(ctx context.Context, d queue.Delivery, s *interview.Session, after time.Duration) {
	h.stumble()
	call, cancel := context.WithTimeout(ctx, stepWithin)
	defer cancel()
	if err := h.Store.PutBack(call, s.ID, s.Epoch); err != nil {
		h.log.Warn("session not put back", "session", string(s.ID), "error", err)
		return
	}
	h.showMessageAfter(ctx, d, after)
}

// markAnswered stores that the answer is decided: from then on no other worker makes
// one. False means that another has the session now, or that the store left it
// open, which clearUnposted then finds out.
func (h *Host) markAnswered(ctx context.Context, d queue.Delivery, e *entry, s *interview.Session) bool {
	at := time.Now()
	h.mu.Lock()
	h.unposted[e] = at
	h.mu.Unlock()
	limit, cancel := context.WithTimeout(ctx, markWithin)
	defer cancel()
	for {
		err := h.Store.Answered(limit, s.ID, s.Epoch, at)
		if err == nil {
			return true
		}
		h.log.Warn("answer not marked", "session", string(s.ID), "error", err)
		if errors.Is(err, store.ErrRefused) {
			marked, err := h.wasMarked(limit, s)
			if err == nil && !marked {
				h.markPosted(e)
			}
			if err == nil {
				return marked
			}
		}
		if !pause(limit, markEvery) {
			h.stumble()
			h.tasks.Go(func() { h.clearUnposted(ctx, d, e, s) })
			return false
		}
	}
}

// wasMarked reports whether a refused mark was refused because it had been made
// before, by an attempt whose reply was lost.
func (h *Host) wasMarked(ctx context.Context, s *interview.Session) (bool, error) {
	now, err := h.Store.Session(ctx, s.ID)
	if err != nil {
		return false, err
	}
	return now.Epoch == s.Epoch && now.State == interview.Answered, nil
}

// markPosted lets the heartbeat speak for an answer again, and soon.
func (h *Host) markPosted(e *entry) {
	h.mu.Lock()
	delete(h.unposted, e)
	h.mu.Unlock()
	signal(h.changed)
}

// clearUnposted finds out whether an answer that was never posted counts as
// marked, and undoes it: the client is told, or the session is given back.
func (h *Host) clearUnposted(ctx context.Context, d queue.Delivery, e *entry, s *interview.Session) {
	defer h.markPosted(e)
	ctx, cancel := context.WithTimeout(ctx, doubtWithin)
	defer cancel()
	for pause(ctx, markEvery) {
		now, err := h.Store.Session(ctx, s.ID)
		switch {
		case err != nil:
		case now.Epoch != s.Epoch:
			return
		case now.State == interview.Claimed:
			if err = h.Store.PutBack(ctx, s.ID, s.Epoch); err == nil {
				h.showMessageAfter(ctx, d, 0)
				return
			}
		case now.State == interview.Answered:
			if h.giveUp(ctx, now, apperr.New(apperr.Lost, "The answer could not be sent. Please start again.")) {
				return
			}
		default:
			return
		}
	}
}
