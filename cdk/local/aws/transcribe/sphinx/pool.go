//go:build cgo

package sphinx

import "sync"

// keep is how many idle decoders a pool holds on to.
const keep = 4

// Pool makes decoders of one kind as they are needed, and keeps some of those that are given back.
type Pool struct {
	config Config
	mu     sync.Mutex
	idle   []*Decoder
}

// NewPool returns a pool with one decoder ready, so that a model or grammar that does not load is known at once.
func NewPool(c Config) (*Pool, error) {
	d, err := New(c)
	if err != nil {
		return nil, err
	}
	return &Pool{config: c, idle: []*Decoder{d}}, nil
}

// Get returns a decoder, which the caller gives back with Put.
func (p *Pool) Get() (*Decoder, error) {
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		d := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return d, nil
	}
	p.mu.Unlock()
	return New(p.config)
}

// Put takes a decoder back between two utterances.
func (p *Pool) Put(d *Decoder) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) < keep {
		p.idle = append(p.idle, d)
		return
	}
	d.Close()
}

// Close frees the idle decoders.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, d := range p.idle {
		d.Close()
	}
	p.idle = nil
}
