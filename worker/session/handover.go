package session

import (
	"context"
	"errors"
	"time"

	"casey.internal/shared/clock"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

const (
	// moveAgain is after how long without a successor the browser is asked once more:
	// it has made all its own tries by then.
	moveAgain = 12 * time.Second
	// handWithin is the time that the Talk may take to end its sentence.
	handWithin = 15 * time.Second
	// waitEvery is the interval at which the successor is told meanwhile that it has to wait.
	waitEvery = time.Second
)

// HandOver asks the Talk to end its sentence, to Keep what it takes to go on
// from there, and to return ErrHandedOver. From then on it neither listens nor
// speaks.
type HandOver struct{}

func (HandOver) event() {}

// Farewell asks the Talk to say that it has to stop here, and to return
// ErrDrained.
type Farewell struct{}

func (Farewell) event() {}

// Teller reaches the inboxes of other workers.
type Teller interface {
	SendInbox(ctx context.Context, url string, m queue.Inbox) error
}

// What the tasks of a session that moves post to it.
type (
	movingNoted struct{}            // the record says that it moves
	passed      struct{ err error } // the record was to say that the successor has it
)

func (movingNoted) message() {}
func (passed) message()      {}

// move notes that a session whose worker goes away moves, as soon as its
// browser is there.
func (s *Session) move(ctx context.Context) {
	if s.phase != leaving || s.current == nil || s.legacy {
		return
	}
	s.phase = moving
	s.tasks.Go(func() {
		s.record.retry(ctx, func(ctx context.Context) error {
			err := s.cfg.Store.Moving(ctx, s.id, s.cfg.Session.Epoch)
			if errors.Is(err, store.ErrRefused) {
				s.post(refused{})
				return nil
			}
			return err
		})
		s.post(movingNoted{})
	})
}

// askToMove asks the browser to go elsewhere, now and again.
func (s *Session) askToMove() {
	s.writer.send(wire.Encode(wire.Move{}))
	s.alarms.move.Reset(moveAgain)
}

// sayFarewell lets the Talk say its last words for now.
func (s *Session) sayFarewell() error {
	if s.talk == nil {
		return ErrDrained
	}
	if s.phase < stopping {
		s.media.notify(Farewell{})
	}
	return nil
}

// handOver answers a successor that asks for the session: that it has to wait, and
// when the Talk has ended its sentence, that it has it. While the last words of
// the interview are said there is nothing to hand over.
func (s *Session) handOver(ctx context.Context, m queue.Inbox) {
	if m.Epoch != s.cfg.Session.Epoch {
		return
	}
	s.keepWaiting(ctx, m.Reply)
	switch {
	case s.phase >= stopping:
	case s.talk == nil:
		s.pass(ctx)
	default:
		s.phase = stopping
		s.alarms.move.Reset(handWithin)
		s.media.notify(HandOver{})
	}
}

// keepWaiting tells a successor again and again that it has to wait: an owner
// that says nothing has died of it.
func (s *Session) keepWaiting(ctx context.Context, successor string) {
	s.letWait()
	epoch := s.cfg.Session.Epoch
	ctx, stop := context.WithTimeout(ctx, handWithin)
	s.successor, s.letWait = successor, stop
	s.tasks.Go(func() {
		for ctx.Err() == nil {
			s.sendInbox(ctx, successor, queue.Inbox{Kind: queue.KindHandover, Epoch: epoch})
			_ = clock.Sleep(ctx, waitEvery)
		}
	})
}

// pass writes what is left, makes the successor the owner and tells it.
func (s *Session) pass(ctx context.Context) {
	if s.phase != ending {
		s.phase = passing
	}
	successor, epoch := s.successor, s.cfg.Session.Epoch
	s.tasks.Go(func() {
		attempt, cancel := context.WithTimeout(ctx, storeWithin)
		defer cancel()
		err := s.record.flush(attempt)
		if err == nil {
			_, err = s.cfg.Store.Succeed(attempt, store.Succession{Session: s.id, Epoch: epoch, At: time.Now()})
		}
		if err == nil {
			s.sendInbox(ctx, successor, queue.Inbox{Kind: queue.KindHandover, Epoch: epoch + 1})
		}
		s.post(passed{err})
	})
}

// passed ends the session here, where the successor has it; otherwise the Talk goes
// on as if it had never been asked.
func (s *Session) passed(ctx context.Context, err error) error {
	s.letWait()
	switch {
	case err == nil:
		return ErrMoved
	case errors.Is(err, store.ErrRefused):
		return ErrTaken
	}
	s.log.Warn("session not handed over", "error", err)
	if s.phase == ending {
		return ErrEnded
	}
	s.phase = moving
	s.askToMove()
	s.startTalk(ctx)
	if s.current != nil && s.current.open != nil {
		s.media.notify(*s.current.open)
	}
	return nil
}

// talkOver decides what follows from the Talk's end; nil = the session goes on.
func (s *Session) talkOver(ctx context.Context, reason error) error {
	s.talk = nil
	switch {
	case reason == nil:
		return ErrEnded
	case errors.Is(reason, ErrHandedOver):
		s.alarms.move.Stop()
		s.pass(ctx)
		return nil
	}
	return reason
}

// moveAlarm ends the wait for the browser, or for the Talk.
func (s *Session) moveAlarm() {
	switch s.phase {
	case stopping:
		s.phase = moving // the successor takes the session by itself
	case moving:
		s.askToMove()
	}
}
