// Package session is one live interview in a worker: it owns the browser's
// peers, tells signaling what must be told, keeps the record, and gives the
// Talk that goes on in it a line to the candidate.
//
// One goroutine, Session.Run, owns everything. The callbacks of peers, the
// inbox and the goroutines that wait for a service post to its mailbox.
package session

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/wire"
)

// The times of a session, where Config does not say otherwise.
const (
	DefaultMaxLength = 60 * time.Minute // of an interview
	connectWithin    = 30 * time.Second // from an answer to a connected peer
	returnWithin     = 15 * time.Second // from a closed or failed peer to a new one
	endWithin        = 45 * time.Second // for a Talk to finish once the candidate ended it
)

// Config is what a session is made of.
type Config struct {
	Session interview.Session // as claimed: with this worker's epoch
	Turns   []interview.Turn  // what was said before and counts
	Dial    Dial
	Talk    Talk
	Store   Store
	Post    Poster
	Log     *slog.Logger  // the session's id is added to it
	Max     time.Duration // length of the interview; 0 = DefaultMaxLength

	Worker interview.WorkerID // who holds the session
	Inbox  string             // of that worker, where other workers reach it
	Tell   Teller             // reaches them
	Owner  string             // inbox of the session's owner, for its successor; empty = it is this worker's own
}

// Session is one live interview. Call Answer first, then Announce, then Run.
type Session struct {
	cfg    Config
	id     interview.SessionID
	log    *slog.Logger
	mail   *mailbox
	writer *writer
	book   *notebook
	line   *media

	// What follows belongs to the goroutine of Run.
	legs      []*leg // oldest first; the last one connected is current
	current   *leg
	early     map[interview.PeerName][]wire.ICECandidate // for offers yet to come
	offer     *interview.Offer                           // the newest that is yet to be answered; nil = none
	busy      bool                                       // an offer is being answered
	ending    bool                                       // the candidate ended the interview
	talk      chan error                                 // the Talk's reason, once; nil before it runs
	alarms    alarms
	tasks     sync.WaitGroup
	counts    Counts
	hand      handing    // to another worker
	successor *successor // nil = the session is this worker's own
	legacy    bool       // the page opened `downstream`: it can neither move nor resume
}

// Counts is what a session counted.
type Counts struct {
	Peers      int   // answered
	Dropped    int64 // packets and channel messages that nobody took in time
	LostTurns  int   // that the store never took
	SignalLost bool
}

// New returns a session that nobody is connected to yet.
func New(cfg Config) *Session {
	if cfg.Max <= 0 {
		cfg.Max = DefaultMaxLength
	}
	s := &Session{cfg: cfg, id: cfg.Session.ID, mail: newMailbox(), early: map[interview.PeerName][]wire.ICECandidate{}}
	s.log = cfg.Log.With("session", string(s.id), "epoch", cfg.Session.Epoch)
	s.writer = newWriter(cfg.Post, cfg.Store, s.id, cfg.Session.Offer.Connection, s.log)
	s.book = newNotebook(cfg.Store, &cfg.Session, s.log, func() { s.mail.post(refused{}) })
	s.line = newLine()
	if cfg.Owner != "" {
		s.successor = &successor{owner: cfg.Owner}
	}
	return s
}

// Deliver hands over a message of the worker's inbox. It never blocks.
func (s *Session) Deliver(m queue.Inbox) { s.mail.post(m) }

// Counts returns what was counted; call it when Run has returned.
func (s *Session) Counts() Counts {
	s.counts.Dropped = s.line.dropped.Load() + s.mail.lost()
	s.counts.SignalLost = s.writer.lost
	s.counts.LostTurns = s.book.lost
	return s.counts
}

// Run lives until the session ends and returns the named cause, never nil.
// When it returns no peer, no Talk and no goroutine of the session is left;
// what remains to be stored and said is up to Settle.
func (s *Session) Run(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	s.tasks.Go(func() { s.writer.run(ctx) })
	s.tasks.Go(func() { s.book.run(ctx) })
	s.alarms = newAlarms(s.cfg.Max)
	cause := s.live(ctx)
	stop(cause)
	s.alarms.stop()
	s.closeLegs()
	if s.talk != nil {
		<-s.talk
	}
	s.tasks.Wait()
	s.closeUnread()
	return cause
}

// live is the one select of the session.
func (s *Session) live(ctx context.Context) error {
	for {
		var err error
		select {
		case <-s.mail.ready:
			err = s.read(ctx)
		case reason := <-s.talk:
			err = s.talkOver(ctx, reason)
		case <-s.alarms.tooLong.C:
			err = ErrTooLong
		case <-s.alarms.away.C:
			err = s.absence()
		case <-s.alarms.ending.C:
			err = ErrEnded
		case <-s.alarms.move.C:
			s.moveAlarm(ctx)
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
		if err != nil {
			return err
		}
	}
}

// read handles all that lies in the mailbox.
func (s *Session) read(ctx context.Context) error {
	for _, m := range s.mail.take() {
		if err := s.handle(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// handle does what one message asks; an error is the cause of the session's end.
func (s *Session) handle(ctx context.Context, m any) error {
	switch m := m.(type) {
	case queue.Inbox:
		return s.signal(ctx, m)
	case legState:
		return s.legState(ctx, m)
	case legChannel:
		s.channelOpened(m)
	case legMessage:
		return s.heard(ctx, m)
	case expired:
		return s.expired(m.leg)
	case answered:
		return s.answered(ctx, m)
	case refused:
		return ErrTaken
	}
	return s.handleMove(ctx, m)
}

// handleMove is handle for what belongs to a move.
func (s *Session) handleMove(ctx context.Context, m any) error {
	switch m := m.(type) {
	case leave:
		s.move(ctx)
	case noted:
		s.ask()
	case farewell:
		return s.part()
	case passed:
		return s.passed(ctx, m)
	case handedOver:
		if s.successor != nil {
			s.succeed(ctx)
		}
	case succeeded:
		return s.succeeded(ctx, m)
	}
	return nil
}

// alarms are the timers of a session.
type alarms struct{ tooLong, away, ending, move *time.Timer }

func newAlarms(maxLength time.Duration) alarms {
	a := alarms{time.NewTimer(maxLength), time.NewTimer(time.Hour), time.NewTimer(time.Hour), time.NewTimer(time.Hour)}
	a.away.Stop()
	a.ending.Stop()
	a.move.Stop()
	return a
}

func (a alarms) stop() {
	a.move.Stop()
	a.tooLong.Stop()
	a.away.Stop()
	a.ending.Stop()
}
