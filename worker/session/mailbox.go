package session

import (
	"sync"

	"casey.internal/shared/queue"
)

// How much of what a browser can send without end waits for the session's
// goroutine.
const (
	mailLimit  = 256
	mailBytes  = 256 << 10 // of what the page says
	offerLimit = 16        // they are large, and only the newest counts
)

// message is a message in a mailbox.
type message interface{ message() }

// What reaches a session from its host.
type (
	inbound  struct{ queue.Inbox } // a message of the worker's inbox
	leave    struct{}              // the worker goes away
	farewell struct{}              // nobody took the session
)

func (inbound) message()  {}
func (leave) message()    {}
func (farewell) message() {}

// Mailbox takes what is sent to a session, from before it is claimed until it
// has ended. Its methods may be called by any goroutine, and never block.
type Mailbox struct {
	ready chan struct{} // holds one token while there is mail

	mu      sync.Mutex
	mail    []message
	bytes   int // of the legMessages in mail
	dropped int64
}

// NewMailbox returns an empty mailbox.
func NewMailbox() *Mailbox { return &Mailbox{ready: make(chan struct{}, 1)} }

// Deliver hands over a message of the worker's inbox.
func (b *Mailbox) Deliver(m queue.Inbox) { b.post(inbound{m}) }

// Move asks the browser to go on with another worker. The session goes on here
// until one has it. The legacy client cannot move and stays.
func (b *Mailbox) Move() { b.post(leave{}) }

// Farewell ends a session that nobody took: the Talk says so.
func (b *Mailbox) Farewell() { b.post(farewell{}) }

// post adds a message. Over its limit it is dropped; see limit.
func (b *Mailbox) post(m message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if limit, loss := limit(m); loss && (len(b.mail) >= limit || b.bytes+size(m) > mailBytes) {
		b.dropped++
		return
	}
	b.mail = append(b.mail, m)
	b.bytes += size(m)
	b.wake()
}

// wake leaves a token for the reader. The caller holds mu.
func (b *Mailbox) wake() {
	select {
	case b.ready <- struct{}{}:
	default: // one is there already
	}
}

// limit returns how many messages may wait at most for this one to be added: one
// that a browser repeats, or that is not missed. All else is few, and is kept.
func limit(m message) (n int, loss bool) {
	switch m := m.(type) {
	case legMessage:
		return mailLimit, true
	case inbound:
		switch m.Kind {
		case queue.KindICE:
			return mailLimit, true
		case queue.KindOffer:
			return offerLimit, true
		}
	}
	return 0, false
}

// size is how much a message counts against mailBytes.
func size(m message) int {
	if m, ok := m.(legMessage); ok {
		return len(m.data)
	}
	return 0
}

// lost returns how many messages were dropped.
func (b *Mailbox) lost() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dropped
}

// next returns the oldest message, nil when there is none.
func (b *Mailbox) next() message {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.mail) == 0 {
		return nil
	}
	m := b.mail[0]
	b.mail[0], b.mail = nil, b.mail[1:]
	b.bytes -= size(m)
	if len(b.mail) > 0 {
		b.wake()
	}
	return m
}
