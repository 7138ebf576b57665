package session

import (
	"sync"

	"casey.internal/shared/queue"
)

// How much of what a browser can send without end waits for the session's
// goroutine.
const (
	mailLimit  = 256
	offerLimit = 16 // they are large, and only the newest counts
)

// mailbox takes messages from any goroutine without blocking it.
type mailbox struct {
	ready chan struct{} // holds one token while there is mail

	mu      sync.Mutex
	mail    []any
	dropped int64
}

func newMailbox() *mailbox { return &mailbox{ready: make(chan struct{}, 1)} }

// post adds a message. Over its limit it is dropped; see limit.
func (b *mailbox) post(m any) {
	b.mu.Lock()
	if limit, loss := limit(m); loss && len(b.mail) >= limit {
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

// limit is how much may wait for a message to be added: one that a browser
// repeats, or that is not missed. All else is few, and is kept.
func limit(m any) (n int, loss bool) {
	switch m := m.(type) {
	case legMessage:
		return mailLimit, true
	case queue.Inbox:
		switch m.Kind {
		case queue.KindICE:
			return mailLimit, true
		case queue.KindOffer:
			return offerLimit, true
		}
	}
	return 0, false
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
