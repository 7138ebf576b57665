package conversation

import (
	"slices"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/worker/transcript"
)

// turns is the record of what was heard, mirrored to a Recorder.
type turns struct {
	all      []interview.Turn
	recorder Recorder
}

// begin starts a turn and returns its number.
func (t *turns) begin(role interview.Role, text string, at time.Time) int {
	turn := interview.Turn{Number: t.next(), Role: role, Text: text, Began: at}
	t.all = append(t.all, turn)
	t.recorder.Record(turn)
	return turn.Number
}

// next is the number that the next turn will have.
func (t *turns) next() int {
	if len(t.all) == 0 {
		return 1
	}
	return t.all[len(t.all)-1].Number + 1
}

// get returns a turn that was begun.
func (t *turns) get(number int) interview.Turn { return *t.at(number) }

// change replaces a turn's text; zero ended says that it goes on.
func (t *turns) change(number int, text string, ended time.Time, cut bool) {
	turn := t.at(number)
	if turn.Text == text && turn.Ended.Equal(ended) && turn.Cut == cut {
		return
	}
	turn.Text, turn.Ended, turn.Cut = text, ended, cut
	t.recorder.Record(*turn)
}

// weigh notes how well a turn's words were understood, and its longest pause.
func (t *turns) weigh(number int, said transcript.Said) {
	turn := t.at(number)
	if turn.Unsure == said.Unsure && turn.Pause == said.Pause {
		return
	}
	turn.Unsure, turn.Pause = said.Unsure, said.Pause
	t.recorder.Record(*turn)
}

func (t *turns) at(number int) *interview.Turn {
	i := slices.IndexFunc(t.all, func(turn interview.Turn) bool { return turn.Number == number })
	return &t.all[i]
}

// history is a copy of the turns in which anything was heard.
func (t *turns) history() []interview.Turn {
	return slices.DeleteFunc(slices.Clone(t.all), func(turn interview.Turn) bool { return turn.Text == "" })
}

// countWords is the number of words in text, whatever their punctuation.
func countWords(text string) int { return len(transcript.Words(text)) }
