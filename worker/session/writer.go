package session

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/post"
)

// Poster sends one message to a browser; post.ErrGone says that the connection
// is no more.
type Poster interface {
	Post(ctx context.Context, connection interview.ConnectionID, data []byte) error
}

const (
	postWithin   = 3 * time.Second // one message, repetitions included
	postEvery    = 100 * time.Millisecond
	writerLength = 32 // messages that may wait
)

// writer is the only one that posts to the session's browser, so that its
// messages arrive in order. A browser that is gone is no error of the session:
// media does not need signaling.
type writer struct {
	poster  Poster
	records records
	id      interview.SessionID
	log     *slog.Logger
	queue   chan []byte
	lost    bool // belongs to whoever writes

	mu         sync.Mutex
	connection interview.ConnectionID
}

func newWriter(p Poster, r records, id interview.SessionID, c interview.ConnectionID, log *slog.Logger) *writer {
	return &writer{poster: p, records: r, id: id, log: log, queue: make(chan []byte, writerLength), connection: c}
}

// moveTo makes later messages go to the browser's newer connection.
func (w *writer) moveTo(c interview.ConnectionID) {
	if c == "" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.connection = c
}

func (w *writer) address() interview.ConnectionID {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.connection
}

// send queues a message. It never blocks: over writerLength it is lost, as it
// would be with the connection.
func (w *writer) send(data []byte) {
	select {
	case w.queue <- data:
	default:
		w.log.Warn("signaling message dropped")
	}
}

// run writes what is queued until ctx is done.
func (w *writer) run(ctx context.Context) {
	for {
		select {
		case data := <-w.queue:
			if err := w.write(ctx, data); err != nil {
				w.log.Info("signaling message not delivered", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// write delivers one message, repeating it within postWithin. A connection
// that is gone may have been replaced by a newer one, which the record knows;
// ErrGone says that it was not.
func (w *writer) write(ctx context.Context, data []byte) error {
	ctx, cancel := context.WithTimeout(ctx, postWithin)
	defer cancel()
	for {
		to := w.address()
		err := w.poster.Post(ctx, to, data)
		switch {
		case err == nil:
			w.lost = false
			return nil
		case errors.Is(err, post.ErrTooLarge):
			return err
		case errors.Is(err, post.ErrGone) && w.replaced(ctx, to):
			continue
		case errors.Is(err, post.ErrGone):
			w.lost = true
			return ErrGone
		}
		select {
		case <-time.After(postEvery):
		case <-ctx.Done():
			return err
		}
	}
}

// replaced reads the record once for a newer connection than the one gone.
func (w *writer) replaced(ctx context.Context, gone interview.ConnectionID) bool {
	if w.address() != gone {
		return true
	}
	s, err := w.records.Session(ctx, w.id)
	if err != nil || s.Connection == gone || s.Connection == "" {
		return false
	}
	w.moveTo(s.Connection)
	return true
}
