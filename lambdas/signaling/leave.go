package signaling

import (
	"context"
	"errors"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

// parting is one of the two ways in which a browser goes.
type parting struct {
	kind      string // of the message to the owner
	reason    string
	resumable bool
	apply     func(context.Context, *interview.Session) error // where no worker does it
}

// leaveSession pauses the session.
func (s *Service) leaveSession(ctx context.Context, c *store.Connection) error {
	return s.partSession(ctx, c, parting{
		kind: queue.KindLeave, reason: reasonLeft, resumable: true,
		apply: func(ctx context.Context, session *interview.Session) error {
			_, err := s.cfg.Store.Pause(ctx, session.ID, -1, time.Now())
			return err
		},
	})
}

// endSession ends the session.
func (s *Service) endSession(ctx context.Context, c *store.Connection) error {
	return s.partSession(ctx, c, parting{
		kind: queue.KindEnd, reason: reasonEnded,
		apply: func(ctx context.Context, session *interview.Session) error {
			_, err := s.cfg.Store.End(ctx, session.ID, -1, reasonEnded, time.Now())
			return err
		},
	})
}

// partSession lets the worker that holds the session do it, which then says `bye`;
// where there is none it is done here.
func (s *Service) partSession(ctx context.Context, c *store.Connection, p parting) error {
	session, err := s.ownSession(ctx, c)
	if err != nil {
		return err
	}
	bye := wire.Bye{Reason: p.reason, Resumable: p.resumable}
	if session == nil {
		return s.post(ctx, c.ID, bye)
	}
	switch session.State {
	case interview.Ended:
		return s.post(ctx, c.ID, wire.Bye{Reason: session.EndReason})
	case interview.Claimed, interview.Answered, interview.Moving:
		err := s.sendInbox(ctx, session, queue.Inbox{Kind: p.kind, Session: session.ID, Connection: c.ID})
		if !errors.Is(err, queue.ErrNoQueue) {
			return err
		}
	}
	if err := s.partAlone(ctx, session, p); err != nil {
		return err
	}
	return s.post(ctx, c.ID, bye)
}

// partAlone does it without the worker, if there is one still that was left
// for another.
func (s *Service) partAlone(ctx context.Context, session *interview.Session, p parting) error {
	if session.State == interview.Allotted && p.resumable || session.State == interview.Paused && p.resumable {
		return nil
	}
	if err := p.apply(ctx, session); err != nil && !errors.Is(err, store.ErrRefused) {
		return err
	}
	s.cfg.Step("parted")
	if session.State == interview.Waiting && session.Inbox != "" {
		err := s.cfg.Queue.SendInbox(ctx, session.Inbox, queue.Inbox{Kind: p.kind, Session: session.ID})
		if err != nil && !errors.Is(err, queue.ErrNoQueue) {
			return err
		}
	}
	return nil
}
