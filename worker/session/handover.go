package session

import (
	"context"
	"errors"
	"time"

	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

const (
	// moveAgain is after how long without a successor the browser is asked once more:
	// it has made all its own tries by then.
	moveAgain = 12 * time.Second
	// handWithin is how long the Talk may take to end its sentence.
	handWithin = 15 * time.Second
	// comeEvery is how often the successor is told meanwhile that the owner comes.
	comeEvery = time.Second
)

// HandOver asks the Talk to end its sentence, to Keep what it takes to go on
// from there, and to return ErrHandedOver. From then on it neither listens nor
// speaks.
type HandOver struct{}

// Farewell asks the Talk to say that it has to stop here, and to return
// ErrDrained.
type Farewell struct{}

// Teller reaches the inboxes of other workers.
type Teller interface {
	SendInbox(ctx context.Context, url string, m queue.Inbox) error
}

// What the host and its own tasks post to a session that moves.
type (
	leave    struct{}
	farewell struct{}
	noted    struct{}            // the record says that it moves
	passed   struct{ err error } // the record was to say that the successor has it
)

// handing is a session whose worker goes away.
type handing struct {
	leaving   bool   // it does
	noted     bool   // or is about to be
	successor string // inbox of who asks for the session; empty = nobody
	talk      bool   // the Talk was asked to hand over
	stop      func() // ends comes; nil = it never ran
}

// Move asks the browser to go on with another worker. The session goes on here
// until one has it. The legacy client cannot move and stays.
func (s *Session) Move() { s.mail.post(leave{}) }

// Farewell ends a session that nobody took: the Talk says so.
func (s *Session) Farewell() { s.mail.post(farewell{}) }

// move begins to move, or does so as soon as the browser is there.
func (s *Session) move(ctx context.Context) {
	s.hand.leaving = true
	if s.hand.noted || s.current == nil || s.legacy || s.successor != nil || s.ending {
		return
	}
	s.hand.noted = true
	s.tasks.Go(func() {
		s.book.retry(ctx, func(ctx context.Context) error {
			err := s.cfg.Store.Moving(ctx, s.id, s.cfg.Session.Epoch)
			if errors.Is(err, store.ErrRefused) {
				s.mail.post(refused{})
				return nil
			}
			return err
		})
		s.mail.post(noted{})
	})
}

// ask asks the browser to go elsewhere, now and again.
func (s *Session) ask() {
	s.writer.send(wire.Encode(wire.Move{}))
	s.alarms.move.Reset(moveAgain)
}

// part lets the Talk say its last words for now.
func (s *Session) part() error {
	if s.talk == nil {
		return ErrDrained
	}
	if !s.ending && !s.hand.talk && s.successor == nil {
		s.line.tell(Farewell{})
	}
	return nil
}

// handOver answers a successor that asks for the session: that it has to wait, and
// when the Talk has ended its sentence, that it has it. While the last words of
// the interview are said there is nothing to hand over.
func (s *Session) handOver(ctx context.Context, m queue.Inbox) {
	if m.Epoch != s.cfg.Session.Epoch || s.successor != nil {
		return
	}
	s.comes(ctx, m.Reply)
	if s.ending || s.hand.talk {
		return
	}
	s.hand.talk = true
	if s.talk == nil {
		s.pass(ctx)
		return
	}
	s.alarms.move.Reset(handWithin)
	s.line.tell(HandOver{})
}

// comes tells a successor again and again that it has to wait: an owner that says
// nothing has died of it.
func (s *Session) comes(ctx context.Context, successor string) {
	s.arrived()
	epoch := s.cfg.Session.Epoch
	ctx, stop := context.WithTimeout(ctx, handWithin)
	s.hand.successor, s.hand.stop = successor, stop
	s.tasks.Go(func() {
		for ctx.Err() == nil {
			s.tell(ctx, successor, epoch)
			pause(ctx, comeEvery)
		}
	})
}

// arrived ends comes.
func (s *Session) arrived() {
	if s.hand.stop != nil {
		s.hand.stop()
	}
}

// tell tells another worker in which epoch the session is.
func (s *Session) tell(ctx context.Context, inbox string, epoch int64) {
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	err := s.cfg.Tell.SendInbox(ctx, inbox, queue.Inbox{Kind: queue.KindHandover, Session: s.id, Epoch: epoch})
	if err != nil {
		s.log.Info("successor not told", "error", err)
	}
}

// pass writes what is left, makes the successor the owner and tells it.
func (s *Session) pass(ctx context.Context) {
	successor, epoch := s.hand.successor, s.cfg.Session.Epoch
	s.tasks.Go(func() {
		attempt, cancel := context.WithTimeout(ctx, storeWithin)
		defer cancel()
		err := s.book.flush(attempt)
		if err == nil {
			_, err = s.cfg.Store.Succeed(attempt, store.Succession{Session: s.id, Epoch: epoch, At: time.Now()})
		}
		if err == nil {
			s.tell(ctx, successor, epoch+1)
		}
		s.mail.post(passed{err})
	})
}

// passed ends the session here, where the successor has it; otherwise the Talk goes
// on as if it had never been asked.
func (s *Session) passed(ctx context.Context, p passed) error {
	s.arrived()
	switch {
	case p.err == nil:
		return ErrMoved
	case errors.Is(p.err, store.ErrRefused):
		return ErrTaken
	}
	s.log.Warn("session not handed over", "error", p.err)
	s.hand.talk = false
	s.ask()
	s.startTalk(ctx)
	if s.current != nil && s.current.open != nil {
		s.line.tell(*s.current.open)
	}
	return nil
}

// talkOver decides what follows from the Talk's end; nil = the session goes on.
func (s *Session) talkOver(ctx context.Context, reason error) error {
	s.talk = nil
	switch {
	case reason == nil:
		return ErrEnded
	case s.hand.talk && errors.Is(reason, ErrHandedOver):
		s.alarms.move.Stop()
		s.pass(ctx)
		return nil
	}
	return reason
}

// moveAlarm is when the browser, the Talk or the owner was waited for long
// enough.
func (s *Session) moveAlarm(ctx context.Context) {
	switch {
	case s.successor != nil:
		s.successorAlarm(ctx)
	case s.hand.talk && s.talk != nil:
		s.hand.talk = false // the successor takes the session by itself
	case s.hand.noted && !s.ending:
		s.ask()
	}
}
