package conversation

import (
	"context"
	"log/slog"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/interview"
)

// State is what a conversation is doing; see the package's description.
type State int

// The states, in the order in which a turn goes through them.
const (
	Listening State = iota
	Thinking
	Speaking
	Ended
)

func (s State) String() string { return [...]string{"listening", "thinking", "speaking", "ended"}[s] }

// backlog is how many inputs may wait while one is handled.
const backlog = 64

// Config is what a conversation is made of. All is needed where nothing else is
// said.
type Config struct {
	Settings    Settings
	EndOfTurn   EndOfTurn // nil = Settings.Pause
	Interviewer Interviewer
	Speaker     Speaker
	Holder      Holder     // of the speaker; nil = what is said cannot be paused
	Ears        Recognizer // nil = they cannot be helped
	Recorder    Recorder
	Screen      Screen
	History     []interview.Turn // what was heard before, in order; nil = nothing
	Carry       Carry            // where it goes on; zero = at the beginning
	Keep        func(Carry)      // is told what it would take to go on elsewhere; must not block; may be nil
	Log         *slog.Logger
}

// Conversation is the turn-taking of one interview.
type Conversation struct {
	Config
	inbox chan posted
	over  chan struct{} // closed when inputs are of no use any more

	// All below belongs to Run's goroutine.
	state    State
	progress Progress
	turns    turns
	heard    heard
	floor    floor
	rhythm   rhythm
	sounded  time.Time // when the interviewer was heard first, for long enough; zero = it was not
	question question
	reply    *reply
	stage    stage
	draft    *draft    // a reply that is thought of before the turn is over; nil = none
	drafts   drafts    // to the open turn
	thrown   Thrown    // drafts and replies since the last one that was heard
	apology  Utterance // prepared before it is needed
	billed   time.Time // up to when recognition was counted
	failures int       // replies that failed in a row
	limit    time.Time
	ending   *ending   // nil until the end has begun
	leaveBy  time.Time // when another conversation takes over at the latest; zero = none does
	decided  bool      // the candidate's turn is over, and the other one answers it
	left     error     // what Run returns where it stopped before the end
}

// posted is an input and when it was posted.
type posted struct {
	Input
	at time.Time
}

// New returns a conversation that Run will hold.
func New(c Config) *Conversation {
	if c.EndOfTurn == nil {
		c.EndOfTurn = c.Settings.Pause
	}
	if _, whole := c.Speaker.(Reciter); whole {
		c.Settings.Drafts = 0 // it would synthesise all of each
	}
	return &Conversation{
		Config: c,
		inbox:  make(chan posted, backlog),
		over:   make(chan struct{}),
		turns:  turns{all: append([]interview.Turn(nil), c.History...), recorder: c.Recorder},
	}
}

// Post tells the conversation of something. It may be called from anywhere,
// before, while and after Run; inputs of one caller are taken in order.
func (c *Conversation) Post(in Input) {
	select {
	case c.inbox <- posted{in, time.Now()}:
	case <-c.over:
	}
}

// Run holds the conversation and returns why it is over: nil when it came to
// its end (by the candidate, the last phase or the time limit), a *fault.Error
// when it had to be given up, and the cause of ctx when that ended it.
func (c *Conversation) Run(ctx context.Context) error {
	err := c.run(ctx)
	close(c.over)
	c.dropDraft()
	c.endReply(errEnding)
	c.endTurn(time.Now())
	if c.ending != nil {
		err = c.ending.wait(err, c.Screen)
	}
	c.Log.Info("conversation over", "turns", len(c.turns.all), "reason", err)
	return err
}

func (c *Conversation) run(ctx context.Context) error {
	c.begin(ctx)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for c.state != Ended {
		alarm := c.alarm()
		timer.Reset(time.Until(alarm.at))
		select {
		case in := <-c.inbox:
			c.take(ctx, in)
		case n := <-c.reply.progress():
			c.follow(ctx, n)
		case n := <-c.draft.progress():
			c.drafted(n)
		case <-timer.C:
			if len(c.inbox) == 0 { // what was heard by now counts first
				alarm.ring(ctx)
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return c.left
}

// begin greets: the candidate should not wonder whether anybody is there.
func (c *Conversation) begin(ctx context.Context) {
	lines, progress := c.Interviewer.Greeting(c.turns.history())
	c.progress = progress
	if c.Carry.known() {
		c.progress = c.Carry.Progress
	}
	c.limit = time.Now().Add(c.Settings.Limit - c.Carry.Spent)
	c.floor, c.billed = floor{quiet: time.Now()}, time.Now()
	c.question = asked(c.turns.history(), time.Now())
	c.question.granted, c.rhythm.pauses = c.Carry.Granted, c.Carry.Pauses
	c.Screen.Show(PhaseEvent{c.progress.Phase})
	if c.Carry.known() {
		c.goOn(ctx, lines)
	} else {
		c.recite(ctx, greeting, c.Speaker, lines...)
	}
	c.keep()
	c.apology = c.excuse(ctx)
}

// take handles an input.
func (c *Conversation) take(ctx context.Context, p posted) {
	c.floor.input = p.at
	switch in := p.Input.(type) {
	case Hearing:
		c.hear(in)
	case Voice:
		c.voice(in)
	case Muted:
		c.mute(in)
	case Nudge:
		c.nudge()
	case Audible:
		c.audible(in)
	case Away:
		c.away()
	case Opened:
		c.opened()
	case End:
		c.end(ctx, nil)
	case HandOver:
		c.handOver()
	case Farewell:
		c.part(ctx)
	case Deaf:
		c.Log.Error("recognition failed for good", "error", in.Err)
		c.end(ctx, errDeaf)
	}
}

func (c *Conversation) enter(s State) {
	if c.state == s {
		return
	}
	c.state = s
	if s != Ended {
		c.Screen.Show(c.doing())
	}
}

// doing is what the candidate is told of the state.
func (c *Conversation) doing() StateEvent {
	if c.reply != nil {
		return StateEvent{c.state, c.reply.turn}
	}
	return StateEvent{c.state, c.floor.turn}
}

// opened tells a page that may know nothing what it should show.
func (c *Conversation) opened() {
	if c.floor.away {
		c.floor.away, c.floor.quiet = false, time.Now()
	}
	c.Screen.Show(c.doing())
	c.Screen.Show(PhaseEvent{c.progress.Phase})
	if c.progress.Exhibit != nil {
		c.Screen.Show(ExhibitEvent{*c.progress.Exhibit})
	}
}

func (c *Conversation) notice(code apperr.Code, message string) {
	c.Log.Warn("notice", "code", code, "message", message)
	c.Screen.Show(NoticeEvent{code, message})
}
