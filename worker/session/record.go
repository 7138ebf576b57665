package session

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"casey.internal/shared/clock"
	"casey.internal/shared/interview"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

// Store is the part of the store that a session needs. store.ErrRefused says that
// another worker owns the session.
type Store interface {
	records
	claims
	moves
	turns
	endings
}

type records interface {
	Session(ctx context.Context, id interview.SessionID) (*interview.Session, error)
}

type moves interface {
	Moving(ctx context.Context, id interview.SessionID, epoch int64) error
	Succeed(ctx context.Context, p store.Succession) (*store.Claimed, error)
	Carry(ctx context.Context, id interview.SessionID, epoch int64, carry string) error
}

type claims interface {
	Adopt(ctx context.Context, id interview.SessionID, epoch int64, o interview.Offer) ([]wire.ICECandidate, error)
	Connected(ctx context.Context, id interview.SessionID, epoch int64, at time.Time) error
}

type turns interface {
	PutTurn(ctx context.Context, t interview.Turn) error
	PutJob(ctx context.Context, id interview.SessionID, j interview.Job, at time.Time) error
}

type endings interface {
	Pause(ctx context.Context, id interview.SessionID, epoch int64, at time.Time) (*interview.Session, error)
	End(ctx context.Context, id interview.SessionID, epoch int64, reason string, at time.Time) (*interview.Session, error)
}

const (
	maxPending   = 256             // turns that wait for the store
	storeWithin  = 3 * time.Second // one attempt
	shortestWait = 100 * time.Millisecond
	longestWait  = 5 * time.Second
)

// refused says that the store knows another owner of the session.
type refused struct{}

func (refused) message() {}

// recordWriter writes a session's record in the background and keeps what the
// store did not take yet.
type recordWriter struct {
	store   Store
	id      interview.SessionID
	log     *slog.Logger
	refused func()
	wake    chan struct{}

	mu        sync.Mutex
	epoch     int64
	heard     []interview.Turn // all of this epoch, in the order of their numbers
	carry     string           // kept last; empty = nothing yet
	unwritten bool             // carry is yet to be stored
	job       *interview.Job   // told here or before; nil = nothing
	jobKept   func()           // to be called when job is stored; nil = it is
	pending   []interview.Turn // in the order in which they changed first
	connectAt time.Time        // to be stored; zero = nothing
	lost      int
	rest      func(context.Context) // what the Talk left to do; nil = nothing
}

func newRecordWriter(cfg *Config, log *slog.Logger, refused func()) *recordWriter {
	return &recordWriter{
		store: cfg.Store, id: cfg.Session.ID, epoch: cfg.Session.Epoch, job: cfg.Job,
		log: log, refused: refused, wake: make(chan struct{}, 1),
	}
}

// PutTurn implements Book.
func (r *recordWriter) PutTurn(t interview.Turn) {
	r.mu.Lock()
	t.Session, t.Epoch = r.id, r.epoch
	r.heard = replace(r.heard, t)
	if i := slices.IndexFunc(r.pending, func(p interview.Turn) bool { return p.Number == t.Number }); i >= 0 {
		r.pending[i] = t
	} else {
		r.pending = append(r.pending, t)
	}
	if len(r.pending) > maxPending {
		r.pending = r.pending[1:]
		r.lost++
	}
	r.mu.Unlock()
	r.nudge()
}

func replace(turns []interview.Turn, t interview.Turn) []interview.Turn {
	if i := slices.IndexFunc(turns, func(other interview.Turn) bool { return other.Number == t.Number }); i >= 0 {
		turns[i] = t
		return turns
	}
	return append(turns, t)
}

// Keep implements Book.
func (r *recordWriter) Keep(state string) {
	if len(state) > store.MaxCarry {
		r.log.Warn("state too large to be kept", "bytes", len(state))
		return
	}
	r.mu.Lock()
	r.carry, r.unwritten = state, true
	r.mu.Unlock()
	r.nudge()
}

// KeepJob implements Book.
func (r *recordWriter) KeepJob(job interview.Job, kept func()) {
	r.mu.Lock()
	r.job, r.jobKept = &job, kept
	r.mu.Unlock()
	r.nudge()
}

// told returns what the candidate told of the job, here or before; nil = nothing.
func (r *recordWriter) told() *interview.Job {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.job
}

// Finish implements Book.
func (r *recordWriter) Finish(f func(context.Context)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rest = f
}

// finish does what the Talk left to do.
func (r *recordWriter) finish(ctx context.Context) {
	r.mu.Lock()
	rest := r.rest
	r.mu.Unlock()
	if rest != nil {
		rest(ctx)
	}
}

// turns returns what was said before and in this epoch.
func (r *recordWriter) turns(before []interview.Turn) []interview.Turn {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Concat(before, r.heard)
}

// carried returns what was kept last, here or before.
func (r *recordWriter) carried(before string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.carry == "" {
		return before
	}
	return r.carry
}

// connected notes when media flowed.
func (r *recordWriter) connected(at time.Time) {
	r.mu.Lock()
	r.connectAt = at
	r.mu.Unlock()
	r.nudge()
}

func (r *recordWriter) nudge() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// run stores what is noted until ctx is done; what is left then is up to flush.
func (r *recordWriter) run(ctx context.Context) {
	for {
		select {
		case <-r.wake:
			var storing sync.WaitGroup // on a stack of its own: a call to the store grows one to 16 KB, which this goroutine would keep
			storing.Go(func() { r.retry(ctx, r.flush) })
			storing.Wait()
		case <-ctx.Done():
			return
		}
	}
}

// retry repeats f with growing pauses until it succeeds or ctx is done.
func (r *recordWriter) retry(ctx context.Context, f func(context.Context) error) {
	wait := shortestWait
	for {
		attempt, cancel := context.WithTimeout(ctx, storeWithin)
		err := f(attempt)
		cancel()
		if err == nil || ctx.Err() != nil {
			return
		}
		r.log.Warn("record not written, will be repeated", "error", err)
		if clock.Sleep(ctx, wait) != nil {
			return
		}
		wait = min(2*wait, longestWait)
	}
}

// flush stores all that waits. Only the store's refusal is no error: it is
// told to the session.
func (r *recordWriter) flush(ctx context.Context) error {
	r.mu.Lock()
	at, pending, epoch := r.connectAt, slices.Clone(r.pending), r.epoch
	r.mu.Unlock()
	if !at.IsZero() {
		err := r.store.Connected(ctx, r.id, epoch, at)
		if errors.Is(err, store.ErrRefused) {
			r.refused()
		} else if err != nil {
			return err
		}
		r.stored(at)
	}
	if err := r.flushJob(ctx); err != nil {
		return err
	}
	for _, t := range pending {
		if err := r.store.PutTurn(ctx, t); err != nil {
			return err
		}
		r.forget(t)
	}
	return r.flushCarry(ctx, epoch)
}

func (r *recordWriter) flushJob(ctx context.Context) error {
	r.mu.Lock()
	job, kept := r.job, r.jobKept
	r.mu.Unlock()
	if kept == nil {
		return nil
	}
	if err := r.store.PutJob(ctx, r.id, *job, time.Now()); err != nil {
		return err
	}
	r.mu.Lock()
	if r.job == job {
		r.jobKept = nil
	}
	r.mu.Unlock()
	kept()
	return nil
}

func (r *recordWriter) flushCarry(ctx context.Context, epoch int64) error {
	r.mu.Lock()
	carry, unwritten := r.carry, r.unwritten
	r.mu.Unlock()
	if !unwritten {
		return nil
	}
	err := r.store.Carry(ctx, r.id, epoch, carry)
	if errors.Is(err, store.ErrRefused) {
		r.refused()
	} else if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unwritten = r.carry != carry
	return nil
}

func (r *recordWriter) stored(at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.connectAt.Equal(at) {
		r.connectAt = time.Time{}
	}
}

// forget drops a turn that is stored, unless it has changed meanwhile.
func (r *recordWriter) forget(t interview.Turn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pending = slices.DeleteFunc(r.pending, func(p interview.Turn) bool { return p == t })
}
