package transcribe

import (
	"context"
	"sync"

	"casey.internal/cdk/local/aws/awswire"
)

// errConflict ends a stream whose session id another stream uses now.
var errConflict = &awswire.Error{Status: 409, Name: "ConflictException",
	Message: "A new stream has started with the same session ID. The current stream has been terminated."}

// sessions knows the streams that run, by session id.
type sessions struct {
	mu   sync.Mutex
	ends map[string]*context.CancelCauseFunc
}

// enter registers a stream and ends the one that had the same id. The function it returns takes the stream out again.
func (s *sessions) enter(id string, end context.CancelCauseFunc) (leave func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.ends[id]; old != nil {
		(*old)(errConflict)
	}
	s.ends[id] = &end
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.ends[id] == &end {
			delete(s.ends, id)
		}
	}
}
