package session

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/peer"
)

// Talk is the activity in a session once its peer is there: the sound check or
// the conversation.
type Talk interface {
	// Run starts when the first peer is connected and returns why the session
	// is over; nil means that the interview came to its end. It must return
	// soon after ctx is done, whose cause says why.
	Run(ctx context.Context, m Media) (reason error)
}

// ErrNoRoom says that what a Talk needs is all in use.
var ErrNoRoom = errors.New("what the interview needs is all in use")

// Preparer is a Talk that needs something of which there is only so much.
type Preparer interface {
	// Prepare takes it, before the offer is answered, and returns the Talk that
	// has it. ErrNoRoom: there is none now, and the offer goes back.
	Prepare(ctx context.Context, id interview.SessionID) (Talk, error)
}

// Media is a Talk's way to its candidate. It stays the same while peers come
// and go beneath it.
type Media struct {
	Session interview.Session
	Turns   []interview.Turn   // what was said before and counts, in order
	Job     *interview.Job     // what the candidate told of the job before; nil = nothing
	Packets <-chan peer.Packet // what the candidate's microphone sends; dropped when not taken for a second
	Events  <-chan Event
	Out     Out
	Book    Book
	Log     *slog.Logger
}

// Out sends to the candidate's newest peer. No method blocks.
type Out interface {
	// WriteRTP sends one Opus packet; without a connected peer it is dropped.
	WriteRTP(payload []byte, timestamp uint32, marker bool) error
	// Send sends an event of shared/channel with the peer's next `seq`.
	Send(event channel.WorkerEvent) error
	// SendText and SendBinary send one message as it is, for the legacy client
	// alone.
	SendText(data []byte) error
	SendBinary(data []byte) error
}

// Book keeps what was said.
type Book interface {
	// PutTurn stores a turn as it stands; session and epoch are filled in. It
	// never blocks: while the store is away turns wait, a bounded number.
	PutTurn(turn interview.Turn)
	// Keep stores what it takes to go on elsewhere, in place of what was kept
	// before: another worker's Talk finds it in Media.Session.Carry. At most
	// store.MaxCarry bytes; it never blocks.
	Keep(state string)
	// KeepJob stores what the candidate told of the job, in place of what was stored
	// before; kept is called, from any goroutine, when the store has it. It never blocks.
	KeepJob(job interview.Job, kept func())
	// Finish has f do what is left to do when the Talk is over and its slot is
	// free, before the end is stored. ctx ends a minute after the Talk at the latest.
	Finish(f func(ctx context.Context))
}

// Event is a message to a Talk: Page, Refused, Opened, Away, HandOver or Farewell.
type Event interface{ event() }

// Page brings what the page says on the data channel; *channel.End also when
// signaling brought the end.
type Page struct{ Event channel.PageEvent }

// Refused says that the page said something that cannot be read.
type Refused struct{ Why *apperr.Error }

// Opened says that the page's data channel is open: for the first time, or on
// a new peer that knows nothing yet of what was sent before.
type Opened struct {
	Label, Protocol string
	MaxMessageSize  int // bytes
}

// Away says that the candidate's peer is gone for now. An Opened, or a packet,
// says that it is back.
type Away struct {
	Since  time.Time // when the last thing came from it: what was sent later may be lost
	Closed bool      // the interview was ended, and nobody will be back
}

func (Page) event()    {}
func (Refused) event() {}
func (Opened) event()  {}
func (Away) event()    {}

// startTalk runs the Talk in a goroutine of its own, once.
func (s *Session) startTalk(ctx context.Context) {
	if s.talk != nil || s.phase == ending {
		return
	}
	done := make(chan error, 1)
	s.talk = done
	session := s.cfg.Session
	session.Carry = s.record.carried(session.Carry)
	m := Media{
		Session: session, Turns: s.record.turns(s.cfg.Turns), Job: s.record.told(), Packets: s.media.packets, Events: s.media.events,
		Out: s.media, Book: s.record, Log: s.log,
	}
	s.tasks.Go(func() { done <- runTalk(func() error { return s.cfg.Talk.Run(ctx, m) }) })
}

// runTalk runs a Talk, whose panic ends its own session alone.
func runTalk(run func() error) (reason error) {
	defer func() {
		if v := recover(); v != nil {
			reason = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return run()
}

// endTalk begins the end: the Talk may say its last words and send the report.
func (s *Session) endTalk() error {
	if s.talk == nil {
		return ErrEnded
	}
	if s.phase != ending {
		s.phase = ending
		s.alarms.ending.Reset(endWithin)
		if s.deserted() {
			s.media.notify(Away{Since: s.heard, Closed: true})
		}
		s.media.notify(Page{&channel.End{}})
	}
	return nil
}
