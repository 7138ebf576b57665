package conversation

import "time"

// marking reports whether drafts begin with the interviewer's own word on whether the
// candidate has finished.
func (c *Conversation) marking() bool { return c.Marks != nil && !time.Now().Before(c.judgeAgain) }

// isMarkedUnfinished reports whether a draft said that of these words.
func (c *Conversation) isMarkedUnfinished() bool {
	return c.Marks != nil && c.judging.judgement(c.floor.text).Says == Unfinished
}

// noteMark takes what a draft says first for a judgement of the words that it answers. A
// draft that says that they go on is no reply, and costs no more than a judge's word.
func (c *Conversation) noteMark(says Opinion) {
	d := c.draft
	c.dropJudging()
	d.marks, c.judgeFailures = false, 0
	c.judging = &judging{text: d.text, asked: time.Now(), said: Judgement{Says: says, Weight: c.Marks(says)}}
	c.judged.Asked++
	c.Log.Debug("marked", "turn", c.floor.turn, "says", says, "weight", c.judging.said.Weight)
	if says != Unfinished {
		return
	}
	d.reply.stop(errOutdated)
	c.draft = nil
	c.judged.Cost = c.judged.Cost.Plus(d.stage.estimate).Plus(Cost{OutputTokens: 1})
}
