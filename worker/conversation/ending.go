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
// the feedback is being written, and shown as far as it is.
type ending struct {
	why    error // what Run returns
	cancel context.CancelFunc
	news   chan written // closed after the last; nil = there is nothing (more) to report

	report  *channel.Report // as far as it is written; nil = nothing of it
	missing error           // why some of it could not be written
}

// written is the report as far as it is written, or why some of it cannot be.
type written struct {
	report channel.Report
	err    error
}

// progress brings what is written.
func (e *ending) progress() <-chan written {
	if e == nil {
		return nil
	}
	return e.news
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

// startReport begins to write the report, if there is anything to report on.
func (c *Conversation) startReport(ctx context.Context, why error) *ending {
	for turn, said := range c.words.Closed() {
		c.turns.weigh(turn, said)
	}
	history := c.turns.history()
	if !answered(history) {
		return &ending{why: why, cancel: func() {}}
	}
	ctx, cancel := context.WithTimeout(usage.InTurn(ctx, c.turns.next()), c.Settings.Report)
	news := make(chan written)
	go func() {
		defer close(news)
		for report, err := range c.Interviewer.Feedback(ctx, history) {
			news <- written{report, err} // taken by run or conclude, until it is closed
		}
	}()
	return &ending{why: why, cancel: cancel, news: news}
}

// conclude shows the rest of the report as it is written and returns why the interview
// ended. An end that came from outside meanwhile is not made to wait.
func (c *Conversation) conclude(ctx context.Context, outside error) error {
	e := c.ending
	for outside == nil && e.news != nil {
		select {
		case w, more := <-e.news:
			c.handleWritten(w, more)
		case <-ctx.Done():
			outside = context.Cause(ctx)
		}
	}
	e.cancel()
	if outside == nil {
		return e.why
	}
	for e.news != nil {
		w, more := <-e.news
		c.takeWritten(w, more)
	}
	return outside
}

// handleWritten shows what is written, and says what is not; not more = that is all.
func (c *Conversation) handleWritten(w written, more bool) {
	c.takeWritten(w, more)
	if !more && c.ending.missing != nil {
		c.Screen.Show(channel.Notice{Code: apperr.Unavailable, Message: "Not all of the feedback could be written."})
	}
	if w.err == nil && c.ending.report != nil {
		c.Screen.Show(*c.ending.report)
	}
}

// takeWritten takes what is written, and saves all of it with the interview.
func (c *Conversation) takeWritten(w written, more bool) {
	e := c.ending
	switch {
	case !more:
		e.news = nil
		c.saveReport()
	case w.err != nil:
		c.Log.Warn("feedback not written whole", "error", w.err)
		e.missing = w.err
	default:
		e.report = &w.report
	}
}

// saveReport saves the report, to which nothing more comes.
func (c *Conversation) saveReport() {
	report := c.ending.report
	if report == nil {
		return
	}
	report.Written = true
	if c.Save != nil {
		last := c.checkpoint()
		last.Report = report
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
