package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/store"
)

// Connect is store.Store.Connect.
func (s *Store) Connect(ctx context.Context, c store.Connection) error {
	return s.do(ctx, func() error {
		if _, known := s.connections[c.ID]; !known {
			c.At, c.Gone = stamp(c.At), time.Time{}
			s.connections[c.ID] = c
		}
		return nil
	})
}

// Connection is store.Store.Connection.
func (s *Store) Connection(ctx context.Context, id interview.ConnectionID) (*store.Connection, error) {
	var found *store.Connection
	err := s.do(ctx, func() error {
		c, err := s.connection(id)
		found = c
		return err
	})
	return found, err
}

func (s *Store) connection(id interview.ConnectionID) (*store.Connection, error) {
	c, known := s.connections[id]
	if !known || c.At.Add(store.KeepConnection).Before(time.Now()) {
		return nil, fmt.Errorf("connection %s: %w", id, store.ErrNotFound)
	}
	return &c, nil
}

// Rebind is store.Store.Rebind.
func (s *Store) Rebind(ctx context.Context, id interview.ConnectionID, session interview.SessionID) error {
	return s.do(ctx, func() error {
		c, err := s.connection(id)
		if err != nil {
			return err
		}
		c.Session = session
		s.connections[id] = *c
		return nil
	})
}

// Disconnect is store.Store.Disconnect.
func (s *Store) Disconnect(ctx context.Context, id interview.ConnectionID, at time.Time) (session interview.SessionID, current bool, err error) {
	err = s.do(ctx, func() error {
		c, err := s.connection(id)
		if err != nil {
			return err
		}
		c.Gone = stamp(at)
		s.connections[id] = *c
		r := s.get(c.Session)
		session, current = c.Session, r != nil && r.Connection == id
		return nil
	})
	return session, current, err
}

// Ahead is store.Store.Ahead.
func (s *Store) Ahead(ctx context.Context, since time.Time) (n int, err error) {
	err = s.do(ctx, func() error {
		lag, now := s.lag(), time.Now()
		for _, a := range s.sessions {
			if r, ok := a.read(now, lag); ok && r.State == interview.Waiting && r.WaitingFrom.Before(since) {
				n++
			}
		}
		n = min(n, store.MaxAhead)
		return nil
	})
	return n, err
}

// Unended is store.Store.Unended.
func (s *Store) Unended(ctx context.Context) ([]interview.Session, error) {
	var open []interview.Session
	err := s.do(ctx, func() error {
		lag, now := s.lag(), time.Now()
		for _, a := range s.sessions {
			r, ok := a.read(now, lag)
			if ok && r.State != interview.Allotted && r.State != interview.Ended && !r.expires.Before(now) {
				r.Offer.SDP = ""
				r.History = nil
				open = append(open, r.Session)
			}
		}
		slices.SortFunc(open, func(a, b interview.Session) int { return cmp.Compare(a.ID, b.ID) })
		return nil
	})
	return open, err
}

// Beat is store.Store.Beat.
func (s *Store) Beat(ctx context.Context, w interview.Worker) error {
	return s.do(ctx, func() error {
		w.Beat = stamp(w.Beat)
		a := s.workers[w.ID]
		if a == nil {
			a = &aged[interview.Worker]{}
			s.workers[w.ID] = a
		}
		a.put(w, time.Now())
		return nil
	})
}

// Workers is store.Store.Workers.
func (s *Store) Workers(ctx context.Context) ([]interview.Worker, error) {
	var workers []interview.Worker
	err := s.do(ctx, func() error {
		lag := s.lag()
		for id := range s.workers {
			if w, ok := s.worker(id, lag); ok {
				workers = append(workers, w)
			}
		}
		slices.SortFunc(workers, func(a, b interview.Worker) int { return cmp.Compare(a.ID, b.ID) })
		return nil
	})
	return workers, err
}

// Worker is store.Store.Worker.
func (s *Store) Worker(ctx context.Context, id interview.WorkerID) (*interview.Worker, error) {
	var found *interview.Worker
	err := s.do(ctx, func() error {
		w, ok := s.worker(id, s.lag())
		if !ok {
			return fmt.Errorf("worker %s: %w", id, store.ErrNotFound)
		}
		found = &w
		return nil
	})
	return found, err
}

func (s *Store) worker(id interview.WorkerID, lag time.Duration) (interview.Worker, bool) {
	a := s.workers[id]
	if a == nil {
		return interview.Worker{}, false
	}
	now := time.Now()
	w, ok := a.read(now, lag)
	return w, ok && !w.Beat.Add(store.KeepWorker).Before(now)
}

// Gone is store.Store.Gone.
func (s *Store) Gone(ctx context.Context, id interview.WorkerID) error {
	return s.do(ctx, func() error {
		if a := s.workers[id]; a != nil {
			a.remove(time.Now())
		}
		return nil
	})
}

// PutTurn is store.Store.PutTurn.
func (s *Store) PutTurn(ctx context.Context, t interview.Turn) error {
	return s.do(ctx, func() error {
		t.Began, t.Ended = stamp(t.Began), stamp(t.Ended)
		s.turns[turnKey{t.Session, t.Epoch, t.Number}] = t
		return nil
	})
}

// Turns is store.Store.Turns.
func (s *Store) Turns(ctx context.Context, id interview.SessionID) ([]interview.Turn, error) {
	var turns []interview.Turn
	err := s.do(ctx, func() error {
		turns = s.sessionTurns(id)
		return nil
	})
	return turns, err
}

func (s *Store) sessionTurns(id interview.SessionID) []interview.Turn {
	var turns []interview.Turn
	for key, t := range s.turns {
		if key.session == id {
			turns = append(turns, t)
		}
	}
	slices.SortFunc(turns, func(a, b interview.Turn) int {
		return cmp.Or(cmp.Compare(a.Epoch, b.Epoch), cmp.Compare(a.Number, b.Number))
	})
	return turns
}

// PutJob is store.Store.PutJob.
func (s *Store) PutJob(ctx context.Context, id interview.SessionID, j interview.Job, at time.Time) error {
	return s.do(ctx, func() error {
		s.jobs[id] = told{j, at}
		return nil
	})
}

// Job is store.Store.Job.
func (s *Store) Job(ctx context.Context, id interview.SessionID) (job *interview.Job, err error) {
	err = s.do(ctx, func() error {
		job = s.job(id)
		return nil
	})
	return job, err
}

// job returns what was told of a session's job; nil = nothing.
func (s *Store) job(id interview.SessionID) *interview.Job {
	t, known := s.jobs[id]
	if !known || t.at.Add(store.KeepSession).Before(time.Now()) {
		return nil
	}
	return &t.job
}
