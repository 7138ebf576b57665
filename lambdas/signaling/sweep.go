package signaling

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/interview"
	"casey.internal/shared/post"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

// When the sweep steps in.
const (
	redispatchLost = 60 * time.Second                     // a dispatch message this old is taken for lost
	connectLimit   = 30 * time.Second                     // from the answer to media
	lostLimit      = interview.LeaseLost + 10*time.Second // from a worker's last heartbeat until its sessions are free
	outageLimit    = 100 * time.Second                    // the same while no worker at all is heard of
	pauseLimit     = 24 * time.Hour                       // a paused session is forgotten
	forgetWorker   = interview.LeaseLost + 7*time.Minute  // since its last heartbeat
	claimLimit     = interview.LeaseLost                  // a claim this old is taken back even from a living worker
)

// Retention is the sweep's view of the store.
type Retention interface {
	Unended(context.Context) ([]interview.Session, error)
	Workers(context.Context) ([]interview.Worker, error)
	Gone(context.Context, interview.WorkerID) error
}

// Repairs are the changes that the sweep makes.
type Repairs interface {
	Endings
	Dispatched(ctx context.Context, id interview.SessionID, offerAt, now time.Time) error
	PutBack(ctx context.Context, id interview.SessionID, epoch int64) error
}

// SweepStore is the part of package store that serves the sweep.
type SweepStore interface {
	Retention
	Repairs
	Session(context.Context, interview.SessionID) (*interview.Session, error)
}

// SweepQueue is the part of package queue that serves the sweep.
type SweepQueue interface {
	dispatcher
	DeleteInbox(ctx context.Context, url string) error
}

// SweepConfig has the parts of a Sweeper.
type SweepConfig struct {
	Store   SweepStore
	Queue   SweepQueue
	Poster  Poster
	MaxWait time.Duration // for a free slot
	Log     *slog.Logger
	Step    func(name string) // as in Config
	// Waiting, when set, is told with each pass how many wait in vain (see
	// Overdue), and for how long the oldest of all that wait has.
	Waiting func(sessions int, oldest time.Duration)
	Failed  func() // as in Config
}

// Sweeper repairs what crashes left behind. It may run any number of times at
// once, beside everything else: what it has read may be old, so each repair is
// conditional on what it has read.
type Sweeper struct {
	cfg SweepConfig
}

// NewSweeper returns a sweeper.
func NewSweeper(cfg SweepConfig) *Sweeper {
	if cfg.Step == nil {
		cfg.Step = func(string) {}
	}
	if cfg.Waiting == nil {
		cfg.Waiting = func(int, time.Duration) {}
	}
	if cfg.Failed == nil {
		cfg.Failed = func() {}
	}
	return &Sweeper{cfg: cfg}
}

// Sweep passes once over all sessions that have not ended and all workers. One
// that fails does not keep it from the others; the error joins all.
func (s *Sweeper) Sweep(ctx context.Context) error {
	workers, err := s.cfg.Store.Workers(ctx)
	if err != nil {
		return err
	}
	sessions, err := s.cfg.Store.Unended(ctx)
	if err != nil {
		return err
	}
	now := time.Now()
	s.measureWaiting(sessions, now)
	fleet := map[interview.WorkerID]*interview.Worker{}
	for i, w := range workers {
		fleet[w.ID] = &workers[i]
	}
	var errs []error
	quiet := allSilent(workers, now)
	for i := range sessions {
		if quiet && Diagnose(&sessions[i], fleet[sessions[i].Owner], s.cfg.MaxWait, now) == PauseLost {
			continue
		}
		errs = append(errs, s.repairSession(ctx, &sessions[i], fleet, now))
	}
	for _, w := range workers {
		errs = append(errs, s.forgetWorker(ctx, w, now))
	}
	return errors.Join(errs...)
}

// measureWaiting tells how many sessions wait in vain, and for how long any does.
func (s *Sweeper) measureWaiting(sessions []interview.Session, now time.Time) {
	waiting, oldest := 0, time.Duration(0)
	for i := range sessions {
		if Overdue(&sessions[i], now) {
			waiting++
		}
		if sessions[i].State == interview.Waiting {
			oldest = max(oldest, now.Sub(sessions[i].WaitingFrom))
		}
	}
	s.cfg.Waiting(waiting, oldest)
}

// repairSession does what one session needs; that the session has moved on is fine.
func (s *Sweeper) repairSession(ctx context.Context, session *interview.Session, fleet map[interview.WorkerID]*interview.Worker, now time.Time) error {
	r := Diagnose(session, fleet[session.Owner], s.cfg.MaxWait, now)
	if r == Nothing {
		return nil
	}
	// The list is a little behind: look again before anything is done.
	session, err := s.cfg.Store.Session(ctx, session.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if Diagnose(session, fleet[session.Owner], s.cfg.MaxWait, now) != r {
		return nil
	}
	err = s.apply(ctx, session, r, now)
	if errors.Is(err, store.ErrRefused) || errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil {
		s.cfg.Log.InfoContext(ctx, "repaired", "session", session.ID, "repair", r)
	}
	return err
}

func (s *Sweeper) apply(ctx context.Context, session *interview.Session, r Repair, now time.Time) error {
	switch r {
	case Redispatch:
		return dispatch(ctx, s.cfg.Queue, s.cfg.Store, s.cfg.Step, session)
	case TakeBack:
		return s.takeBack(ctx, session)
	case EndFull:
		message, err := endWait(ctx, s.cfg.Store, session, now)
		if err != nil {
			return err
		}
		return s.giveUp(ctx, session, message)
	case EndNoMedia:
		return s.endLost(ctx, session, reasonNoMedia, "the connection to the interviewer could not be made: check the network and try again", now)
	case PauseLost:
		if !resumable(session) {
			return s.endLost(ctx, session, reasonLost, "the interviewer was lost: please begin again", now)
		}
		if _, err := s.cfg.Store.Pause(ctx, session.ID, session.Epoch, now); err != nil {
			return err
		}
		return s.giveUp(ctx, session, wire.Bye{Reason: reasonLost, Resumable: true})
	case EndForgotten:
		_, err := s.cfg.Store.End(ctx, session.ID, -1, reasonForgotten, now)
		return err
	}
	return nil
}

// resumable reports whether the session's client can go on with it. One that
// does not name its peers cannot, and `error` is all that it shows.
func resumable(session *interview.Session) bool {
	return session.Offer.Peer != peerName("", &store.Connection{ID: session.Connection})
}

// takeBack gives a claimed session to the other workers.
func (s *Sweeper) takeBack(ctx context.Context, session *interview.Session) error {
	if err := s.cfg.Store.PutBack(ctx, session.ID, session.Epoch); err != nil {
		return err
	}
	s.cfg.Step("put back")
	return dispatch(ctx, s.cfg.Queue, s.cfg.Store, s.cfg.Step, session)
}

// endLost ends a session in its epoch and tells the browser.
func (s *Sweeper) endLost(ctx context.Context, session *interview.Session, reason, message string, now time.Time) error {
	if _, err := s.cfg.Store.End(ctx, session.ID, session.Epoch, reason, now); err != nil {
		return err
	}
	return s.giveUp(ctx, session, wire.Error{Code: string(apperr.Lost), Message: message})
}

// giveUp counts a session that was given up, and tells the browser.
func (s *Sweeper) giveUp(ctx context.Context, session *interview.Session, message wire.Message) error {
	s.cfg.Failed()
	s.cfg.Step("settled")
	err := s.cfg.Poster.Post(ctx, session.Connection, wire.Encode(message))
	if errors.Is(err, post.ErrGone) {
		return nil
	}
	return err
}

// forgetWorker removes a worker that has been gone for long, and its inbox.
func (s *Sweeper) forgetWorker(ctx context.Context, w interview.Worker, now time.Time) error {
	if now.Sub(w.Beat) < forgetWorker {
		return nil
	}
	if err := s.cfg.Queue.DeleteInbox(ctx, w.Inbox); err != nil {
		return err
	}
	s.cfg.Step("inbox deleted")
	s.cfg.Log.InfoContext(ctx, "worker forgotten", "worker", w.ID)
	return s.cfg.Store.Gone(ctx, w.ID)
}
