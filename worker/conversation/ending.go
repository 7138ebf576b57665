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

	shown   channel.Report
	missing error // why some of it could not be written
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
			news <- written{report, err} // taken by run or wait, until it is closed
		}
	}()
	return &ending{why: why, cancel: cancel, news: news}
}

// handleWritten shows what is written; not more = that is all.
func (c *Conversation) handleWritten(w written, more bool) {
	e := c.ending
	switch {
	case !more:
		c.finishReport()
	case w.err != nil:
		c.Log.Warn("feedback not written whole", "error", w.err)
		e.missing = w.err
	default:
		e.shown = w.report
		c.Screen.Show(w.report)
	}
}

// finishReport says that nothing of the report follows.
func (c *Conversation) finishReport() {
	e := c.ending
	e.news = nil
	if e.missing != nil {
		c.Screen.Show(channel.Notice{Code: apperr.Unavailable, Message: "Not all of the feedback could be written."})
	}
	e.shown.Written = true
	c.Screen.Show(e.shown)
}

// awaitReport returns why the interview ended, when all of the report is shown. An end
// that came from outside meanwhile is not made to wait, and shows no more.
func (c *Conversation) awaitReport(outside error) error {
	e := c.ending
	defer e.cancel()
	if outside != nil {
		e.cancel()
		for e.news != nil {
			if _, more := <-e.news; !more {
				return outside
			}
		}
		return outside
	}
	for e.news != nil {
		w, more := <-e.news
		c.handleWritten(w, more)
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
