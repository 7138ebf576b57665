package signaling

import (
	"context"
	"errors"
	"fmt"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/interview"
	"casey.internal/shared/post"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

// Message handles one message of a browser. What is wrong with it is told to
// the browser; an error means that the browser could not be told, and makes
// the gateway say so in its own words.
func (s *Service) Message(ctx context.Context, id interview.ConnectionID, data []byte) error {
	message, invalid := wire.Parse(data)
	kind := wire.TypeOf(data)
	if invalid != nil && kind != "offer" {
		s.cfg.Log.InfoContext(ctx, "message refused", "connection", id, "of", kind, "code", apperr.Of(invalid).Code, "bytes", len(data))
		return s.post(ctx, id, rejected(apperr.Of(invalid), kind))
	}
	c, err := s.connection(ctx, id)
	if err != nil {
		return fmt.Errorf("message: %w", err)
	}
	if !c.Gone.IsZero() {
		return nil
	}
	if invalid == nil {
		invalid = s.handle(ctx, c, message)
	}
	if invalid != nil {
		return s.refuse(ctx, c, kind, message, invalid)
	}
	return nil
}

func (s *Service) handle(ctx context.Context, c *store.Connection, message wire.Message) error {
	switch m := message.(type) {
	case *wire.Hello:
		return s.hello(ctx, c, m)
	case *wire.Offer:
		return s.offer(ctx, c, m)
	case *wire.ICE:
		return s.ice(ctx, c, m)
	case *wire.Leave:
		return s.leaveSession(ctx, c)
	case *wire.End:
		return s.endSession(ctx, c)
	case *wire.Ping:
		return s.ping(ctx, c)
	}
	return fmt.Errorf("no rule for %T", message)
}

// refuse tells a browser that its message failed: `rejected`, or `error` when
// it was an offer without which there is no interview.
func (s *Service) refuse(ctx context.Context, c *store.Connection, kind string, message wire.Message, err error) error {
	f := apperr.Of(err)
	if f.Code == apperr.Internal {
		s.logger(c).ErrorContext(ctx, "message failed", "of", kind, "error", err)
	} else {
		s.logger(c).InfoContext(ctx, "message refused", "of", kind, "code", f.Code)
	}
	if kind == "offer" && s.isFinal(ctx, c, message, f) {
		return s.post(ctx, c.ID, wire.Error{Code: string(f.Code), Message: f.Message})
	}
	return s.post(ctx, c.ID, rejected(f, kind))
}

// isFinal reports whether a refused offer is the end of its interview, and
// ends one that was left waiting by a failure of ours. No such failure ends an
// interview that has begun: it passes, and the browser offers again.
func (s *Service) isFinal(ctx context.Context, c *store.Connection, message wire.Message, f *apperr.Error) bool {
	ours := f.Code == apperr.Internal
	if f.Code == apperr.Forbidden || ours && goesOn(message) {
		return false
	}
	session, err := s.cfg.Store.Session(ctx, c.Session)
	if err != nil {
		return true // none yet, or nobody knows
	}
	switch session.State {
	case interview.Allotted, interview.Ended:
		return true
	case interview.Waiting:
		if !ours || !session.ConnectedAt.IsZero() {
			return false
		}
		_, err := s.cfg.Store.EndWaiting(ctx, c.Session, session.Offer.At, reasonInternal, time.Now())
		if err == nil {
			s.cfg.Failed()
		}
		return !errors.Is(err, store.ErrRefused) // refused: a worker answers it after all
	}
	return false
}

// goesOn reports whether a message is an offer that says of itself that its
// interview has begun. It counts where the record cannot be read, or is not
// reached yet because the connection is new.
func goesOn(message wire.Message) bool {
	offer, ok := message.(*wire.Offer)
	return ok && (offer.Resume != "" || offer.Want != interview.WantNothing)
}

func rejected(f *apperr.Error, kind string) wire.Rejected {
	return wire.Rejected{Code: string(f.Code), Message: f.Message, Of: kind}
}

// post sends a message to a browser; one that is gone needs none.
func (s *Service) post(ctx context.Context, id interview.ConnectionID, message wire.Message) error {
	err := s.cfg.Poster.Post(ctx, id, wire.Encode(message))
	if errors.Is(err, post.ErrGone) {
		s.cfg.Log.InfoContext(ctx, "the connection is gone", "connection", id)
		return nil
	}
	if err != nil {
		return err
	}
	s.cfg.Step("posted")
	return nil
}
