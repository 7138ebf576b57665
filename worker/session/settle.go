package session

import (
	"context"
	"errors"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

// settleWithin bounds how long an ended session tries to write its record.
const settleWithin = time.Minute

// verdict is the consequence of an end.
type verdict struct {
	silent bool   // another owner: nothing is stored or said
	pause  bool   // can be resumed
	reason string // stored, and said in `bye`
	fault  *apperr.Error
}

// judge returns what follows from a cause; one that is not named here is a
// failure of ours. What was an interview before can be resumed when this
// browser was not reached.
func (s *Session) judge(cause error) verdict {
	resumed := !s.cfg.Session.ConnectedAt.IsZero()
	switch {
	case errors.Is(cause, ErrTaken), errors.Is(cause, ErrMoved):
		return verdict{silent: true}
	case errors.Is(cause, ErrLeft):
		return verdict{pause: true, reason: "left"}
	case errors.Is(cause, ErrEnded):
		return verdict{reason: "ended"}
	case errors.Is(cause, ErrClosed):
		return verdict{reason: "closed"}
	case errors.Is(cause, ErrAway) && s.legacy: // `error` is all that its page shows
		return verdict{reason: "away", fault: apperr.New(apperr.Lost, "The connection was lost. Please start again.")}
	case errors.Is(cause, ErrAway):
		return verdict{pause: true, reason: "away"}
	case errors.Is(cause, ErrTooLong):
		return verdict{reason: "time"}
	case errors.Is(cause, ErrDrained):
		return verdict{pause: !s.legacy, reason: "drained"}
	case errors.Is(cause, ErrGone):
		return verdict{pause: resumed, reason: "gone"}
	case resumed && !s.reached: // whatever kept the answer from it
		return verdict{pause: true, reason: "not reached"}
	case errors.Is(cause, ErrNotReached):
		return verdict{reason: "not reached", fault: apperr.New(apperr.Unavailable,
			"No media connection within %d s. A firewall may block it.", int(connectWithin.Seconds()))}
	}
	return verdict{reason: "failed", fault: apperr.Of(cause)}
}

// Failed reports whether an end with this cause is a failure of ours: the
// interview did not begin, or could not go on.
func (s *Session) Failed(cause error) bool { return s.judge(cause).fault != nil }

// Settle stores how the session ended and tells the browser. It returns when
// the store took it, or after a minute without.
func (s *Session) Settle(ctx context.Context, cause error) {
	v := s.judge(cause)
	if v.silent {
		over, end := context.WithCancel(ctx)
		end() // what the Talk left to do is somebody else's now
		s.record.finish(over)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	at := time.Now()
	s.record.finish(ctx)
	write := func(ctx context.Context) error { return s.writeEnd(ctx, v, at) }
	first, stop := context.WithTimeout(ctx, storeWithin)
	err := write(first)
	stop()
	if errors.Is(err, store.ErrRefused) {
		return
	}
	s.postBye(ctx, v)
	if err != nil {
		s.record.retry(ctx, func(ctx context.Context) error {
			if err := write(ctx); !errors.Is(err, store.ErrRefused) {
				return err
			}
			return nil
		})
	}
}

// writeEnd writes what is left of the record, and its end last.
func (s *Session) writeEnd(ctx context.Context, v verdict, at time.Time) error {
	if err := s.record.flush(ctx); err != nil {
		return err
	}
	if v.pause {
		_, err := s.cfg.Store.Pause(ctx, s.id, s.cfg.Session.Epoch, at)
		return err
	}
	_, err := s.cfg.Store.End(ctx, s.id, s.cfg.Session.Epoch, v.reason, at)
	return err
}

// postBye tells the browser how it ended.
func (s *Session) postBye(ctx context.Context, v verdict) {
	var message wire.Message = wire.Bye{Reason: v.reason, Resumable: v.pause}
	if v.fault != nil {
		message = wire.Error{Code: string(v.fault.Code), Message: v.fault.Message}
	}
	if err := s.writer.write(ctx, wire.Encode(message)); err != nil {
		s.log.Debug("end not told", "error", err)
	}
}
