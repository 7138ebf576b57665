package signaling

import (
	"context"
	"errors"
	"strings"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/interview"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

// isMDNS reports whether an ICE candidate names a host of multicast DNS (the
// fifth field of candidate-attribute, RFC 8839 5.1).
func isMDNS(candidate string) bool {
	fields := strings.Fields(candidate)
	return len(fields) > 4 && strings.HasSuffix(strings.ToLower(fields[4]), ".local")
}

// tellWaiting tells a browser how many are ahead when no slot is free for its
// offer. It is a courtesy: that it failed is not the offer's failure.
func (s *Service) tellWaiting(ctx context.Context, c *store.Connection, session *interview.Session) error {
	if session.State != interview.Waiting {
		return nil
	}
	ahead, full, err := s.queuePlace(ctx, session)
	if err == nil && full {
		session, err = s.cfg.Store.Session(ctx, session.ID) // it may be claimed by now
	}
	if err != nil {
		s.logger(c).WarnContext(ctx, "could not tell the place in the queue", "error", err)
		return nil
	}
	if !full || session.State != interview.Waiting {
		return nil
	}
	return s.keepWaiting(ctx, c, ahead)
}

// keepWaiting tells a browser that so many are ahead of it.
func (s *Service) keepWaiting(ctx context.Context, c *store.Connection, ahead int) error {
	s.cfg.Waiting(ahead + 1)
	return s.post(ctx, c.ID, wire.WaitingTurn{Ahead: ahead})
}

// queuePlace returns how many older sessions wait, and whether all free slots are
// theirs.
func (s *Service) queuePlace(ctx context.Context, session *interview.Session) (ahead int, full bool, err error) {
	workers, err := s.cfg.Store.Workers(ctx)
	if err != nil {
		return 0, false, err
	}
	ahead, err = s.cfg.Store.Ahead(ctx, session.WaitingFrom)
	free := 0
	for _, w := range workers {
		free += w.Free(time.Now())
	}
	return ahead, free <= ahead, err
}

// ping answers `pong`, or the place in the queue while waiting; a wait that has
// become too long ends.
func (s *Service) ping(ctx context.Context, c *store.Connection) error {
	session, err := s.ownSession(ctx, c)
	if err != nil {
		return err
	}
	if session == nil || session.State != interview.Waiting {
		return s.post(ctx, c.ID, wire.Pong{})
	}
	if time.Since(session.WaitingFrom) > s.cfg.MaxWait {
		return s.giveUp(ctx, c, session)
	}
	ahead, full, err := s.queuePlace(ctx, session)
	if err != nil {
		return err
	}
	if full {
		return s.keepWaiting(ctx, c, ahead)
	}
	return s.post(ctx, c.ID, wire.Pong{})
}

func (s *Service) giveUp(ctx context.Context, c *store.Connection, session *interview.Session) error {
	message, err := endWait(ctx, s.cfg.Store, session, time.Now())
	if errors.Is(err, store.ErrRefused) {
		return s.post(ctx, c.ID, wire.Pong{}) // a worker took it at the last moment
	}
	if err != nil {
		return err
	}
	s.cfg.Failed()
	s.cfg.Step("gave up")
	s.logger(c).InfoContext(ctx, "no slot became free", "waited", time.Since(session.WaitingFrom))
	return s.post(ctx, c.ID, message)
}

// endWait ends a wait that was too long, and returns what its browser is told.
// An interview that has begun is only paused: its browser may offer again.
func endWait(ctx context.Context, e Endings, session *interview.Session, at time.Time) (wire.Message, error) {
	if session.ConnectedAt.IsZero() {
		_, err := e.EndWaiting(ctx, session.ID, session.Offer.At, reasonFull, at)
		return wire.Error{Code: string(fullError().Code), Message: fullError().Message}, err
	}
	_, err := e.Pause(ctx, session.ID, -1, at)
	return rejected(fullError(), "offer"), err
}

func fullError() *apperr.Error {
	return apperr.New(apperr.Full, "all interviewers are busy: try again in a few minutes")
}
