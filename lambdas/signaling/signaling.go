// Package signaling is what happens between a browser's WebSocket and the
// workers: the rules behind the connect, message and disconnect functions, and
// the sweep that repairs what a crash left half done.
//
// Messages of one connection come in parallel and in any order, and any of
// them may be cut off after any write or come again. So every message is
// judged against the session's record as it is, and what it changes is one
// conditional update. The writes go in the order connection, session, dispatch
// message: what is missing after a crash is always the later one, which a
// repeated message or the sweep adds.
package signaling

import (
	"context"
	"log/slog"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

// Connections are the browsers' sockets.
type Connections interface {
	Connect(context.Context, store.Connection) error
	Connection(context.Context, interview.ConnectionID) (*store.Connection, error)
	Rebind(context.Context, interview.ConnectionID, interview.SessionID) error
	Disconnect(context.Context, interview.ConnectionID, time.Time) (session interview.SessionID, current bool, err error)
}

// Sessions give access to a session.
type Sessions interface {
	Open(context.Context, store.Opening) (*interview.Session, error)
	Resume(context.Context, store.Opening) (*interview.Session, error)
	Session(context.Context, interview.SessionID) (*interview.Session, error)
}

// Offers wait for a worker.
type Offers interface {
	PutOffer(ctx context.Context, seen *interview.Session, offer interview.Offer) (*interview.Session, error)
	Invite(ctx context.Context, seen *interview.Session, offer interview.Offer) (*interview.Session, error)
	Dispatched(ctx context.Context, id interview.SessionID, offerAt, now time.Time) error
	AddICECandidate(context.Context, interview.SessionID, interview.PeerName, wire.ICECandidate, time.Time) (inbox string, err error)
}

// Endings end or pause a session; a negative epoch is any.
type Endings interface {
	Pause(ctx context.Context, id interview.SessionID, epoch int64, at time.Time) (*interview.Session, error)
	End(ctx context.Context, id interview.SessionID, epoch int64, reason string, at time.Time) (*interview.Session, error)
	EndWaiting(ctx context.Context, id interview.SessionID, offerAt time.Time, reason string, at time.Time) (*interview.Session, error)
}

// Fleet tells how busy the workers are.
type Fleet interface {
	Workers(context.Context) ([]interview.Worker, error)
	Worker(context.Context, interview.WorkerID) (*interview.Worker, error)
	Ahead(ctx context.Context, since time.Time) (int, error)
}

// Store is the part of package store that serves a browser.
type Store interface {
	Connections
	Sessions
	Offers
	Endings
	Fleet
}

// Queue reaches the workers.
type Queue interface {
	SendDispatch(context.Context, queue.Dispatch) error
	SendInbox(ctx context.Context, url string, m queue.Inbox) error
}

// Poster reaches the browsers.
type Poster interface {
	Post(context.Context, interview.ConnectionID, []byte) error
}

// Config is what a Service works with; every field before Step is needed.
type Config struct {
	Store      Store
	Queue      Queue
	Poster     Poster
	ICEServers []wire.ICEServer // told to browsers
	MaxWait    time.Duration    // for a free slot
	Log        *slog.Logger
	// Step, when set, is called with a name after each write and each post.
	// Crash tests panic in it, which is a Lambda that dies right there.
	Step func(name string)
	// Waiting, when set, is told how many wait, the one in hand included, each
	// time a browser is told to.
	Waiting func(sessions int)
	// Failed, when set, is told of each session that is given up for a reason of
	// ours.
	Failed func()
}

// Service handles what browsers do.
type Service struct {
	cfg Config
}

// New returns a service.
func New(cfg Config) *Service {
	if cfg.Step == nil {
		cfg.Step = func(string) {}
	}
	if cfg.Waiting == nil {
		cfg.Waiting = func(int) {}
	}
	if cfg.Failed == nil {
		cfg.Failed = func() {}
	}
	return &Service{cfg: cfg}
}

// The reasons of `bye` and of a session's end.
const (
	reasonLeft         = "left"
	reasonEnded        = "ended"
	reasonFull         = "full"
	reasonDisconnected = "disconnected"
	reasonInternal     = "internal"
	reasonLost         = "lost"
	reasonNoMedia      = "no media"
	reasonForgotten    = "not resumed"
)

// logger returns the log for one connection's session.
func (s *Service) logger(c *store.Connection) *slog.Logger {
	return s.cfg.Log.With("session", c.Session, "connection", c.ID)
}
