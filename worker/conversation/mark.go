package conversation

import (
	"time"

	"casey.internal/shared/price"
)

// marking reports whether a draft begins with the interviewer's own word on whether the
// candidate has finished: the first of these words does.
func (c *Conversation) marking() bool {
	return c.Marks != nil && !time.Now().Before(c.judgeAgain) && c.judging.judgement(c.floor.text).Says == ""
}

// noteMark takes what a draft says first for a judgement of the words that it answers. A
// draft that says that they go on is no reply, costs no more than a judge's word, and
// counts for none: the next is begun when the end is likely all the same.
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
	c.drafts.count--
	c.judged.Cost = c.judged.Cost.Plus(d.stage.estimate).Plus(Cost{Tokens: price.Tokens{Output: 1}})
}
