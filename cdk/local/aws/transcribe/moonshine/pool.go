//go:build cgo

package moonshine

import "sync"

// keep is how many idle transcribers a pool holds on to.
const keep = 2

// pool lends a transcriber to each conversation: one of them does one thing at a time.
type pool struct {
	library *Library
	mu      sync.Mutex
	idle    []*transcriber
}

// get returns a transcriber, which the caller gives back with put.
func (p *pool) get() (*transcriber, error) {
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		t := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return t, nil
	}
	p.mu.Unlock()
	return p.library.load()
}

// put takes a transcriber back that has no stream.
func (p *pool) put(t *transcriber) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) < keep {
		p.idle = append(p.idle, t)
		return
	}
	t.close()
}

// close frees the idle transcribers.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range p.idle {
		t.close()
	}
	p.idle = nil
}
