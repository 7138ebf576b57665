package session

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

// Store is what a session needs of the store. store.ErrRefused says that
// another worker owns the session.
type Store interface {
	records
	claims
	turns
	endings
}

type records interface {
	Session(ctx context.Context, id interview.SessionID) (*interview.Session, error)
}

type claims interface {
	Adopt(ctx context.Context, id interview.SessionID, epoch int64, o interview.Offer) ([]wire.ICECandidate, error)
	Connected(ctx context.Context, id interview.SessionID, epoch int64, at time.Time) error
}

type turns interface {
	PutTurn(ctx context.Context, t interview.Turn) error
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

// notebook writes a session's record in the background and keeps what the
// store did not take yet.
type notebook struct {
	store   Store
	id      interview.SessionID
	epoch   int64
	log     *slog.Logger
	refused func()
	wake    chan struct{}

	mu        sync.Mutex
	pending   []interview.Turn // in the order in which they changed first
	connectAt time.Time        // to be stored; zero = nothing
	lost      int
}

func newNotebook(st Store, s *interview.Session, log *slog.Logger, refused func()) *notebook {
	return &notebook{
		store: st, id: s.ID, epoch: s.Epoch, log: log, refused: refused, wake: make(chan struct{}, 1),
	}
}

// PutTurn implements Book.
func (n *notebook) PutTurn(t interview.Turn) {
	t.Session, t.Epoch = n.id, n.epoch
	n.mu.Lock()
	if i := slices.IndexFunc(n.pending, func(p interview.Turn) bool { return p.Number == t.Number }); i >= 0 {
		n.pending[i] = t
	} else {
		n.pending = append(n.pending, t)
	}
	if len(n.pending) > maxPending {
		n.pending = n.pending[1:]
		n.lost++
	}
	n.mu.Unlock()
	n.nudge()
}

// connected notes when media flowed.
func (n *notebook) connected(at time.Time) {
	n.mu.Lock()
	n.connectAt = at
	n.mu.Unlock()
	n.nudge()
}

func (n *notebook) nudge() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// run stores what is noted until ctx is done; what is left then is up to flush.
func (n *notebook) run(ctx context.Context) {
	for {
		select {
		case <-n.wake:
			n.retry(ctx, n.flush)
		case <-ctx.Done():
			return
		}
	}
}

// retry repeats f with growing pauses until it succeeds or ctx is done.
func (n *notebook) retry(ctx context.Context, f func(context.Context) error) {
	wait := shortestWait
	for {
		attempt, cancel := context.WithTimeout(ctx, storeWithin)
		err := f(attempt)
		cancel()
		if err == nil || ctx.Err() != nil {
			return
		}
		n.log.Warn("record not written, will be repeated", "error", err)
		select {
		case <-time.After(wait):
			wait = min(2*wait, longestWait)
		case <-ctx.Done():
			return
		}
	}
}

// flush stores all that waits. Only the store's refusal is no error: it is
// told to the session.
func (n *notebook) flush(ctx context.Context) error {
	n.mu.Lock()
	at, pending := n.connectAt, slices.Clone(n.pending)
	n.mu.Unlock()
	if !at.IsZero() {
		err := n.store.Connected(ctx, n.id, n.epoch, at)
		if errors.Is(err, store.ErrRefused) {
			n.refused()
		} else if err != nil {
			return err
		}
		n.stored(at)
	}
	for _, t := range pending {
		if err := n.store.PutTurn(ctx, t); err != nil {
			return err
		}
		n.forget(t)
	}
	return nil
}

func (n *notebook) stored(at time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.connectAt.Equal(at) {
		n.connectAt = time.Time{}
	}
}

// forget drops a turn that is stored, unless it has changed meanwhile.
func (n *notebook) forget(t interview.Turn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.pending = slices.DeleteFunc(n.pending, func(p interview.Turn) bool { return p == t })
}
