package memory

import (
	"context"
	"time"
)

// Add is store.Store's. Counters are never forgotten here.
func (s *Store) Add(ctx context.Context, counter string, n int64, _ time.Time) (int64, error) {
	var total int64
	err := s.do(ctx, func() error {
		s.counters[counter] += n
		total = s.counters[counter]
		return nil
	})
	return total, err
}
