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
	log     *slog.Logger
	refused func()
	wake    chan struct{}

	mu        sync.Mutex
	epoch     int64
	heard     []interview.Turn // all of this epoch, in the order of their numbers
	carry     string           // kept last; empty = nothing yet
	unwritten bool             // carry is yet to be stored
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
	n.mu.Lock()
	t.Session, t.Epoch = n.id, n.epoch
	n.heard = replace(n.heard, t)
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

func replace(turns []interview.Turn, t interview.Turn) []interview.Turn {
	if i := slices.IndexFunc(turns, func(other interview.Turn) bool { return other.Number == t.Number }); i >= 0 {
		turns[i] = t
		return turns
	}
	return append(turns, t)
}

// Keep implements Book.
func (n *notebook) Keep(state string) {
	if len(state) > store.MaxCarry {
		n.log.Warn("state too large to be kept", "bytes", len(state))
		return
	}
	n.mu.Lock()
	n.carry, n.unwritten = state, true
	n.mu.Unlock()
	n.nudge()
}

// begin begins another epoch.
func (n *notebook) begin(epoch int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.epoch = epoch
}

// all is what was said before and in this epoch.
func (n *notebook) all(before []interview.Turn) []interview.Turn {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Concat(before, n.heard)
}

// carried is what was kept last, here or before.
func (n *notebook) carried(before string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.carry == "" {
		return before
	}
	return n.carry
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
	at, pending, epoch := n.connectAt, slices.Clone(n.pending), n.epoch
	n.mu.Unlock()
	if !at.IsZero() {
		err := n.store.Connected(ctx, n.id, epoch, at)
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
	return n.flushCarry(ctx, epoch)
}

func (n *notebook) flushCarry(ctx context.Context, epoch int64) error {
	n.mu.Lock()
	carry, unwritten := n.carry, n.unwritten
	n.mu.Unlock()
	if !unwritten {
		return nil
	}
	err := n.store.Carry(ctx, n.id, epoch, carry)
	if errors.Is(err, store.ErrRefused) {
		n.refused()
	} else if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.unwritten = n.carry != carry
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
