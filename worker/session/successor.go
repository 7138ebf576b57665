package session

import (
	"context"
	"errors"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/clock"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/worker/peer"
)

const (
	// takeAfter is the time that a successor whose peer is open waits for `take`: a browser
	// that lost its old peer has no reason to send one.
	takeAfter = time.Second
	// replyWithin is the time for which the owner may say nothing; see keepWaiting.
	replyWithin = 3 * time.Second
	// succeedWithin bounds the successor's tries to take the session.
	succeedWithin = 20 * time.Second
	succeedEvery  = 250 * time.Millisecond
	// dropWithin is the time that a browser may take to drop its old peer.
	dropWithin = 250 * time.Millisecond
	// watchEvery is the interval at which a successor that has asked looks whether the session is
	// its own, for as long as watchFor: nobody listens until it knows, and the
	// owner's word may be late.
	watchEvery = 400 * time.Millisecond
	watchFor   = handWithin + replyWithin
)

// Successor is a session that is reserved here and still another worker's: its
// peer is answered and connected, and nothing is listened to, said or stored.
// Call Answer first, then Announce, then Run.
type Successor struct {
	*browser
	owner string // its inbox

	// What follows belongs to the goroutine of Run.
	step    step
	leaving bool // this worker goes away, too
}

// step is a Successor's progress.
type step int

const (
	invited step = iota // the browser is yet to say that it is here
	asked               // the owner is to hand over
	taking              // the store is to say that the session is this worker's
)

// What a Successor's tasks post.
type (
	handedOver struct{} // the record says that the session is this worker's
	succeeded  struct { // what came of Succeed
		claimed *store.Claimed
		err     error
	}
)

func (handedOver) message() {}
func (succeeded) message()  {}

// NewSuccessor returns the successor to the worker with the inbox owner. In
// the Config are the session as reserved, with the owner's epoch, and who
// reserved it.
func NewSuccessor(cfg Config, owner string) *Successor {
	return &Successor{browser: newBrowser(cfg), owner: owner}
}

// Run waits until the session is this worker's own and then lives it to its
// end, as Session.Run does. A nil session never became it: nothing is to be
// settled then. The cause is never nil.
func (s *Successor) Run(ctx context.Context) (own *Session, cause error) {
	ctx = s.begin(ctx)
	own, cause = s.await(ctx)
	if cause == nil {
		cause = own.live(ctx)
	}
	s.end(cause)
	return own, cause
}

// await is the one select of a Successor.
func (s *Successor) await(ctx context.Context) (*Session, error) {
	for {
		var err error
		select {
		case <-s.ready:
			m := s.next()
			if m, ok := m.(succeeded); ok {
				return s.inherit(ctx, m)
			}
			err = s.handle(ctx, m)
		case <-s.alarms.tooLong.C:
			err = ErrTooLong
		case <-s.alarms.away.C:
			if s.step == invited {
				err = ErrAway
			}
		case <-s.alarms.move.C:
			err = s.moveAlarm(ctx)
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
		if err != nil {
			return nil, err
		}
	}
}

// handle does what one message asks; an error is why there is no succession.
func (s *Successor) handle(ctx context.Context, m message) error {
	switch m := m.(type) {
	case inbound:
		return s.signal(ctx, m.Inbox)
	case legState:
		return s.legState(m)
	case legChannel:
		s.opened(m)
		if m.leg == s.current && s.step == invited {
			s.alarms.move.Reset(takeAfter)
		}
	case legMessage:
		return s.pageSaid(ctx, m)
	case channelLost:
		s.channelLost(m.leg)
	case expired:
		if s.expired(m.leg) && s.unreached() {
			return ErrNotReached
		}
	case leave:
		s.leaving = true
	case farewell:
		return ErrDrained
	case handedOver:
		s.succeed(ctx, 0)
	}
	return nil
}

// signal does what a message of the inbox asks. A further offer is the owner's
// to answer.
func (s *Successor) signal(ctx context.Context, m queue.Inbox) error {
	switch m.Kind {
	case queue.KindOffer:
		if m.Offer != nil {
			s.repeated(m.Offer)
		}
	case queue.KindEnd:
		return ErrEnded
	case queue.KindHandover:
		switch {
		case m.Reply != "": // asks for a session that is not here
		case m.Epoch > s.cfg.Session.Epoch:
			s.succeed(ctx, 0)
		default: // the owner is on its way
			s.alarms.move.Reset(replyWithin)
		}
	default:
		return s.browser.signal(m)
	}
	return nil
}

// legState follows the changes of every peer. Once the owner was asked the
// session may be on its way here, whatever its browser does; see moveAlarm.
func (s *Successor) legState(m legState) error {
	if !s.changed(m) {
		return nil
	}
	current := m.leg == s.current
	switch m.state {
	case peer.Connected:
		s.connected(m.leg)
	case peer.Failed:
		if current {
			s.away()
		}
	case peer.Closed:
		s.remove(m.leg)
		switch {
		case current && s.step == invited:
			return ErrClosed
		case !current && s.unreached():
			return ErrNotReached
		}
	}
	return nil
}

// pageSaid keeps what the page said for the Talk to come.
func (s *Successor) pageSaid(ctx context.Context, m legMessage) error {
	switch event := s.parse(m).(type) {
	case nil:
	case *channel.Take:
		s.ask(ctx)
	case *channel.End:
		return ErrEnded
	default:
		s.media.notify(Page{event})
	}
	return nil
}

// ask asks the owner for the session, once.
func (s *Successor) ask(ctx context.Context) {
	if s.step != invited {
		return
	}
	s.step = asked
	s.alarms.move.Reset(replyWithin)
	epoch := s.cfg.Session.Epoch
	request := queue.Inbox{Kind: queue.KindHandover, Epoch: epoch, Reply: s.cfg.Inbox}
	s.tasks.Go(func() { s.sendInbox(ctx, s.owner, request) })
	s.tasks.Go(func() { s.watch(ctx, epoch) })
}

// watch looks whether the owner has handed over.
func (s *Successor) watch(ctx context.Context, epoch int64) {
	ctx, cancel := context.WithTimeout(ctx, watchFor)
	defer cancel()
	for clock.Sleep(ctx, watchEvery) == nil {
		now, err := s.cfg.Store.Session(ctx, s.id)
		switch {
		case err != nil: // the owner's word, or the end of waiting, will do
		case now.Succeeded(epoch, s.cfg.Worker):
			s.post(handedOver{})
			return
		case now.Epoch != epoch:
			return
		}
	}
}

// moveAlarm ends the wait for `take`, or for the owner's reply. A
// successor whose browser has gone meanwhile takes nothing by itself; what is handed
// over to it in spite of that waits for the browser, and is paused.
func (s *Successor) moveAlarm(ctx context.Context) error {
	switch {
	case s.current == nil:
		return ErrTaken
	case s.step == invited:
		s.ask(ctx)
	default:
		s.takeOver(ctx)
	}
	return nil
}

// takeOver takes the session of an owner that says nothing. Its voice may still be
// heard: the first event on the new peer makes the browser drop the old one, so
// that no word is heard after the write that ends the owner's turns.
func (s *Successor) takeOver(ctx context.Context) {
	if err := s.current.send(channel.State{State: channel.Listening}); err != nil {
		s.log.Debug("event not sent", "error", err)
	}
	s.succeed(ctx, dropWithin)
}

// succeed takes the session after a while, or learns that it was handed over.
func (s *Successor) succeed(ctx context.Context, after time.Duration) {
	if s.step == taking {
		return
	}
	s.step = taking
	s.alarms.move.Stop()
	p := store.Succession{Session: s.id, Epoch: s.cfg.Session.Epoch, Successor: s.cfg.Worker, At: time.Now()}
	s.tasks.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, succeedWithin)
		defer cancel()
		if after > 0 {
			_ = clock.Sleep(ctx, after)
		}
		for {
			attempt, stop := context.WithTimeout(ctx, storeWithin)
			claimed, err := s.cfg.Store.Succeed(attempt, p)
			stop()
			if err == nil || errors.Is(err, store.ErrRefused) || ctx.Err() != nil {
				s.post(succeeded{claimed, err})
				return
			}
			_ = clock.Sleep(ctx, succeedEvery)
		}
	})
}

// inherit makes the session this worker's own: only now it is listened to and
// spoken in.
func (s *Successor) inherit(ctx context.Context, m succeeded) (*Session, error) {
	if m.err != nil {
		s.log.Info("session not inherited", "error", m.err)
		return nil, ErrTaken
	}
	s.cfg.Session, s.cfg.Turns, s.cfg.Job = *m.claimed.Session, m.claimed.Turns, m.claimed.Job
	epoch := s.cfg.Session.Epoch
	s.log.Info("session inherited", "epoch_now", epoch, "turns", len(s.cfg.Turns))
	s.tasks.Go(func() { s.sendInbox(ctx, s.owner, queue.Inbox{Kind: queue.KindNotice, Epoch: epoch}) })
	own := newSession(s.browser)
	if s.leaving {
		own.phase = leaving
	}
	if own.current != nil {
		own.attach(ctx)
	}
	if own.current == nil || own.current.state == peer.Failed {
		own.away()
	}
	return own, nil
}
