package conversation

import (
	"cmp"
	"context"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/usage"
)

// Why a conversation is given up.
var (
	errGaveUp        = apperr.New(apperr.Unavailable, "The interview had to stop: a service that it needs keeps failing.")
	errNoRecognition = apperr.New(apperr.Unavailable, "The interview had to stop: speech recognition is not available.")
)

// ending is the end of an interview on its way: the closing line is said while
// the feedback is being written.
type ending struct {
	why    error // what Run returns
	cancel context.CancelFunc
	done   chan struct{}

	// Written before done is closed.
	report *channel.Report // nil = there is nothing to report on
	err    error
}

// endInterview begins the end, once. A nil why is an end as it should be. To
// somebody who is not there nothing is said.
func (c *Conversation) endInterview(ctx context.Context, why error) {
	if c.ending != nil {
		return
	}
	c.endReply(errEnding)
	c.endTurn(time.Now())
	c.ending = c.startReport(ctx, why)
	if c.floor.away {
		c.enterState(Ended)
		return
	}
	lines := c.Interviewer.Closing()
	if why != nil {
		lines = []string{c.Settings.Regret}
	}
	c.startLines(ctx, closing, c.Speaker, lines...)
}

// startReport begins to write the report, which outlasts the conversation when
// nobody waits for it.
func (c *Conversation) startReport(ctx context.Context, why error) *ending {
	ctx, cancel := context.WithTimeout(usage.InTurn(context.WithoutCancel(ctx), c.turns.next()), c.Settings.Report)
	e := &ending{why: why, cancel: cancel, done: make(chan struct{})}
	history := c.turns.history()
	go func() {
		defer close(e.done)
		if answered(history) {
			report, err := c.Interviewer.Report(ctx, history)
			e.report, e.err = &report, err
		}
	}()
	return e
}

// conclude shows the report when it is there and the candidate is, too, and returns
// why the interview ended. An end that came from outside meanwhile is not made to
// wait. A candidate who has gone is not waited for: the report is kept later.
func (c *Conversation) conclude(ctx context.Context, outside error) error {
	e := c.ending
	for outside == nil && !c.floor.gone {
		done := e.done
		if c.floor.away {
			done = nil
		}
		select {
		case <-done:
			c.showReport()
			return e.why
		case in := <-c.Inbox.posted:
			c.noteReachable(in.Input)
		case <-ctx.Done():
			outside = context.Cause(ctx)
		}
	}
	if c.floor.away && c.Later != nil {
		c.Later(c.keepReport)
		return cmp.Or(outside, e.why)
	}
	e.cancel()
	<-e.done
	return cmp.Or(outside, e.why)
}

// noteReachable notes whether the candidate is there to see the report.
func (c *Conversation) noteReachable(in Input) {
	switch in := in.(type) {
	case Away:
		c.takeBack(in.Since)
		c.floor.away, c.floor.gone = true, c.floor.gone || in.Closed
	case Opened:
		c.floor.away = false
	}
}

// showReport shows the report that is there, and keeps it.
func (c *Conversation) showReport() {
	if c.ending.err != nil {
		c.Screen.Show(channel.Notice{Code: apperr.Unavailable, Message: "The feedback could not be written."})
	} else if c.ending.report != nil {
		c.Screen.Show(*c.ending.report)
	}
	c.keepReport(context.Background())
}

// keepReport waits for the report and saves it with the interview.
func (c *Conversation) keepReport(ctx context.Context) {
	e := c.ending
	defer context.AfterFunc(ctx, e.cancel)()
	<-e.done
	e.cancel()
	switch {
	case e.err != nil:
		c.Log.Warn("report not written", "error", e.err)
	case e.report != nil && c.Save != nil:
		last := c.checkpoint()
		last.Report = e.report
		c.Save(last)
	}
}

// answered reports whether the candidate has said anything at all.
func answered(history []interview.Turn) bool {
	for _, turn := range history {
		if turn.Role == interview.Candidate {
			return true
		}
	}
	return false
}
