package signaling_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/interview"
	"casey.internal/shared/post"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

// worker is the least that a worker must do: it answers and holds nothing.
type worker struct {
	*world
	id    interview.WorkerID
	inbox string
	slots int
	die   context.CancelCauseFunc
	dead  <-chan struct{} // closed when it has died
	dies  func(step string) bool

	mu      sync.Mutex
	active  int
	answers map[string]string // by offer
}

// errDied is why a worker that dies stops.
var errDied = errors.New("the worker died")

// boot starts a worker that dies after the first step for which dies is true.
func (w *world) boot(slots int, dies func(step string) bool) *worker {
	ctx, die := context.WithCancelCause(w.t.Context())
	k := &worker{
		world: w, id: interview.WorkerID(w.name("worker-")), slots: slots,
		die: die, dead: ctx.Done(), dies: dies, answers: map[string]string{},
	}
	var err error
	k.inbox, err = w.queue.CreateInbox(ctx, string(k.id))
	w.must(err)
	k.beat(ctx)
	for _, run := range []func(context.Context){k.beats, k.polls, k.reads} {
		w.work.Go(func() { run(ctx) })
	}
	return k
}

// gone reports whether the worker has died, after this step or before.
func (k *worker) gone(ctx context.Context, step string) bool {
	if ctx.Err() == nil && k.dies(step) {
		k.die(errDied)
	}
	return ctx.Err() != nil
}

func (k *worker) beat(ctx context.Context) {
	k.mu.Lock()
	active := k.active
	k.mu.Unlock()
	_ = k.store.Beat(ctx, interview.Worker{ID: k.id, Inbox: k.inbox, Slots: k.slots, Active: active, Beat: time.Now()})
}

func (k *worker) beats(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-time.After(interview.LeaseBeat):
			k.beat(ctx)
		case <-ctx.Done():
		}
	}
}

func (k *worker) free() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.slots - k.active
}

func (k *worker) hold(n int) {
	k.mu.Lock()
	k.active += n
	k.mu.Unlock()
}

func (k *worker) polls(ctx context.Context) {
	for ctx.Err() == nil {
		if k.free() == 0 {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		deliveries, _ := k.queue.ReceiveDispatch(ctx, k.free(), 5*time.Second)
		for _, d := range deliveries {
			k.hold(1)
			k.work.Go(func() {
				if !k.claim(ctx, d) {
					k.hold(-1)
				}
			})
		}
	}
}

// claim handles one dispatch message, and reports whether it holds the session.
func (k *worker) claim(ctx context.Context, d queue.Delivery) bool {
	if k.gone(ctx, "receive") {
		return false
	}
	session, err := k.store.Session(ctx, d.Session)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return false
	}
	var owner *interview.Worker
	if session != nil && session.Owner != "" {
		owner, _ = k.store.Worker(ctx, session.Owner)
	}
	switch v := interview.Judge(session, d.Peer, d.OfferAt, owner, time.Now()); v.Action {
	case interview.Take:
		return k.answer(ctx, d)
	case interview.Leave:
		_ = k.queue.Extend(ctx, d.Receipt, v.For)
	case interview.GiveUp:
		k.giveUp(ctx, session, d)
	case interview.Delete:
		_ = k.queue.Delete(ctx, d.Receipt)
	}
	return false
}

func (k *worker) giveUp(ctx context.Context, session *interview.Session, d queue.Delivery) {
	_, err := k.store.End(ctx, session.ID, session.Epoch, "worker lost", time.Now())
	if err != nil && !errors.Is(err, store.ErrRefused) {
		return
	}
	if err == nil {
		_ = k.posts.Post(ctx, session.Offer.Connection, wire.Encode(wire.Error{Code: string(apperr.Lost), Message: "lost"}))
	}
	_ = k.queue.Delete(ctx, d.Receipt)
}

func (k *worker) answer(ctx context.Context, d queue.Delivery) bool {
	claimed, err := k.store.Claim(ctx, store.Claim{
		Session: d.Session, Peer: d.Peer, OfferAt: d.OfferAt, Worker: k.id, Inbox: k.inbox, At: time.Now(),
	})
	if err != nil || k.gone(ctx, "claimed") {
		return false
	}
	s := claimed.Session
	if k.store.Answered(ctx, s.ID, s.Epoch, time.Now()) != nil || k.gone(ctx, "answered") {
		return false
	}
	text := "v=0 " + k.name("answer-")
	k.mu.Lock()
	k.answers[s.Offer.SDP] = text
	k.mu.Unlock()
	if errors.Is(k.post(ctx, s, s.Offer, text), post.ErrGone) {
		_, _ = k.store.End(ctx, s.ID, s.Epoch, "gone", time.Now())
		_ = k.queue.Delete(ctx, d.Receipt)
		return false
	}
	if k.gone(ctx, "posted") {
		return false
	}
	_ = k.queue.Delete(ctx, d.Receipt)
	if k.gone(ctx, "deleted") {
		return false
	}
	time.Sleep(100 * time.Millisecond)
	return k.store.Connected(ctx, s.ID, s.Epoch, time.Now()) == nil
}

func (k *worker) post(ctx context.Context, s *interview.Session, offer interview.Offer, text string) error {
	return k.posts.Post(ctx, offer.Connection, wire.Encode(wire.Answer{
		SDP: wire.Description{Type: "answer", SDP: text}, Session: s.ID, Peer: offer.Peer,
	}))
}

// reads answers offers that come to the inbox: the same one the same.
func (k *worker) reads(ctx context.Context) {
	for ctx.Err() == nil {
		messages, _ := k.queue.ReceiveInbox(ctx, k.inbox, 5*time.Second)
		for _, m := range messages {
			_ = k.queue.DeleteInboxMessages(ctx, k.inbox, m.Receipt)
			if m.Kind != queue.KindOffer {
				continue
			}
			k.mu.Lock()
			text := k.answers[m.Offer.SDP]
			k.mu.Unlock()
			if text != "" {
				_ = k.post(ctx, &interview.Session{ID: m.Session}, *m.Offer, text)
			}
		}
	}
}
