package store

import (
	"context"
	"time"

	"casey.internal/shared/interview"
)

// step is an update that is legal from the step's states, in this epoch unless
// that is negative.
func (s *Store) step(step interview.Step, epoch int64) *update {
	u := s.existing().whenState(step.From()...)
	if epoch >= 0 {
		u.when("$epoch = ?", number(epoch))
	}
	return u
}

// Answered notes that the owner has decided its answer; only after it may the
// answer be posted. ErrRefused: the session is no longer the owner's.
func (s *Store) Answered(ctx context.Context, id interview.SessionID, epoch int64, at time.Time) error {
	u := s.step(interview.StepAnswer, epoch).
		set("state", text(string(interview.Answered))).
		set("answeredAt", when(at))
	_, err := s.change(ctx, "answer", id, u, func(seen *interview.Session) bool {
		return seen.State == interview.Answered && seen.Epoch == epoch && seen.AnsweredAt.Equal(at)
	})
	return err
}

// Connected notes that media flows. ErrRefused: the session is no longer the
// owner's.
func (s *Store) Connected(ctx context.Context, id interview.SessionID, epoch int64, at time.Time) error {
	u := s.step(interview.StepConnect, epoch).set("connectedAt", when(at))
	_, err := s.change(ctx, "connect", id, u, nil)
	return err
}

// PutBack gives a claimed session back, to be claimed by another. Who calls it
// makes the dispatch message visible, or leaves that to the sweep. ErrRefused:
// the session is no longer the owner's, or answered.
func (s *Store) PutBack(ctx context.Context, id interview.SessionID, epoch int64) error {
	u := s.step(interview.StepPutBack, epoch).
		set("state", text(string(interview.Waiting))).
		set("open", text("waiting")).
		remove("dispatched")
	_, err := s.change(ctx, "put back", id, u, func(seen *interview.Session) bool {
		return seen.State == interview.Waiting && seen.Epoch == epoch
	})
	return err
}

// Moving notes that the owner is going away and has asked the browser to go
// elsewhere. ErrRefused: the session is no longer the owner's.
func (s *Store) Moving(ctx context.Context, id interview.SessionID, epoch int64) error {
	u := s.step(interview.StepMove, epoch).set("state", text(string(interview.Moving)))
	_, err := s.change(ctx, "move", id, u, func(seen *interview.Session) bool {
		return seen.State == interview.Moving && seen.Epoch == epoch
	})
	return err
}

// Pause ends the live part of a session that can be resumed: by its owner in
// its epoch, or by anybody when epoch is negative. ErrRefused: the session is
// no longer the owner's, or has ended.
func (s *Store) Pause(ctx context.Context, id interview.SessionID, epoch int64, at time.Time) (*interview.Session, error) {
	u := s.step(retire(epoch, interview.StepPause), epoch).
		set("state", text(string(interview.Paused))).
		set("pausedAt", when(at)).
		set("open", text("running")).
		setFirst("since", when(at))
	return s.change(ctx, "pause", id, u, func(seen *interview.Session) bool {
		return seen.State == interview.Paused && seen.PausedAt.Equal(at)
	})
}

// End ends a session, and deletes what the candidate told of the job: by its owner in its epoch, or by anybody when epoch is
// negative. An owner whose session waits for another worker cannot end it.
// ErrRefused: the session is no longer the owner's, or has ended already.
func (s *Store) End(ctx context.Context, id interview.SessionID, epoch int64, reason string, at time.Time) (*interview.Session, error) {
	u := s.step(retire(epoch, interview.StepEnd), epoch)
	return s.end(ctx, id, u, reason, at)
}

// EndWaiting is End for a session whose offer still waits for a worker. ErrRefused:
// it waits no more, or with another offer.
func (s *Store) EndWaiting(ctx context.Context, id interview.SessionID, offerAt time.Time, reason string, at time.Time) (*interview.Session, error) {
	u := s.existing().whenState(interview.Waiting).when("$offerAt = ?", when(offerAt))
	return s.end(ctx, id, u, reason, at)
}

func (s *Store) end(ctx context.Context, id interview.SessionID, u *update, reason string, at time.Time) (*interview.Session, error) {
	u.set("state", text(string(interview.Ended))).
		set("endReason", text(reason)).
		set("endedAt", when(at)).
		remove("open", "since")
	ended, err := s.change(ctx, "end", id, u, func(seen *interview.Session) bool {
		return seen.State == interview.Ended && seen.EndReason == reason && seen.EndedAt.Equal(at)
	})
	if err == nil {
		err = s.dropJob(ctx, id)
	}
	return ended, err
}

// retire is the owner's step, or anybody's when no epoch is given.
func retire(epoch int64, step interview.Step) interview.Step {
	if epoch < 0 {
		return interview.StepRetire
	}
	return step
}
