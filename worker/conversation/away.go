package conversation

import (
	"context"
	"slices"
	"strings"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
)

// delivery is the last turn of the interviewer, sentence by sentence.
type delivery struct {
	turn      int
	sentences []sentence
}

// sentence is a sentence of the interviewer on its way to the candidate.
type sentence struct {
	text  string // as it was thought of
	sent  string // of it; empty until it ended
	whole bool   // all of it was sent
	began time.Time
	ended time.Time // zero while it is being sent
}

// begin notes the first packet of a sentence.
func (d *delivery) begin(text string, at time.Time) {
	d.sentences = append(d.sentences, sentence{text: text, began: at})
}

// end notes the last packet of the sentence that is being sent, if one is.
func (d *delivery) end(sent string, whole bool) {
	if n := len(d.sentences); n > 0 && d.sentences[n-1].ended.IsZero() {
		s := &d.sentences[n-1]
		s.sent, s.whole, s.ended = sent, whole, time.Now()
	}
}

// divide returns what had been sent by a time, and the sentences that are to be said
// again since not all of them had.
func (d *delivery) divide(at time.Time) (arrived string, again []string) {
	for _, s := range d.sentences {
		if s.ended.After(at) || !s.whole || len(again) > 0 {
			again = append(again, s.text)
		}
		arrived = join(arrived, s.sentBy(at))
	}
	return arrived, again
}

// sentBy returns the words of the sentence that had been sent by a time, as if
// they were said evenly.
func (s sentence) sentBy(at time.Time) string {
	if !s.ended.After(at) {
		return s.sent
	}
	words := strings.Fields(s.sent)
	share := float64(at.Sub(s.began)) / float64(s.ended.Sub(s.began))
	return strings.Join(words[:int(max(0, share)*float64(len(words)))], " ")
}

// noteAway stops a reply that nobody hears, and all decisions until the candidate
// is back. What may not have arrived is taken off the record, and said again then.
func (c *Conversation) noteAway(a Away) {
	c.dropDraft()
	c.floor.gone = c.floor.gone || a.Closed
	switch {
	case c.ending != nil: // no goodbye to nobody
		c.endReply(errEnding)
		c.takeBack(a.Since)
		c.enterState(Ended)
	case c.reply != nil:
		c.breakOff(a.Since)
	case c.floor.turn == 0 && len(c.again) == 0:
		c.keepAgain(c.takeBack(a.Since))
	}
	c.floor.away, c.floor.voice, c.floor.quiet = true, false, time.Now()
}

// breakOff stops the reply and keeps what is left of it. An answer of which nothing
// was heard is thought of anew, unless its lines are known: the turn that it was for goes on.
func (c *Conversation) breakOff(since time.Time) {
	r, s := c.reply, c.stage
	c.takeFloor()
	c.floor.cut = c.floor.text == ""
	if !s.begun && r.kind == answer && s.lines == "" {
		return
	}
	if s.playing { // it is among those that were sent
		s.unsaid = s.unsaid[1:]
	}
	c.keepAgain(slices.Concat(c.takeBack(since), s.unsaid, r.unspoken()))
}

// takeBack takes off the record what the interviewer said since a time, and returns
// the sentences of which that was a part.
func (c *Conversation) takeBack(since time.Time) (again []string) {
	if since.IsZero() {
		since = time.Now()
	}
	arrived, again := c.said.divide(since)
	if len(again) == 0 {
		return nil
	}
	turn := c.turns.get(c.said.turn)
	c.turns.change(turn.Number, arrived, turn.Ended, true)
	c.Screen.Show(channel.Caption{Turn: turn.Number, Role: interview.Interviewer, Text: arrived, Final: true})
	c.question = question{text: arrived, ended: time.Now()}
	c.said = delivery{}
	return again
}

// keepAgain sets what is to be said again, also by another conversation if the candidate
// comes back to that.
func (c *Conversation) keepAgain(lines []string) {
	if len(c.again)+len(lines) > 0 {
		c.again = lines
		c.saveCheckpoint()
	}
}

// sayAgain says what the candidate may not have heard.
func (c *Conversation) sayAgain(ctx context.Context) {
	lines := c.again
	c.clearFloor()
	c.startLines(ctx, answer, c.Speaker, lines...)
}
