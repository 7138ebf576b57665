package host

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/worker/fleet"
	"casey.internal/worker/session"
)

// settleLast bounds the settling of records once sessions were told to go.
const settleLast = 5 * time.Second

// entry is a session that this host holds or is about to hold.
type entry struct {
	id     interview.SessionID
	mail   *session.Mailbox
	before *entry // held the session here until it is claimed anew
	// run lives the session to its end; one that never became this worker's is
	// nil. It is set once the answer is posted.
	run func(context.Context) (*session.Session, error)
}

// addEntry makes room for a session before it is claimed, since its inbox may be
// used from the claim on.
func (h *Host) addEntry(id interview.SessionID) *entry {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := &entry{id: id, mail: session.NewMailbox(), before: h.sessions[id]}
	h.sessions[id] = e
	if h.draining.Load() {
		e.mail.Move()
	}
	return e
}

// notifyFormerOwner tells whoever held a session until now, which may be this very host,
// that it is taken. Best effort: the first write that is refused tells it too.
func (h *Host) notifyFormerOwner(ctx context.Context, e *entry, c *store.Claimed) {
	notice := queue.Inbox{Kind: queue.KindNotice, Session: e.id, Epoch: c.Session.Epoch}
	h.mu.Lock()
	if e.before != nil {
		e.before.mail.Deliver(notice)
	}
	e.before = nil
	h.mu.Unlock()
	if c.Before.Inbox == "" || c.Before.Worker == h.cfg.ID {
		return
	}
	h.tasks.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, stepWithin)
		defer cancel()
		if err := h.Queue.SendInbox(ctx, c.Before.Inbox, notice); err != nil {
			h.log.Debug("owner before not told", "session", string(e.id), "error", err)
		}
	})
}

// removeEntry forgets a session; where it was never claimed, the one before stays.
func (h *Host) removeEntry(e *entry) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.sessions[e.id] != e:
	case e.before != nil:
		h.sessions[e.id] = e.before
	default:
		delete(h.sessions, e.id)
	}
}

func (h *Host) ids() []interview.SessionID {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Sorted(maps.Keys(h.sessions))
}

// runSession runs a session to its end in the slot of its dispatch message, and
// settles its record after the slot is free again.
func (h *Host) runSession(ctx context.Context, e *entry) {
	began := time.Now()
	s, cause := e.run(ctx)
	h.removeEntry(e)
	h.freeSlot()
	log := h.log.With("session", string(e.id), "cause", cause, "lasted", time.Since(began))
	if s == nil {
		h.counts.ended.Add(1)
		log.Info("session ended before it was this worker's")
		return
	}
	settle, stop := lasting(ctx, settleLast)
	defer stop()
	s.Settle(settle, cause)
	counts := s.Counts()
	h.counts.ended.Add(1)
	if s.Failed(cause) {
		h.counts.givenUp.Add(1)
	}
	h.counts.dropped.Add(counts.Dropped)
	log.Info("session ended", "peers", counts.Peers, "dropped", counts.Dropped, "lost_turns", counts.LostTurns,
		"signaling_lost", counts.SignalLost)
	if p, ok := errors.AsType[*session.PanicError](cause); ok {
		h.log.Error("talk panicked", "session", string(e.id), "stack", string(p.Stack))
	}
}

// lasting returns a context that ends a while after ctx does.
func lasting(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		pause(longer, d)
		cancel()
	})
	return longer, func() {
		stop()
		cancel()
	}
}

// readInbox hands the inbox's messages to the sessions until ctx is done.
func (h *Host) readInbox(ctx context.Context) {
	for ctx.Err() == nil {
		deliveries, err := h.Queue.ReceiveInbox(ctx, h.inbox, pollFor)
		if err != nil {
			h.counts.failedPolls.Add(1)
			if pause(ctx, fleet.LookAgain) {
				h.log.Warn("inbox not read", "error", err)
			}
			continue
		}
		receipts := make([]string, 0, len(deliveries))
		for _, d := range deliveries {
			h.deliver(d.Inbox)
			receipts = append(receipts, d.Receipt)
		}
		if len(receipts) == 0 {
			continue
		}
		if err := h.Queue.DeleteInboxMessages(ctx, h.inbox, receipts...); err != nil {
			h.log.Info("inbox messages not deleted", "error", err) // they come twice, which is harmless
		}
	}
}

func (h *Host) deliver(m queue.Inbox) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counts.inbox.Add(1)
	e := h.sessions[m.Session]
	if e == nil {
		h.counts.strays.Add(1) // of a session that has ended here
		return
	}
	e.mail.Deliver(m)
}
