// Package host is a worker among workers: it takes sessions from the dispatch
// queue as far as it has slots, answers them, keeps them running and tells the
// others by its heartbeat how much it holds.
package host

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"casey.internal/shared/clock"
	"casey.internal/shared/interview"
	"casey.internal/worker/fleet"
	"casey.internal/worker/session"
)

// Config describes one boot of a worker.
type Config struct {
	ID    interview.WorkerID // of this boot
	Inbox string             // name of its inbox queue, unique
	Slots int                // sessions at a time
	Warm  int                // slots that the workers together keep free
	// Streams limits the sessions of all workers together, since each
	// needs a stream of recognition; 0 = any number.
	Streams int
	Drain   time.Duration // how long sessions may go on once the worker is told to stop
	Max     time.Duration // longest interview; 0 = session.DefaultMaxLength
	Log     *slog.Logger
	// Step is called after each of receive, claim, answer, answered, post and
	// delete, so that a test can end the worker there. Nil in production.
	Step func(name string)
}

// Services are the services that a host works with.
type Services struct {
	Store Store
	Queue Queue
	Post  session.Poster
	Guard Guard // nil = Unguarded
	// Outdated is closed when a newer revision of the worker is there: this one
	// takes nothing more and has its sessions go on elsewhere. Nil = never.
	Outdated <-chan struct{}
	Dial     session.Dial
	Talk     func(s *interview.Session) session.Talk // what is to go on in a session
	Counts   func() map[string]int64                 // what Metrics counts besides; nil = nothing
	// Strained reports whether another session would spoil those that are there:
	// nothing is taken then, whatever slots are free. Nil = never.
	Strained func() bool
}

// Host is one boot of a worker.
type Host struct {
	cfg Config
	Services
	log    *slog.Logger
	counts counters

	active   atomic.Int64 // slots taken, claims in progress included
	ready    atomic.Bool  // has an inbox
	needed   atomic.Bool  // by the ranking
	draining atomic.Bool
	others   atomic.Int64  // sessions of the other workers, as they told last
	unwell   atomic.Int64  // until when, in Unix nanoseconds; see stumble
	tooMuch  atomic.Bool   // as Strained said last
	inbox    string        // URL; set before ready
	freed    chan struct{} // a slot became free
	changed  chan struct{} // the load changed

	mu       sync.Mutex
	sessions map[interview.SessionID]*entry
	handling map[interview.SessionID]bool // a dispatch message of it
	unposted map[*entry]time.Time         // answers marked and not yet posted
	guarded  bool                         // the guard was taken
	idle     time.Time                    // since when no slot is taken

	tasks sync.WaitGroup // polling, each slot taken, each record being settled
}

// New returns a host that does nothing until Run.
func New(cfg Config, s Services) *Host {
	if s.Guard == nil {
		s.Guard = Unguarded{}
	}
	if cfg.Step == nil {
		cfg.Step = func(string) {}
	}
	return &Host{
		cfg: cfg, Services: s, log: cfg.Log.With("worker", string(cfg.ID)),
		freed: make(chan struct{}, 1), changed: make(chan struct{}, 1),
		sessions: map[interview.SessionID]*entry{}, handling: map[interview.SessionID]bool{}, unposted: map[*entry]time.Time{}, idle: time.Now(),
	}
}

// Run works until ctx is done and then drains: it takes nothing more, has its
// sessions go on elsewhere within Config.Drain and says good-bye to the rest. Nothing of
// the host is left when it returns.
func (h *Host) Run(ctx context.Context) error {
	if err := h.open(ctx); err != nil {
		return err
	}
	// Work in progress outlives ctx: that is what draining is.
	work, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	live, end := context.WithCancelCause(work)
	var loops sync.WaitGroup
	loops.Go(func() { h.readInbox(work) })
	loops.Go(func() { h.keepBeating(work) })
	h.tasks.Go(func() { h.dispatch(ctx, live) })
	h.awaitStop(ctx)
	h.drain(end)
	stop(context.Cause(ctx))
	loops.Wait()
	h.close(work)
	return nil
}

// open makes the inbox; it tries until it can, or ctx is done. A first heartbeat
// tells of it before, or nobody would remove the inbox of a worker that dies here.
func (h *Host) open(ctx context.Context) error {
	for {
		err := h.Store.Beat(ctx, interview.Worker{
			ID: h.cfg.ID, Inbox: h.Queue.InboxURL(h.cfg.Inbox), Slots: h.cfg.Slots, Draining: true, Beat: time.Now(),
		})
		if err == nil {
			h.cfg.Step("announced")
			h.inbox, err = h.Queue.CreateInbox(ctx, h.cfg.Inbox)
		}
		if err == nil {
			h.cfg.Step("inbox made")
			h.ready.Store(true)
			h.log.Info("worker ready", "slots", h.cfg.Slots)
			return nil
		}
		h.log.Warn("inbox not created, will be repeated", "error", err)
		if !pause(ctx, time.Second) {
			return context.Cause(ctx)
		}
	}
}

// close removes what others would find of this boot.
func (h *Host) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	if err := h.Queue.DeleteInbox(ctx, h.inbox); err != nil {
		h.log.Warn("inbox not deleted, the sweep will", "error", err)
	} else if err := h.Store.Gone(ctx, h.cfg.ID); err != nil {
		h.log.Warn("worker row not deleted", "error", err)
	}
	h.log.Info("worker stopped")
}

// takeSlot takes a slot, freeSlot gives it back.
func (h *Host) takeSlot() {
	h.active.Add(1)
	signal(h.changed)
}

func (h *Host) freeSlot() {
	if h.active.Add(-1) == 0 {
		h.mu.Lock()
		h.idle = time.Now()
		h.mu.Unlock()
	}
	signal(h.freed)
	signal(h.changed)
}

func (h *Host) freeSlots() int { return h.cfg.Slots - int(h.active.Load()) }

// stumble is called when a session could not be answered for a reason of ours:
// for a while the other workers may try, and this one takes nothing.
func (h *Host) stumble() {
	h.counts.stumbles.Add(1)
	h.unwell.Store(time.Now().Add(fleet.RestFor).UnixNano())
	signal(h.changed)
}

func (h *Host) well() bool { return time.Now().UnixNano() >= h.unwell.Load() && !h.strained() }

// strained reports whether the sessions suffer from each other, and says so once.
func (h *Host) strained() bool {
	if h.Strained == nil {
		return false
	}
	now := h.Strained()
	if before := h.tooMuch.Swap(now); now && !before {
		h.log.Warn("no session is taken: the CPU is busy, and packets go out late or soon would; give the worker fewer slots (CASEY_SLOTS) or more CPU",
			"sessions", h.active.Load(), "slots", h.cfg.Slots)
	}
	return now
}

// signal leaves a token in a channel of length one.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// pause waits and reports whether ctx still runs.
func pause(ctx context.Context, d time.Duration) bool { return clock.Sleep(ctx, d) == nil }
