package memory

import (
	"maps"
	"math/rand/v2"

	"casey.internal/shared/interview"
)

// Clone returns a store that holds the same and shares nothing, for tests that
// try what may come of one state in many ways. The clone has no faults.
func (s *Store) Clone() *Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &Store{
		random:      rand.New(rand.NewPCG(s.opts.Seed, 1)),
		sessions:    make(map[interview.SessionID]*aged[row], len(s.sessions)),
		connections: maps.Clone(s.connections),
		workers:     make(map[interview.WorkerID]*aged[interview.Worker], len(s.workers)),
		turns:       maps.Clone(s.turns),
		jobs:        maps.Clone(s.jobs),
	}
	for id, a := range s.sessions {
		c.sessions[id] = new(*a) // rows are replaced, never changed
	}
	for id, a := range s.workers {
		c.workers[id] = new(*a)
	}
	return c
}
