package host

import (
	"context"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/worker/session"
)

// Store is the part of the store that a host and its sessions need.
type Store interface {
	session.Store
	claims
	workers
}

type claims interface {
	Claim(ctx context.Context, c store.Claim) (*store.Claimed, error)
	Answered(ctx context.Context, id interview.SessionID, epoch int64, at time.Time) error
	PutBack(ctx context.Context, id interview.SessionID, epoch int64) error
	Reserve(ctx context.Context, c store.Claim) (*store.Claimed, error)
	SuccessorAnswered(ctx context.Context, id interview.SessionID, offerAt time.Time, successor interview.WorkerID, at time.Time) error
}

type workers interface {
	Beat(ctx context.Context, w interview.Worker) error
	Worker(ctx context.Context, id interview.WorkerID) (*interview.Worker, error)
	Workers(ctx context.Context) ([]interview.Worker, error)
	Gone(ctx context.Context, id interview.WorkerID) error
	Ahead(ctx context.Context, since time.Time) (int, error)
}

// Queue is the part of the queues that a host needs.
type Queue interface {
	dispatches
	inboxes
}

type dispatches interface {
	ReceiveDispatch(ctx context.Context, limit int, wait time.Duration) ([]queue.Delivery, error)
	Extend(ctx context.Context, receipt string, d time.Duration) error
	Delete(ctx context.Context, receipt string) error
}

type inboxes interface {
	InboxURL(name string) string
	CreateInbox(ctx context.Context, name string) (url string, err error)
	SendInbox(ctx context.Context, url string, m queue.Inbox) error
	ReceiveInbox(ctx context.Context, url string, wait time.Duration) ([]queue.InboxDelivery, error)
	DeleteInboxMessages(ctx context.Context, url string, receipts ...string) error
	DeleteInbox(ctx context.Context, url string) error
}

// Guard protects the worker from being scaled in while it holds sessions. It
// is taken before the first claim (no protection, no claim) and given back
// after two minutes without a session.
type Guard interface {
	Take(ctx context.Context) error
	Release(ctx context.Context)
}

// Unguarded is the Guard of a worker that nobody scales in.
type Unguarded struct{}

// Take implements Guard.
func (Unguarded) Take(context.Context) error { return nil }

// Release implements Guard.
func (Unguarded) Release(context.Context) {}
