package session

import "sync"

// mailLimit is how much of what may be lost waits for the session's goroutine.
const mailLimit = 256

// mailbox takes messages from any goroutine without blocking it.
type mailbox struct {
	ready chan struct{} // holds one token while there is mail

	mu      sync.Mutex
	mail    []any
	dropped int64
}

func newMailbox() *mailbox { return &mailbox{ready: make(chan struct{}, 1)} }

// post adds a message. Over mailLimit the messages of a data channel are
// dropped, which a browser alone can cause; all else is few and is kept.
func (b *mailbox) post(m any) {
	b.mu.Lock()
	if _, loss := m.(legMessage); loss && len(b.mail) >= mailLimit {
		b.dropped++
		b.mu.Unlock()
		return
	}
	b.mail = append(b.mail, m)
	b.mu.Unlock()
	select {
	case b.ready <- struct{}{}:
	default: // a token is there already
	}
}

// lost returns how many messages were dropped.
func (b *mailbox) lost() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dropped
}

// take returns all messages in the order in which they came.
func (b *mailbox) take() []any {
	b.mu.Lock()
	defer b.mu.Unlock()
	mail := b.mail
	b.mail = nil
	return mail
}
