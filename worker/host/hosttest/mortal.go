// Package hosttest lets a test end a worker as a crash does: from one moment
// on nothing that the worker does has an effect any more, and nothing is
// cleaned up.
package hosttest

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
	"casey.internal/worker/host"
	"casey.internal/worker/session"
)

// ErrDead is returned to a dead worker by every service.
var ErrDead = errors.New("hosttest: this worker is dead")

// Life is the life of one worker.
type Life struct{ over atomic.Bool }

// End kills the worker.
func (l *Life) End() { l.over.Store(true) }

// Over reports whether the worker is dead.
func (l *Life) Over() bool { return l.over.Load() }

// Bind returns the services as the worker has them while it lives. What it had
// asked for when it died takes its effect, and nobody learns of it.
func (l *Life) Bind(s host.Services) host.Services {
	s.Store, s.Queue, s.Post = mortalStore{l, s.Store}, mortalQueue{l, s.Queue}, mortalPost{l, s.Post}
	return s
}

func call[T any](l *Life, f func() (T, error)) (T, error) {
	var nothing T
	if l.Over() {
		return nothing, ErrDead
	}
	v, err := f()
	if l.Over() {
		return nothing, ErrDead
	}
	return v, err
}

func do(l *Life, f func() error) error {
	_, err := call(l, func() (struct{}, error) { return struct{}{}, f() })
	return err
}

type mortalPost struct {
	life *Life
	post session.Poster
}

func (m mortalPost) Post(ctx context.Context, c interview.ConnectionID, data []byte) error {
	return do(m.life, func() error { return m.post.Post(ctx, c, data) })
}

type mortalQueue struct {
	life  *Life
	queue host.Queue
}

func (m mortalQueue) ReceiveDispatch(ctx context.Context, limit int, wait time.Duration) ([]queue.Delivery, error) {
	return call(m.life, func() ([]queue.Delivery, error) { return m.queue.ReceiveDispatch(ctx, limit, wait) })
}

func (m mortalQueue) Extend(ctx context.Context, receipt string, d time.Duration) error {
	return do(m.life, func() error { return m.queue.Extend(ctx, receipt, d) })
}

func (m mortalQueue) Delete(ctx context.Context, receipt string) error {
	return do(m.life, func() error { return m.queue.Delete(ctx, receipt) })
}

func (m mortalQueue) InboxURL(name string) string { return m.queue.InboxURL(name) }

func (m mortalQueue) CreateInbox(ctx context.Context, name string) (string, error) {
	return call(m.life, func() (string, error) { return m.queue.CreateInbox(ctx, name) })
}

func (m mortalQueue) SendInbox(ctx context.Context, url string, i queue.Inbox) error {
	return do(m.life, func() error { return m.queue.SendInbox(ctx, url, i) })
}

func (m mortalQueue) ReceiveInbox(ctx context.Context, url string, wait time.Duration) ([]queue.InboxDelivery, error) {
	return call(m.life, func() ([]queue.InboxDelivery, error) { return m.queue.ReceiveInbox(ctx, url, wait) })
}

func (m mortalQueue) DeleteInboxMessages(ctx context.Context, url string, receipts ...string) error {
	return do(m.life, func() error { return m.queue.DeleteInboxMessages(ctx, url, receipts...) })
}

func (m mortalQueue) DeleteInbox(ctx context.Context, url string) error {
	return do(m.life, func() error { return m.queue.DeleteInbox(ctx, url) })
}

type mortalStore struct {
	life  *Life
	store host.Store
}

func (m mortalStore) Session(ctx context.Context, id interview.SessionID) (*interview.Session, error) {
	return call(m.life, func() (*interview.Session, error) { return m.store.Session(ctx, id) })
}

func (m mortalStore) Claim(ctx context.Context, c store.Claim) (*store.Claimed, error) {
	return call(m.life, func() (*store.Claimed, error) { return m.store.Claim(ctx, c) })
}

func (m mortalStore) Adopt(ctx context.Context, id interview.SessionID, epoch int64, o interview.Offer) ([]wire.ICECandidate, error) {
	return call(m.life, func() ([]wire.ICECandidate, error) { return m.store.Adopt(ctx, id, epoch, o) })
}

func (m mortalStore) Answered(ctx context.Context, id interview.SessionID, epoch int64, at time.Time) error {
	return do(m.life, func() error { return m.store.Answered(ctx, id, epoch, at) })
}

func (m mortalStore) Connected(ctx context.Context, id interview.SessionID, epoch int64, at time.Time) error {
	return do(m.life, func() error { return m.store.Connected(ctx, id, epoch, at) })
}

func (m mortalStore) PutBack(ctx context.Context, id interview.SessionID, epoch int64) error {
	return do(m.life, func() error { return m.store.PutBack(ctx, id, epoch) })
}

func (m mortalStore) Reserve(ctx context.Context, c store.Claim) (*store.Claimed, error) {
	return call(m.life, func() (*store.Claimed, error) { return m.store.Reserve(ctx, c) })
}

func (m mortalStore) SuccessorAnswered(ctx context.Context, id interview.SessionID, offerAt time.Time, successor interview.WorkerID, at time.Time) error {
	return do(m.life, func() error { return m.store.SuccessorAnswered(ctx, id, offerAt, successor, at) })
}

func (m mortalStore) Moving(ctx context.Context, id interview.SessionID, epoch int64) error {
	return do(m.life, func() error { return m.store.Moving(ctx, id, epoch) })
}

func (m mortalStore) Succeed(ctx context.Context, p store.Succession) (*store.Claimed, error) {
	return call(m.life, func() (*store.Claimed, error) { return m.store.Succeed(ctx, p) })
}

func (m mortalStore) Carry(ctx context.Context, id interview.SessionID, epoch int64, carry string) error {
	return do(m.life, func() error { return m.store.Carry(ctx, id, epoch, carry) })
}

func (m mortalStore) PutTurn(ctx context.Context, t interview.Turn) error {
	return do(m.life, func() error { return m.store.PutTurn(ctx, t) })
}

func (m mortalStore) PutJob(ctx context.Context, id interview.SessionID, j interview.Job, at time.Time) error {
	return do(m.life, func() error { return m.store.PutJob(ctx, id, j, at) })
}

func (m mortalStore) Pause(ctx context.Context, id interview.SessionID, epoch int64, at time.Time) (*interview.Session, error) {
	return call(m.life, func() (*interview.Session, error) { return m.store.Pause(ctx, id, epoch, at) })
}

func (m mortalStore) End(ctx context.Context, id interview.SessionID, epoch int64, reason string, at time.Time) (*interview.Session, error) {
	return call(m.life, func() (*interview.Session, error) { return m.store.End(ctx, id, epoch, reason, at) })
}

func (m mortalStore) Beat(ctx context.Context, w interview.Worker) error {
	return do(m.life, func() error { return m.store.Beat(ctx, w) })
}

func (m mortalStore) Worker(ctx context.Context, id interview.WorkerID) (*interview.Worker, error) {
	return call(m.life, func() (*interview.Worker, error) { return m.store.Worker(ctx, id) })
}

func (m mortalStore) Workers(ctx context.Context) ([]interview.Worker, error) {
	return call(m.life, func() ([]interview.Worker, error) { return m.store.Workers(ctx) })
}

func (m mortalStore) Gone(ctx context.Context, id interview.WorkerID) error {
	return do(m.life, func() error { return m.store.Gone(ctx, id) })
}

func (m mortalStore) Ahead(ctx context.Context, since time.Time) (int, error) {
	return call(m.life, func() (int, error) { return m.store.Ahead(ctx, since) })
}
