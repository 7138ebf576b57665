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

// startReport begins to write the report, if there is anything to report on. It
// outlasts the conversation when nobody waits for it.
func (c *Conversation) startReport(ctx context.Context, why error) *ending {
	for turn, said := range c.words.Closed() {
		c.turns.weigh(turn, said)
	}
	history := c.turns.history()
	if !answered(history) {
		return &ending{why: why, cancel: func() {}}
	}
	ctx, cancel := context.WithTimeout(usage.InTurn(context.WithoutCancel(ctx), c.turns.next()), c.Settings.Report)
	news := make(chan written)
	go func() {
		defer close(news)
		for report, err := range c.Interviewer.Feedback(ctx, history) {
			news <- written{report, err} // taken by run, conclude or keepReport, until it is closed
		}
	}()
	return &ending{why: why, cancel: cancel, news: news}
}

// conclude shows the rest of the report as it is written, to a candidate who is
// there, and returns why the interview ended. An end that came from outside
// meanwhile is not made to wait. A candidate who has gone is not waited for: the
// rest is written and kept later.
func (c *Conversation) conclude(ctx context.Context, outside error) error {
	e := c.ending
	for outside == nil && !c.floor.gone && (e.news != nil || c.floor.away) {
		select {
		case w, more := <-e.news:
			c.handleWritten(w, more)
		case in := <-c.Inbox.posted:
			c.noteReachable(in.Input)
		case <-ctx.Done():
			outside = context.Cause(ctx)
		}
	}
	if c.floor.away && e.news != nil && c.Later != nil {
		c.Later(c.keepReport)
		return cmp.Or(outside, e.why)
	}
	e.cancel()
	c.drainReport()
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
		c.showReport()
	}
}

// keepReport takes what is yet to be written, until ctx ends, and saves it.
func (c *Conversation) keepReport(ctx context.Context) {
	defer context.AfterFunc(ctx, c.ending.cancel)()
	c.drainReport()
	c.ending.cancel()
}

// drainReport takes what is yet to be written, and shows it to nobody.
func (c *Conversation) drainReport() {
	for c.ending.news != nil {
		w, more := <-c.ending.news
		c.takeWritten(w, more)
	}
}

// handleWritten takes what is written, and shows it to a candidate who is there.
func (c *Conversation) handleWritten(w written, more bool) {
	c.takeWritten(w, more)
	if w.err == nil && !c.floor.away {
		c.showReport()
	}
}

// showReport shows the report as far as it is written, and says what is not.
func (c *Conversation) showReport() {
	e := c.ending
	if e.news == nil && e.missing != nil {
		c.Screen.Show(channel.Notice{Code: apperr.Unavailable, Message: c.Settings.Unwritten})
	}
	if e.report != nil {
		c.Screen.Show(*e.report)
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
