// Package memory is the browsers' end of package post in memory, for tests.
package memory

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"casey.internal/shared/interview"
	"casey.internal/shared/post"
	"casey.internal/shared/wire"
)

// Gateway holds open connections and what was posted to them. Post is that of
// post.Poster; a connection that is not open is gone.
type Gateway struct {
	mu      sync.Mutex
	sockets map[interview.ConnectionID]*Socket
}

// Socket is a browser's end of a connection.
type Socket struct {
	gateway  *Gateway
	id       interview.ConnectionID
	messages [][]byte
	read     int           // messages that Next has returned
	changed  chan struct{} // closed and replaced when something was posted
}

// New returns a gateway without connections.
func New() *Gateway { return &Gateway{sockets: map[interview.ConnectionID]*Socket{}} }

// Open opens a connection.
func (g *Gateway) Open(id interview.ConnectionID) *Socket {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := &Socket{gateway: g, id: id, changed: make(chan struct{})}
	g.sockets[id] = s
	return s
}

// Close closes the connection: posting to it fails from now on.
func (s *Socket) Close() {
	s.gateway.mu.Lock()
	defer s.gateway.mu.Unlock()
	if s.gateway.sockets[s.id] == s {
		delete(s.gateway.sockets, s.id)
	}
}

// Messages returns everything that was posted, in order.
func (s *Socket) Messages() [][]byte {
	s.gateway.mu.Lock()
	defer s.gateway.mu.Unlock()
	return slices.Clone(s.messages)
}

// Next waits for the message after the last one that Next returned.
func (s *Socket) Next(ctx context.Context) ([]byte, error) {
	for {
		s.gateway.mu.Lock()
		changed := s.changed
		if s.read < len(s.messages) {
			s.read++
			data := s.messages[s.read-1]
			s.gateway.mu.Unlock()
			return data, nil
		}
		s.gateway.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// Post is post.Poster.Post.
func (g *Gateway) Post(ctx context.Context, id interview.ConnectionID, data []byte) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.sockets[id]
	switch {
	case s == nil:
		return fmt.Errorf("post to %s: %w", id, post.ErrGone)
	case len(data) > wire.MaxMessage:
		return fmt.Errorf("post to %s: %w", id, post.ErrTooLarge)
	}
	s.messages = append(s.messages, slices.Clone(data))
	close(s.changed)
	s.changed = make(chan struct{})
	return nil
}
