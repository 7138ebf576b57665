package peer

import "sync"

// goroutines owns the goroutines of a peer: none starts after close, and wait
// returns when all have ended.
type goroutines struct {
	mu     sync.Mutex
	closed bool
	done   chan struct{}
	wg     sync.WaitGroup
}

func (g *goroutines) start(f func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		g.wg.Go(f)
	}
}

func (g *goroutines) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		g.closed = true
		close(g.done)
	}
}

func (g *goroutines) closing() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.closed
}

func (g *goroutines) wait() { g.wg.Wait() }
