// Package session is one live interview in a worker: it owns the browser's
// peers, tells signaling what must be told, keeps the record, and gives the
// Talk that goes on in it its media.
//
// A session that is claimed is a Session from the start. One that is reserved
// while another worker holds it is a Successor, which becomes a Session when
// that worker hands over, or dies. One goroutine, that of Run, owns everything;
// the callbacks of peers, the inbox and the goroutines that wait for a service
// post to its Mailbox.
package session

import (
	"context"
	"log/slog"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/worker/peer"
)

// The times of a session, where Config does not say otherwise.
const (
	DefaultMaxLength = 60 * time.Minute // of an interview
	connectWithin    = 30 * time.Second // from an answer to a connected peer
	returnWithin     = 15 * time.Second // from a closed or failed peer to a new one
	muteFor          = 3 * time.Second  // from a lost data channel to a new peer
	endWithin        = 45 * time.Second // for a Talk to finish once the candidate ended it
)

// Config has the parts of a session.
type Config struct {
	Session interview.Session // as claimed: with this worker's epoch
	Turns   []interview.Turn  // what was said before and counts
	Job     *interview.Job    // what the candidate told of the job; nil = nothing
	Mail    *Mailbox          // where messages for the session wait; nil = none came yet
	Dial    Dial
	Talk    Talk
	Store   Store
	Post    Poster
	Log     *slog.Logger  // the session's id is added to it
	Max     time.Duration // length of the interview; 0 = DefaultMaxLength

	Worker interview.WorkerID // who holds the session
	Inbox  string             // of that worker, where other workers reach it
	Tell   Teller             // reaches them
}

// phase is the course of a session: on here, to another worker, or to its end.
type phase int

const (
	staying  phase = iota
	leaving        // its worker goes away: to move once the browser is there
	moving         // the record says so, or is about to, and the browser is asked to go elsewhere
	stopping       // a successor has asked for it: the Talk ends its sentence
	passing        // the Talk has stopped: the successor is being made the owner
	ending         // the candidate has ended it: the Talk says its last words
)

// Session is one live interview that this worker owns. Call Answer first, then
// Announce, then Run.
type Session struct {
	*browser
	record *recordWriter

	// What follows belongs to the goroutine of Run.
	phase     phase
	talk      chan error       // brings the Talk's reason, once; nil = no Talk runs
	offer     *interview.Offer // the newest that is yet to be answered; nil = none
	answering bool             // an offer before it
	successor string           // inbox of the worker that asked for the session last
	letWait   func()           // ends the successor's waiting; see keepWaiting
}

// Counts are a session's counters.
type Counts struct {
	Peers      int   // answered
	Dropped    int64 // packets and channel messages that nobody took in time
	LostTurns  int   // that the store never took
	SignalLost bool
}

// New returns a session that nobody is connected to yet.
func New(cfg Config) *Session { return newSession(newBrowser(cfg)) }

// newSession returns the session of a browser, now that it is this worker's.
func newSession(b *browser) *Session {
	return &Session{
		browser: b, letWait: func() {},
		record: newRecordWriter(&b.cfg, b.log, func() { b.post(refused{}) }),
	}
}

// Counts returns what was counted; call it when Run has returned.
func (s *Session) Counts() Counts {
	return Counts{
		Peers: s.answered, Dropped: s.media.dropped.Load() + s.lost(),
		LostTurns: s.record.lost, SignalLost: s.writer.lost,
	}
}

// Run lives until the session ends and returns the named cause, never nil.
// When it returns no peer, no Talk and no goroutine of the session is left;
// what remains to be stored and said is up to Settle.
func (s *Session) Run(ctx context.Context) error {
	ctx = s.begin(ctx)
	cause := s.live(ctx)
	s.end(cause)
	return cause
}

// live is the one select of the session.
func (s *Session) live(ctx context.Context) error {
	s.tasks.Go(func() { s.record.run(ctx) })
	for {
		var err error
		select {
		case <-s.ready:
			err = s.handle(ctx, s.next())
		case reason := <-s.talk:
			err = s.talkOver(ctx, reason)
		case <-s.alarms.tooLong.C:
			err = ErrTooLong
		case <-s.alarms.away.C:
			err = s.stayedAway()
		case <-s.alarms.ending.C:
			err = ErrEnded
		case <-s.alarms.move.C:
			s.moveAlarm()
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
		if err != nil {
			return err
		}
	}
}

// handle does what one message asks; an error is the cause of the session's end.
func (s *Session) handle(ctx context.Context, m message) error {
	switch m := m.(type) {
	case inbound:
		return s.signal(ctx, m.Inbox)
	case legState:
		return s.legState(ctx, m)
	case legChannel:
		s.opened(m)
		if m.leg == s.current {
			s.media.notify(*m.leg.open)
		}
	case legMessage:
		return s.pageSaid(m)
	case expired:
		return s.legExpired(m.leg)
	case channelLost:
		s.channelLost(m.leg)
	case stayedMute:
		return s.legMute(m.leg)
	case answered:
		return s.offerAnswered(ctx, m)
	case refused:
		return ErrTaken
	}
	return s.handleMove(ctx, m)
}

// handleMove is handle for what belongs to a move.
func (s *Session) handleMove(ctx context.Context, m message) error {
	switch m := m.(type) {
	case leave:
		s.phase = max(s.phase, leaving)
		s.move(ctx)
	case movingNoted:
		s.askToMove()
	case farewell:
		return s.sayFarewell()
	case passed:
		return s.passed(ctx, m.err)
	}
	return nil
}

// signal does what a message of the inbox asks. All of them may come twice,
// late and in any order.
func (s *Session) signal(ctx context.Context, m queue.Inbox) error {
	switch m.Kind {
	case queue.KindOffer:
		s.offered(ctx, m.Offer)
	case queue.KindEnd:
		return s.endTalk()
	case queue.KindLeave:
		if s.phase == ending { // it was ended before, and nobody waits for the last words
			s.media.notify(Away{Since: time.Now(), Closed: true})
			return nil
		}
		return ErrLeft
	case queue.KindHandover:
		if m.Reply != "" {
			s.handOver(ctx, m)
		}
	default:
		return s.browser.signal(m)
	}
	return nil
}

// legState follows the changes of every peer.
func (s *Session) legState(ctx context.Context, m legState) error {
	if !s.changed(m) {
		return nil
	}
	switch m.state {
	case peer.Connected:
		if s.connected(m.leg) {
			s.record.connected(time.Now())
			s.attach(ctx)
		} else if m.leg.open != nil { // back after an interruption
			s.media.notify(*m.leg.open)
		}
	case peer.Disconnected:
		if m.leg == s.current && !s.legacy { // what that page was sent comes late, and whole
			s.silent()
		}
	case peer.Failed:
		if m.leg == s.current {
			s.away()
		}
	case peer.Closed:
		return s.legClosed(m.leg)
	}
	return nil
}

// attach gives the Talk the current leg, and starts it where none runs.
func (s *Session) attach(ctx context.Context) {
	s.media.leg.Store(s.current)
	if s.current.open != nil {
		s.media.notify(*s.current.open)
	}
	s.startTalk(ctx)
	s.move(ctx)
}

// legClosed follows a browser that closed a peer. The legacy client is gone
// then; casey's page may come back.
func (s *Session) legClosed(l *leg) error {
	current := l == s.current
	s.remove(l)
	switch {
	case current && s.legacy:
		return ErrClosed
	case s.phase == ending && s.deserted():
		s.media.notify(Away{Since: s.heard, Closed: true})
	case current:
		s.away()
	case s.unreached() && !s.answering:
		return ErrNotReached
	}
	return nil
}

// stayedAway is the end of a session whose browser did not come back.
func (s *Session) stayedAway() error {
	if s.phase == ending {
		return ErrEnded
	}
	return ErrAway
}

// legMute gives up a peer that has been without its data channel for too long.
// Of a connection that is interrupted as well nothing is known yet.
func (s *Session) legMute(l *leg) error {
	switch {
	case !s.has(l):
		return nil
	case l.state == peer.Disconnected:
		s.channelLost(l)
		return nil
	case s.legacy && l == s.current: // which hears nothing more, and cannot come back
		return ErrAway
	}
	return s.legClosed(l)
}

// legExpired is the end of a session that nobody has reached.
func (s *Session) legExpired(l *leg) error {
	if s.expired(l) && s.unreached() && s.talk == nil && !s.answering {
		return ErrNotReached
	}
	return nil
}

// pageSaid passes on to the Talk what the page said.
func (s *Session) pageSaid(m legMessage) error {
	switch event := s.parse(m).(type) {
	case nil, *channel.Take: // the session is this worker's already
	case *channel.End:
		return s.endTalk()
	default:
		s.media.notify(Page{event})
	}
	return nil
}

// alarms are the timers of a session.
type alarms struct{ tooLong, away, ending, move *time.Timer }

func newAlarms(maxLength time.Duration) alarms {
	stopped := func() *time.Timer {
		t := time.NewTimer(time.Hour)
		t.Stop()
		return t
	}
	return alarms{tooLong: time.NewTimer(maxLength), away: stopped(), ending: stopped(), move: stopped()}
}
