package host

import (
	"context"
	"time"

	"casey.internal/worker/session"
)

// lastWords is the time before its deadline at which a session that nobody took
// says so and stops; of a short drain it is the half.
const lastWords = 15 * time.Second

// beginDraining takes nothing more, and has the sessions go on elsewhere. Those that
// cannot move, or that no other worker has room for, stay.
func (h *Host) beginDraining() {
	if h.draining.Swap(true) {
		return
	}
	signal(h.changed)
	h.log.Info("going away", "active", h.active.Load())
	h.postToAll((*session.Mailbox).Move)
}

// postToAll posts something to every session that is here, or about to be.
func (h *Host) postToAll(post func(*session.Mailbox)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.sessions {
		post(e.mail)
	}
}

// awaitStop returns when ctx is done; before that it retires when the worker
// is found to be of an old revision.
func (h *Host) awaitStop(ctx context.Context) {
	select {
	case <-h.Outdated:
		h.log.Info("a newer revision is there")
		h.beginDraining()
		<-ctx.Done()
	case <-ctx.Done():
	}
}

// drain gives the sessions their time, lets those that are left say so, and
// ends the rest.
func (h *Host) drain(end context.CancelCauseFunc) {
	h.beginDraining()
	over := make(chan struct{})
	go func() { // ends with the tasks, which are waited for below
		h.tasks.Wait()
		close(over)
	}()
	words := min(lastWords, h.cfg.Drain/2)
	for _, step := range []struct {
		after time.Duration
		do    func()
	}{
		{h.cfg.Drain - words, func() { h.postToAll((*session.Mailbox).Farewell) }},
		{words, func() { end(session.ErrDrained) }},
	} {
		select {
		case <-over:
			return
		case <-time.After(step.after):
			h.log.Info("sessions are told to go", "left", len(h.ids()))
			step.do()
		}
	}
	<-over
}
