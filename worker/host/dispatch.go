package host

import (
	"context"
	"errors"
	"fmt"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
	"casey.internal/worker/fleet"
)

const (
	// pollFor is the length of one poll: less than interview.Visibility, so that
	// what a worker had in hand when it died does not go to its dead poll again.
	pollFor     = interview.Visibility - time.Second
	pollBatch   = 10              // messages that SQS hands out at once
	extendEvery = 3 * time.Second // less than interview.Visibility
	guardWithin = 15 * time.Second
	stepWithin  = 3 * time.Second // one call of a service
	// maxAnswers is the number of times that an offer which cannot be answered is
	// received until it is given up, maxDeaths that of one that workers die of.
	maxAnswers = 4
	maxDeaths  = 6
)

// errDeadly is the reason to give up an offer that no worker lived to answer.
var errDeadly = errors.New("host: workers died of this offer")

// dispatch polls for as many messages as there are free slots, until ctx is
// done. A poll that began runs to its end: what an aborted one would have got
// is lost to everybody until its visibility timeout. Sessions run in the context live.
func (h *Host) dispatch(ctx, live context.Context) {
	starved := false // of streams of recognition
	for ctx.Err() == nil {
		free := h.freeSlots()
		if h.draining.Load() {
			free = 0
		}
		if free > 0 {
			h.needed.Store(h.isNeeded(ctx))
			room := h.freeStreams()
			starved = h.tellOfStreams(starved, room <= 0)
			free = min(free, room)
		}
		if free <= 0 || !h.needed.Load() || !h.well() {
			h.awaitChange(ctx)
			continue
		}
		deliveries, err := h.poll(ctx, free)
		if err != nil {
			h.counts.failedPolls.Add(1)
			h.log.Warn("dispatch queue not read", "error", err)
			pause(ctx, fleet.LookAgain)
			continue
		}
		for _, d := range deliveries {
			if ctx.Err() != nil || h.draining.Load() {
				h.showMessageAfter(context.WithoutCancel(ctx), d, 0)
				continue
			}
			h.takeSlot()
			h.tasks.Go(func() { h.handle(live, d) })
		}
	}
}

// tellOfStreams says once that there are slots and no stream of recognition is left for
// them, and returns what is so now.
func (h *Host) tellOfStreams(before, now bool) bool {
	if now && !before {
		h.log.Warn("no session is taken: the account's streams of recognition are all in use; raise the quota and TRANSCRIBE_STREAMS",
			"streams", h.cfg.Streams, "sessions", h.active.Load(), "sessions_of_others", h.others.Load(), "slots", h.cfg.Slots)
	}
	return now
}

// poll is one long poll, whatever becomes of ctx meanwhile.
func (h *Host) poll(ctx context.Context, free int) ([]queue.Delivery, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pollFor+stepWithin)
	defer cancel()
	return h.Queue.ReceiveDispatch(ctx, min(free, pollBatch), pollFor)
}

// awaitChange waits for a slot, for the others' load to change, or for ctx.
func (h *Host) awaitChange(ctx context.Context) {
	select {
	case <-h.freed:
	case <-time.After(fleet.LookAgain):
	case <-ctx.Done():
	}
}

// handle does what one dispatch message asks; it holds a slot for it, which the session keeps.
func (h *Host) handle(ctx context.Context, d queue.Delivery) {
	h.counts.received.Add(1)
	h.cfg.Step("receive")
	accepted := h.acceptAlone(ctx, d)
	if accepted == nil {
		h.freeSlot()
		return
	}
	h.tasks.Go(func() {
		h.deleteMessage(ctx, d)
		h.cfg.Step("delete")
	})
	h.tasks.Go(func() { h.runSession(ctx, accepted) }) // a new goroutine has a small stack
}

// acceptAlone accepts a message unless another one of the same session, which may be
// the same once more, is being handled.
func (h *Host) acceptAlone(ctx context.Context, d queue.Delivery) *entry {
	h.mu.Lock()
	busy := h.handling[d.Session]
	h.handling[d.Session] = true
	h.mu.Unlock()
	if busy {
		h.showMessageAfter(ctx, d, fleet.LookAgain)
		return nil
	}
	defer func() {
		h.mu.Lock()
		delete(h.handling, d.Session)
		h.mu.Unlock()
	}()
	defer h.holdMessage(ctx, d)()
	return h.accept(ctx, d)
}

// holdMessage keeps a message from others while it is worked on. The function that
// it returns ends that.
func (h *Host) holdMessage(ctx context.Context, d queue.Delivery) (letGo func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	h.tasks.Go(func() {
		defer close(done)
		for pause(ctx, extendEvery) {
			h.showMessageAfter(ctx, d, interview.Visibility)
		}
	})
	return func() {
		cancel()
		<-done
	}
}

// accept decides about a message and, where it is to be taken, returns the
// session with its answer posted; nil = there is no session to run.
func (h *Host) accept(ctx context.Context, d queue.Delivery) *entry {
	s, decision, err := h.judge(ctx, d)
	if err != nil {
		h.log.Warn("session not read", "session", string(d.Session), "error", err)
		return nil // seen again after its visibility timeout
	}
	switch decision.Action {
	case interview.Take:
		if s.Inviting() {
			return h.reserveSession(ctx, d)
		}
		if d.Received < maxDeaths || s.State == interview.Waiting {
			return h.takeSession(ctx, d)
		}
		if h.giveUp(ctx, s, apperr.Of(errDeadly)) {
			h.deleteMessage(ctx, d)
		}
	case interview.Leave:
		h.showMessageAfter(ctx, d, decision.For)
	case interview.GiveUp:
		if h.giveUp(ctx, s, apperr.New(apperr.Lost, "The worker that answered is gone. Please start again.")) {
			h.deleteMessage(ctx, d)
		}
	case interview.Delete:
		h.deleteMessage(ctx, d)
	}
	return nil
}

// judge reads what interview.Judge needs and asks it.
func (h *Host) judge(ctx context.Context, d queue.Delivery) (*interview.Session, interview.Decision, error) {
	ctx, cancel := context.WithTimeout(ctx, stepWithin)
	defer cancel()
	s, err := h.Store.Session(ctx, d.Session)
	if errors.Is(err, store.ErrNotFound) {
		s = nil
	} else if err != nil {
		return nil, interview.Decision{}, fmt.Errorf("host: read session: %w", err)
	}
	var owner *interview.Worker
	if s != nil && s.Owner != "" {
		owner, err = h.Store.Worker(ctx, s.Owner)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, interview.Decision{}, fmt.Errorf("host: read owner: %w", err)
		}
	}
	return s, interview.Judge(s, d.Peer, d.OfferAt, owner, time.Now()), nil
}

// giveUp tells the client that there will be no interview and ends the
// session, unless it has moved on. An interview that has begun is paused, and
// its client told that this offer alone came to nothing. Told first: whoever dies
// in between leaves it to the next receiver. False means that it is to be tried
// again.
func (h *Host) giveUp(ctx context.Context, s *interview.Session, f *apperr.Error) bool {
	ctx, cancel := context.WithTimeout(ctx, stepWithin)
	defer cancel()
	log := h.log.With("session", string(s.ID))
	now, err := h.Store.Session(ctx, s.ID)
	if err == nil && (now.Epoch != s.Epoch || now.State != s.State || !now.Offer.At.Equal(s.Offer.At)) {
		return true
	}
	begun := !s.ConnectedAt.IsZero()
	var message wire.Message = wire.Error{Code: string(f.Code), Message: f.Message}
	if begun {
		message = wire.Rejected{Code: string(f.Code), Message: f.Message, Of: "offer"}
	}
	if err = h.Post.Post(ctx, s.Offer.Connection, wire.Encode(message)); err != nil {
		log.Info("end not told", "error", err)
	}
	if begun {
		_, err = h.Store.Pause(ctx, s.ID, s.Epoch, time.Now())
	} else {
		_, err = h.Store.End(ctx, s.ID, s.Epoch, string(f.Code), time.Now())
	}
	if err != nil && !errors.Is(err, store.ErrRefused) {
		log.Warn("session not ended", "error", err)
		return false
	}
	h.counts.givenUp.Add(1)
	log.Info("session given up", "code", string(f.Code))
	return true
}

// showMessageAfter makes a message visible again after a time, in whole seconds as SQS
// counts them, rounded up.
func (h *Host) showMessageAfter(ctx context.Context, d queue.Delivery, after time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, stepWithin)
	defer cancel()
	after = (after + time.Second - 1).Truncate(time.Second)
	if err := h.Queue.Extend(ctx, d.Receipt, after); err != nil && ctx.Err() == nil {
		h.log.Info("visibility not set", "session", string(d.Session), "error", err)
	}
}

// deleteMessage deletes a message. One that stays is judged again and does no harm.
func (h *Host) deleteMessage(ctx context.Context, d queue.Delivery) {
	ctx, cancel := context.WithTimeout(ctx, stepWithin)
	defer cancel()
	if err := h.Queue.Delete(ctx, d.Receipt); err != nil {
		h.log.Info("dispatch message not deleted", "session", string(d.Session), "error", err)
	}
}
