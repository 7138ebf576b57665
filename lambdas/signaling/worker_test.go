package signaling_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"casey.internal/shared/fault"
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
	ctx   context.Context // ends when the worker dies
	die   context.CancelCauseFunc
	dies  func(step string) bool

	mu      sync.Mutex
	active  int
	answers map[string]string // by offer
}

// errDied is why a worker that dies stops.
var errDied = errors.New("the worker died")

// boot starts a worker that dies after the first step for which dies is true.
func (w *world) boot(slots int, dies func(step string) bool) *worker {
	ctx, die := context.WithCancelCause(w.ctx)
	k := &worker{
		world: w, id: interview.WorkerID(w.name("worker-")), slots: slots,
		ctx: ctx, die: die, dies: dies, answers: map[string]string{},
	}
	var err error
	k.inbox, err = w.queue.CreateInbox(ctx, string(k.id))
	w.must(err)
	k.beat()
	for _, run := range []func(){k.beats, k.polls, k.reads} {
		w.work.Go(run)
	}
	return k
}

// gone reports whether the worker has died, after this step or before.
func (k *worker) gone(step string) bool {
	if k.ctx.Err() == nil && k.dies(step) {
		k.die(errDied)
	}
	return k.ctx.Err() != nil
}

func (k *worker) beat() {
	k.mu.Lock()
	active := k.active
	k.mu.Unlock()
	_ = k.store.Beat(k.ctx, interview.Worker{ID: k.id, Inbox: k.inbox, Slots: k.slots, Active: active, Beat: time.Now()})
}

func (k *worker) beats() {
	for k.ctx.Err() == nil {
		select {
		case <-time.After(interview.LeaseBeat):
			k.beat()
		case <-k.ctx.Done():
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

func (k *worker) polls() {
	for k.ctx.Err() == nil {
		if k.free() == 0 {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		deliveries, _ := k.queue.ReceiveDispatch(k.ctx, k.free(), 5*time.Second)
		for _, d := range deliveries {
			k.hold(1)
			k.work.Go(func() {
				if !k.take(d) {
					k.hold(-1)
				}
			})
		}
	}
}

// take handles one dispatch message, and reports whether it holds the session.
func (k *worker) take(d queue.Delivery) bool {
	if k.gone("receive") {
		return false
	}
	session, err := k.store.Session(k.ctx, d.Session)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return false
	}
	var owner *interview.Worker
	if session != nil && session.Owner != "" {
		owner, _ = k.store.Worker(k.ctx, session.Owner)
	}
	switch v := interview.Judge(session, d.Peer, d.OfferAt, owner, time.Now()); v.Action {
	case interview.Take:
		return k.answer(d)
	case interview.Leave:
		_ = k.queue.Extend(k.ctx, d.Receipt, v.For)
	case interview.GiveUp:
		k.giveUp(session, d)
	case interview.Delete:
		_ = k.queue.Delete(k.ctx, d.Receipt)
	}
	return false
}

func (k *worker) giveUp(session *interview.Session, d queue.Delivery) {
	_, err := k.store.End(k.ctx, session.ID, session.Epoch, "worker lost", time.Now())
	if err != nil && !errors.Is(err, store.ErrRefused) {
		return
	}
	if err == nil {
		_ = k.posts.Post(k.ctx, session.Offer.Connection, wire.Encode(wire.Error{Code: string(fault.Lost), Message: "lost"}))
	}
	_ = k.queue.Delete(k.ctx, d.Receipt)
}

func (k *worker) answer(d queue.Delivery) bool {
	claimed, err := k.store.Claim(k.ctx, store.Claim{
		Session: d.Session, Peer: d.Peer, OfferAt: d.OfferAt, Worker: k.id, Inbox: k.inbox, At: time.Now(),
	})
	if err != nil || k.gone("claimed") {
		return false
	}
	s := claimed.Session
	if k.store.Answered(k.ctx, s.ID, s.Epoch, time.Now()) != nil || k.gone("answered") {
		return false
	}
	text := "v=0 " + k.name("answer-")
	k.mu.Lock()
	k.answers[s.Offer.SDP] = text
	k.mu.Unlock()
	if errors.Is(k.post(s, s.Offer, text), post.ErrGone) {
		_, _ = k.store.End(k.ctx, s.ID, s.Epoch, "gone", time.Now())
		_ = k.queue.Delete(k.ctx, d.Receipt)
		return false
	}
	if k.gone("posted") {
		return false
	}
	_ = k.queue.Delete(k.ctx, d.Receipt)
	if k.gone("deleted") {
		return false
	}
	time.Sleep(100 * time.Millisecond)
	return k.store.Connected(k.ctx, s.ID, s.Epoch, time.Now()) == nil
}

func (k *worker) post(s *interview.Session, offer interview.Offer, text string) error {
	return k.posts.Post(k.ctx, offer.Connection, wire.Encode(wire.Answer{
		SDP: wire.Description{Type: "answer", SDP: text}, Session: s.ID, Peer: offer.Peer,
	}))
}

// reads answers offers that come to the inbox: the same one the same.
func (k *worker) reads() {
	for k.ctx.Err() == nil {
		messages, _ := k.queue.ReceiveInbox(k.ctx, k.inbox, 5*time.Second)
		for _, m := range messages {
			_ = k.queue.DeleteInboxMessages(k.ctx, k.inbox, m.Receipt)
			if m.Kind != queue.KindOffer {
				continue
			}
			k.mu.Lock()
			text := k.answers[m.Offer.SDP]
			k.mu.Unlock()
			if text != "" {
				_ = k.post(&interview.Session{ID: m.Session}, *m.Offer, text)
			}
		}
	}
}
