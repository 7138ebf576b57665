package conversation

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/transcript"
)

// The states, in the order in which a turn goes through them; see the package's
// description.
const (
	Listening               = channel.Listening
	Thinking                = channel.Thinking
	Speaking                = channel.Speaking
	Ended     channel.Doing = "ended"
)

// Config lists the parts of a conversation. All are needed where nothing else is
// said.
type Config struct {
	Settings  Settings
	Inbox     *Inbox
	EndOfTurn EndOfTurn // nil = Settings.Pause
	Judge     Judge     // is asked before the end of a turn; nil = nobody is
	// Marks has drafts begin with the interviewer's own word on whether the candidate has
	// finished, and returns how much that counts; see Judgement.Weight. nil = they do not.
	Marks       func(Opinion) float64
	Interviewer Interviewer
	Speaker     Speaker    // also a Holder, where what it says can be paused
	Recognizer  Recognizer // nil = it cannot be asked to start anew
	Recorder    Recorder
	Screen      Screen
	History     []interview.Turn // what was heard before, in order; nil = nothing
	Checkpoint  Checkpoint       // where to continue; zero = at the beginning
	Save        func(Checkpoint) // stores what another conversation needs to continue; must not block; may be nil
	// Later has something done after Run has returned: a report for which nobody
	// waits. nil = it is given up.
	Later func(func(ctx context.Context))
	Log   *slog.Logger
}

// Conversation is the turn-taking of one interview.
type Conversation struct {
	Config
	holder Holder // the speaker; nil = it is none

	// All below belongs to Run's goroutine.
	state     channel.Doing
	progress  Progress
	turns     turns
	words     transcript.Transcript // of the candidate
	floor     floor
	rhythm    rhythm
	behind    time.Time // since when recognition is; zero = it is not
	caughtUp  time.Time // when it had caught up last
	sounded   time.Time // when the interviewer was heard first, for long enough; zero = it was not
	question  question
	reply     *reply
	stage     stage
	said      delivery // of the last reply
	again     []string // what the candidate may not have heard: said again when they are back
	draft     *draft   // a reply that is thought of before the turn is over; nil = none
	drafts    drafts   // to the open turn
	judging   *judging // of the open turn; nil = the judge was not asked
	judges    sync.WaitGroup
	judged    Judged    // since the last reply that was heard
	discarded Discarded // drafts and replies since the last one that was heard
	apology   Utterance // prepared before it is needed
	billed    time.Time // up to when recognition was counted
	failures  int       // replies that failed in a row

	judgeFailures int       // in a row
	judgeAgain    time.Time // not before this; zero = at any time

	limit      time.Time
	ending     *ending   // nil until the end has begun
	handOverBy time.Time // when another conversation takes over at the latest; zero = none does
	decided    bool      // the candidate's turn is over, and the other one answers it
	stopped    error     // what Run returns where it stopped before the end
}

// New returns a conversation that Run will hold.
func New(c Config) *Conversation {
	if c.EndOfTurn == nil {
		c.EndOfTurn = c.Settings.Pause
	}
	if _, whole := c.Speaker.(Reciter); whole {
		c.Settings.Drafts = 0 // it would synthesise all of each
	}
	holder, _ := c.Speaker.(Holder)
	return &Conversation{
		Config: c,
		holder: holder,
		state:  Listening,
		turns:  turns{all: append([]interview.Turn(nil), c.History...), recorder: c.Recorder},
	}
}

// Run holds the conversation and returns why it is over: nil when it came to
// its end (by the candidate, the last phase or the time limit), an *apperr.Error
// when it had to be given up, and the cause of ctx when that ended it.
func (c *Conversation) Run(ctx context.Context) error {
	defer close(c.Inbox.over)
	err := c.run(ctx)
	c.dropDraft()
	c.endReply(errEnding)
	c.endTurn(time.Now())
	c.dropJudging()
	c.judges.Wait()
	if c.ending != nil {
		err = c.conclude(ctx, err)
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
		case in := <-c.Inbox.posted:
			c.handle(ctx, in)
		case n := <-c.reply.progress():
			c.handleNews(ctx, n)
		case n := <-c.draft.progress():
			c.handleDraftNews(n)
		case j := <-c.judging.progress():
			c.noteJudgement(j)
		case w, more := <-c.ending.progress():
			c.handleWritten(w, more)
		case <-timer.C:
			if len(c.Inbox.posted) == 0 { // what was heard by now counts first
				alarm.ring(ctx)
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return c.stopped
}

// begin greets: the candidate should not wonder whether anybody is there.
func (c *Conversation) begin(ctx context.Context) {
	lines, progress := c.Interviewer.Greeting(c.turns.history())
	c.progress = progress
	if c.Checkpoint.resumes() {
		c.progress = c.Checkpoint.Progress
	}
	c.limit = time.Now().Add(c.Settings.Limit - c.Checkpoint.Spent)
	c.floor, c.billed = floor{quiet: time.Now()}, time.Now()
	c.question = lastQuestion(c.turns.history(), time.Now())
	c.question.granted, c.rhythm.pauses = c.Checkpoint.Granted, c.Checkpoint.Pauses
	c.showPhase(c.progress.Phase)
	if c.Checkpoint.resumes() {
		c.continueInterview(ctx, lines)
	} else {
		c.startLines(ctx, greeting, c.Speaker, lines...)
	}
	c.saveCheckpoint()
	c.apology = c.prepareApology(ctx)
}

// handle handles an input.
func (c *Conversation) handle(ctx context.Context, p posted) {
	c.floor.input = p.at
	switch in := p.Input.(type) {
	case Hearing:
		c.addHearing(in)
	case Voice:
		c.noteVoice(in)
	case Apart:
		c.floor.apart = c.floor.voice
	case Behind:
		c.noteBehind(in.On)
	case Page:
		c.handlePage(ctx, in.Event)
	case Away:
		c.noteAway(in)
	case Opened:
		c.welcomePage()
	case HandOver:
		c.handOver()
	case Farewell:
		c.sayFarewell(ctx)
	case RecognitionLost:
		c.Log.Error("recognition failed for good", "error", in.Err)
		c.endInterview(ctx, errNoRecognition)
	}
}

// handlePage handles what the candidate does in the page.
func (c *Conversation) handlePage(ctx context.Context, e channel.PageEvent) {
	switch e := e.(type) {
	case *channel.Nudge:
		c.noteNudge()
	case *channel.Muted:
		c.noteMuted(e.On)
	case *channel.Heard:
		c.noteAudible(e)
	case *channel.End:
		c.endInterview(ctx, nil)
	}
}

func (c *Conversation) enterState(s channel.Doing) {
	if c.state == s {
		return
	}
	c.state = s
	if s != Ended {
		c.Screen.Show(c.stateEvent())
	}
}

// stateEvent returns the state as the page shows it.
func (c *Conversation) stateEvent() channel.State {
	if c.reply != nil {
		return channel.State{State: c.state, Turn: c.reply.turn}
	}
	return channel.State{State: c.state, Turn: c.floor.turn}
}

// welcomePage shows everything to a page that may know nothing.
func (c *Conversation) welcomePage() {
	if c.floor.away {
		c.floor.away, c.floor.gone, c.floor.quiet = false, false, time.Now()
	}
	c.Screen.Show(c.stateEvent())
	c.showPhase(c.progress.Phase)
	if c.progress.Exhibit != nil {
		c.Screen.Show(*c.progress.Exhibit)
	}
}

// showPhase shows where the interview stands, and how much of its time is left.
func (c *Conversation) showPhase(p channel.Phase) {
	p.Left = max(int(time.Until(c.limit).Milliseconds()), 1)
	c.Screen.Show(p)
}

func (c *Conversation) showNotice(code apperr.Code, message string) {
	c.Log.Warn("notice", "code", code, "message", message)
	c.Screen.Show(channel.Notice{Code: code, Message: message})
}
