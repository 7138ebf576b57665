package conversation

import (
	"context"
	"time"
)

// Judge tells whether somebody has finished by reading what they were asked and
// what they have said.
type Judge interface {
	// Judge judges an answer so far. It returns soon after ctx ends; an answer that
	// makes no sense is an error. Several may be asked for at a time.
	Judge(ctx context.Context, question, text string) (Judgement, error)
}

// Judgement is what a judge says, and how much that counts.
type Judgement struct {
	Says Opinion // empty = nothing
	// Weight is the natural logarithm of how much more often this judge says so of
	// those who go on than of those who have finished.
	Weight float64
	Cost   Cost
}

// Opinion is the one word that a judge is asked for.
type Opinion string

// The opinions.
const (
	Finished   Opinion = "finished"
	Unfinished Opinion = "unfinished"
	Thinks     Opinion = "thinking" // has not begun, or wants time
	Asks       Opinion = "asks"     // a question back, which is to be answered
)

// Judged counts what a judge was asked.
type Judged struct {
	Asked, Late, Failed int
	Cost                Cost
}

// judging is what the judge says, or has yet to say, of the words of the open turn.
type judging struct {
	text   string // of the turn
	asked  time.Time
	cancel context.CancelFunc
	answer chan judged // nil when it has come
	said   Judgement
}

// judged is a judge's answer.
type judged struct {
	Judgement
	err error
}

// progress returns the channel of the answer; there is none to nothing.
func (j *judging) progress() <-chan judged {
	if j == nil {
		return nil
	}
	return j.answer
}

// judgement returns what the judge says of text.
func (j *judging) judgement(text string) Judgement {
	if j == nil || !sameWords(j.text, text) {
		return Judgement{}
	}
	return j.said
}

// After so many failures in a row, a judge is left alone for a while.
const (
	judgeFailures = 3
	judgeRest     = 30 * time.Second
)

// judgeAlarm has the judge read what was said, once.
func (c *Conversation) judgeAlarm(v Verdict) alarm {
	if c.Judge == nil || v.Ask.IsZero() || c.floor.voice || c.judging != nil {
		return alarm{}
	}
	return alarm{later(v.Ask, c.judgeAgain), c.askJudge}
}

// askJudge asks the judge. Nothing waits for the answer but the end of Run.
func (c *Conversation) askJudge(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, c.Settings.Judge)
	answer := make(chan judged, 1)
	question, text := c.question.text, c.floor.text
	c.judging = &judging{text: text, asked: time.Now(), cancel: cancel, answer: answer}
	c.judged.Asked++
	c.judges.Go(func() {
		said, err := c.Judge.Judge(ctx, question, text)
		answer <- judged{said, err}
	})
}

// noteJudgement takes the judge's answer for one more piece of evidence. One that
// failed is none.
func (c *Conversation) noteJudgement(j judged) {
	c.judging.cancel()
	c.judging.answer = nil
	c.judged.Cost = c.judged.Cost.Plus(j.Cost)
	if j.err != nil {
		c.noteJudgeFailure(j.err)
		return
	}
	c.judgeFailures = 0
	c.judging.said = j.Judgement
	c.Log.Debug("judged", "turn", c.floor.turn, "says", j.Says, "weight", j.Weight, "took", time.Since(c.judging.asked))
}

func (c *Conversation) noteJudgeFailure(err error) {
	c.countJudgeFailure()
	c.Log.Warn("the judge failed", "turn", c.floor.turn, "error", err, "took", time.Since(c.judging.asked))
}

// countJudgeFailure leaves a judge alone for a while that fails again and again.
func (c *Conversation) countJudgeFailure() {
	c.judged.Failed++
	if c.judgeFailures++; c.judgeFailures >= judgeFailures {
		c.judgeFailures, c.judgeAgain = 0, time.Now().Add(judgeRest)
	}
}

// dropJudging forgets the judge's answer, or does without it.
func (c *Conversation) dropJudging() {
	if c.judging == nil {
		return
	}
	if c.judging.answer != nil {
		c.judged.Late++
		c.judging.cancel()
		c.Log.Debug("the judge was too late", "after", time.Since(c.judging.asked))
	}
	c.judging = nil
}

// dropOutdatedJudging drops what was judged of other words than these.
func (c *Conversation) dropOutdatedJudging(text string) {
	if c.judging != nil && !sameWords(c.judging.text, text) {
		c.dropJudging()
	}
}
