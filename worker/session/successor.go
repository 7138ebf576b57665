package session

import (
	"context"
	"errors"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
)

const (
	// takeAfter is how long a successor whose peer is open waits for `take`: a browser
	// that lost its old peer has no reason to send one.
	takeAfter = time.Second
	// replyWithin is how long the owner may say nothing; see comes.
	replyWithin = 3 * time.Second
	// succeedWithin bounds the successor's tries to take the session.
	succeedWithin = 20 * time.Second
	succeedEvery  = 250 * time.Millisecond
	// dropWithin is how long a browser may take to drop its old peer.
	dropWithin = 250 * time.Millisecond
	// watchEvery is how often a successor that has asked looks whether the session is
	// its own, for as long as watchFor: nobody listens until it knows, and the
	// owner's word may be late.
	watchEvery = 400 * time.Millisecond
	watchFor   = handWithin + replyWithin
)

// successor is a session that is reserved here and still another worker's: its peer
// is answered and connected, and nothing is listened to, said or stored. It
// becomes a session like any other when it has succeeded.
type successor struct {
	owner  string // its inbox
	asked  bool
	busy   bool // Succeed is being tried
	waited bool // in vain for the owner
}

// What a successor's tasks post.
type (
	handedOver struct{} // the record says that the session is its own
	succeeded  struct { // what came of Succeed
		claimed *store.Claimed
		err     error
	}
)

// take asks the owner for the session, once.
func (s *Session) take(ctx context.Context) {
	if s.successor == nil || s.successor.asked {
		return
	}
	s.successor.asked = true
	s.alarms.move.Reset(replyWithin)
	request := queue.Inbox{Kind: queue.KindHandover, Session: s.id, Epoch: s.cfg.Session.Epoch, Reply: s.cfg.Inbox}
	owner := s.successor.owner
	s.tasks.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, replyWithin)
		defer cancel()
		if err := s.cfg.Tell.SendInbox(ctx, owner, request); err != nil {
			s.log.Info("owner not asked", "error", err)
		}
	})
	epoch := s.cfg.Session.Epoch
	s.tasks.Go(func() { s.watch(ctx, epoch) })
}

// watch looks whether the owner has handed over.
func (s *Session) watch(ctx context.Context, epoch int64) {
	ctx, cancel := context.WithTimeout(ctx, watchFor)
	defer cancel()
	for pause(ctx, watchEvery); ctx.Err() == nil; pause(ctx, watchEvery) {
		now, err := s.cfg.Store.Session(ctx, s.id)
		switch {
		case err != nil: // the owner's word, or the end of waiting, will do
		case now.Succeeded(epoch, s.cfg.Worker):
			s.mail.post(handedOver{})
			return
		case now.Epoch != epoch:
			return
		}
	}
}

// handed is the owner's reply: it comes, or it has handed over.
func (s *Session) handed(ctx context.Context, m queue.Inbox) {
	if s.successor == nil {
		return
	}
	if m.Epoch > s.cfg.Session.Epoch {
		s.succeed(ctx)
		return
	}
	s.alarms.move.Reset(replyWithin)
}

// successorAlarm is when `take` or the owner's reply was waited for long enough. An
// successor whose browser has gone meanwhile takes nothing by itself; what is handed
// over to it in spite of that waits for the browser, and is paused.
func (s *Session) successorAlarm(ctx context.Context) {
	if s.current == nil {
		s.mail.post(refused{})
		return
	}
	if !s.successor.asked {
		s.take(ctx)
		return
	}
	s.takeOver(ctx)
}

// takeOver takes the session of an owner that says nothing. Its voice may still be
// heard: the first event on the new peer makes the browser drop the old one, so
// that no word is heard after the write that ends the owner's turns.
func (s *Session) takeOver(ctx context.Context) {
	if l := s.current; l != nil {
		if err := l.send(channel.State{State: channel.Listening}); err != nil {
			s.log.Debug("event not sent", "error", err)
		}
	}
	s.successor.waited = true
	s.succeed(ctx)
}

// succeed takes the session, or learns that it was handed over.
func (s *Session) succeed(ctx context.Context) {
	if s.successor.busy {
		return
	}
	s.successor.busy = true
	s.alarms.move.Stop()
	waited := s.successor.waited
	p := store.Succession{Session: s.id, Epoch: s.cfg.Session.Epoch, Successor: s.cfg.Worker, At: time.Now()}
	s.tasks.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, succeedWithin)
		defer cancel()
		if waited {
			pause(ctx, dropWithin)
		}
		for {
			attempt, stop := context.WithTimeout(ctx, storeWithin)
			claimed, err := s.cfg.Store.Succeed(attempt, p)
			stop()
			if err == nil || errors.Is(err, store.ErrRefused) || ctx.Err() != nil {
				s.mail.post(succeeded{claimed, err})
				return
			}
			pause(ctx, succeedEvery)
		}
	})
}

// succeeded makes the session this worker's own: only now it is listened to and
// spoken in.
func (s *Session) succeeded(ctx context.Context, m succeeded) error {
	if m.err != nil {
		s.log.Info("session not inherited", "error", m.err)
		return ErrTaken
	}
	owner := s.successor.owner
	s.successor = nil
	s.cfg.Session, s.cfg.Turns = *m.claimed.Session, m.claimed.Turns
	s.book.begin(s.cfg.Session.Epoch)
	s.log.Info("session inherited", "epoch_now", s.cfg.Session.Epoch, "turns", len(s.cfg.Turns))
	notice := queue.Inbox{Kind: queue.KindNotice, Session: s.id, Epoch: s.cfg.Session.Epoch}
	s.tasks.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, storeWithin)
		defer cancel()
		if err := s.cfg.Tell.SendInbox(ctx, owner, notice); err != nil {
			s.log.Debug("owner before not told", "error", err)
		}
	})
	if s.current == nil {
		s.away()
		return nil
	}
	s.line.leg.Store(s.current)
	if s.current.open != nil {
		s.line.tell(*s.current.open)
	}
	s.startTalk(ctx)
	if s.hand.leaving {
		s.move(ctx)
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
