package host

import (
	"context"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/worker/fleet"
)

const beatWithin = 3 * time.Second // one attempt

// keepBeating writes a heartbeat every interview.LeaseBeat, and when the load
// changed, until ctx is done.
func (h *Host) keepBeating(ctx context.Context) {
	tick := time.NewTicker(interview.LeaseBeat)
	defer tick.Stop()
	for {
		h.beat(ctx)
		h.releaseGuard(ctx)
		if !pause(ctx, fleet.BeatGap) {
			return
		}
		select {
		case <-tick.C:
		case <-h.changed:
		case <-ctx.Done():
			return
		}
	}
}

func (h *Host) beat(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, beatWithin)
	defer cancel()
	if err := h.Store.Beat(ctx, h.heartbeat()); err != nil {
		h.counts.failedBeats.Add(1)
		h.log.Warn("heartbeat not written", "error", err)
	}
}

// heartbeat is the heartbeat as of now. A heartbeat vouches for all answers marked
// before it: that their worker lives and sees to it that they are posted
// (interview.Judge). So it is dated no later than the oldest answer that is
// marked and not yet posted.
func (h *Host) heartbeat() interview.Worker {
	w := interview.Worker{
		ID: h.cfg.ID, Inbox: h.inbox, Slots: h.cfg.Slots, Active: int(h.active.Load()),
		Draining: h.draining.Load(), Beat: time.Now(),
	}
	w.Slots = fleet.Offered(w.Slots, w.Active, h.freeStreams())
	if !h.well() {
		w.Slots = w.Active
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, marked := range h.unposted {
		if marked.Before(w.Beat) {
			w.Beat = marked
		}
	}
	return w
}

// isNeeded reports whether this worker is needed: by its rank among the others,
// when they cannot be asked, and when a wait is interview.Late, since whoever
// should have served it does not.
func (h *Host) isNeeded(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, beatWithin)
	defer cancel()
	now := time.Now()
	others, err := h.Store.Workers(ctx)
	if err != nil {
		h.log.Warn("workers not read", "error", err)
		return true
	}
	h.countOthers(others, now)
	waiting, err := h.Store.Ahead(ctx, now)
	late := 0
	if err == nil && waiting > 0 {
		late, err = h.Store.Ahead(ctx, now.Add(-interview.Late))
	}
	if err != nil {
		h.log.Warn("waiting sessions not counted", "error", err)
		return true
	}
	return late > 0 || fleet.Needed(h.heartbeat(), others, waiting, h.cfg.Warm, now)
}

// countOthers adds up the sessions of the other living workers. There is no
// counter that could drift: what a dead one held is free again when its lease is
// lost.
func (h *Host) countOthers(others []interview.Worker, now time.Time) {
	active := 0
	for _, w := range others {
		if w.ID != h.cfg.ID && w.Alive(now) {
			active += w.Active
		}
	}
	h.others.Store(int64(active))
}

// freeStreams returns how many more sessions the account's streams of recognition
// allow.
func (h *Host) freeStreams() int {
	return fleet.Room(h.cfg.Streams, int(h.others.Load()+h.active.Load()), h.cfg.Slots)
}

// takeGuard takes the guard before a claim, where it is not held.
func (h *Host) takeGuard(ctx context.Context) error {
	h.mu.Lock()
	held := h.guarded
	h.mu.Unlock()
	if held {
		return nil
	}
	if err := h.Guard.Take(ctx); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.guarded = true
	return nil
}

// releaseGuard gives the guard back when no session has come for a while, or will.
func (h *Host) releaseGuard(ctx context.Context) {
	h.mu.Lock()
	over := h.guarded && h.active.Load() == 0 && (h.draining.Load() || time.Since(h.idle) >= fleet.GuardedAfter)
	if over {
		h.guarded = false
	}
	h.mu.Unlock()
	if over {
		h.Guard.Release(ctx)
	}
}
