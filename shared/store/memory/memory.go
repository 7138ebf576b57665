// Package memory is the store of package store in memory, for tests: the same
// contract, and on demand as faulty as DynamoDB.
package memory

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"casey.internal/shared/clock"
	"casey.internal/shared/interview"
	"casey.internal/shared/store"
)

// Options say which faults the store is to have. The zero value answers at once and
// never with anything old.
type Options struct {
	Seed  uint64
	Delay time.Duration // every call takes up to this long before and after its effect
	Stale time.Duration // reads that need not be consistent are up to this old
}

// AsAWS returns the options of a store as faulty as DynamoDB.
func AsAWS(seed uint64) Options {
	return Options{Seed: seed, Delay: 5 * time.Millisecond, Stale: 50 * time.Millisecond}
}

// Store is the store in memory. Its methods are those of store.Store.
type Store struct {
	opts Options

	mu          sync.Mutex
	random      *rand.Rand
	sessions    map[interview.SessionID]*aged[row]
	connections map[interview.ConnectionID]store.Connection
	workers     map[interview.WorkerID]*aged[interview.Worker]
	turns       map[turnKey]interview.Turn
	jobs        map[interview.SessionID]told
	counters    map[string]int64
}

// turnKey identifies a turn.
type turnKey struct {
	session interview.SessionID
	epoch   int64
	number  int
}

// told is what a candidate told of the job, and when.
type told struct {
	job interview.Job
	at  time.Time
}

// aged is a record with the version before, for reads that are a little old.
type aged[T any] struct {
	now, before T
	existed     bool // before holds something
	removed     bool // now does not
	changed     time.Time
}

// New returns an empty store.
func New(opts Options) *Store {
	return &Store{
		opts:        opts,
		random:      rand.New(rand.NewPCG(opts.Seed, 1)),
		sessions:    map[interview.SessionID]*aged[row]{},
		connections: map[interview.ConnectionID]store.Connection{},
		workers:     map[interview.WorkerID]*aged[interview.Worker]{},
		turns:       map[turnKey]interview.Turn{},
		jobs:        map[interview.SessionID]told{},
		counters:    map[string]int64{},
	}
}

// do runs one call's effect under the lock, with the delays of a network
// around it.
func (s *Store) do(ctx context.Context, effect func() error) error {
	if err := s.delay(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	err := effect()
	s.mu.Unlock()
	if late := s.delay(ctx); late != nil {
		return late
	}
	return err
}

func (s *Store) delay(ctx context.Context) error {
	if s.opts.Delay > 0 {
		s.mu.Lock()
		d := time.Duration(s.random.Int64N(int64(s.opts.Delay)))
		s.mu.Unlock()
		return clock.Sleep(ctx, d)
	}
	return context.Cause(ctx)
}

// lag returns how old the next inconsistent read may be. The lock is held.
func (s *Store) lag() time.Duration {
	if s.opts.Stale <= 0 {
		return 0
	}
	return time.Duration(s.random.Int64N(int64(s.opts.Stale)))
}

// put records a new version.
func (a *aged[T]) put(v T, now time.Time) {
	a.before, a.existed = a.now, !a.changed.IsZero() && !a.removed
	a.now, a.removed, a.changed = v, false, now
}

// remove records that the record is gone.
func (a *aged[T]) remove(now time.Time) {
	a.before, a.existed = a.now, !a.removed
	a.removed, a.changed = true, now
}

// read returns the version of lag ago.
func (a *aged[T]) read(now time.Time, lag time.Duration) (T, bool) {
	if lag > 0 && now.Sub(a.changed) < lag {
		return a.before, a.existed
	}
	return a.now, !a.removed
}

// stamp drops what a database does not keep of a time.
func stamp(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.Unix(0, t.UnixNano()).UTC()
}
