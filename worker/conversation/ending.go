package conversation

import (
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

// endInterview begins the end, once. A nil why is an end as it should be.
func (c *Conversation) endInterview(ctx context.Context, why error) {
	if c.ending != nil {
		return
	}
	c.endReply(errEnding)
	c.endTurn(time.Now())
	c.ending = c.startReport(ctx, why)
	lines := c.Interviewer.Closing()
	if why != nil {
		lines = []string{c.Settings.Regret}
	}
	c.startLines(ctx, closing, c.Speaker, lines...)
}

// startReport begins to write the report.
func (c *Conversation) startReport(ctx context.Context, why error) *ending {
	ctx, cancel := context.WithTimeout(usage.InTurn(ctx, c.turns.next()), c.Settings.Report)
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

// wait shows the report when it is there and returns why the interview ended.
// An end that came from outside meanwhile is not made to wait.
func (e *ending) wait(outside error, screen Screen) error {
	if outside != nil {
		e.cancel()
	}
	<-e.done
	e.cancel()
	switch {
	case outside != nil:
		return outside
	case e.err != nil:
		screen.Show(channel.Notice{Code: apperr.Unavailable, Message: "The feedback could not be written."})
	case e.report != nil:
		screen.Show(*e.report)
	}
	return e.why
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
