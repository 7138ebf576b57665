package answers

import (
	"math/rand/v2"
	"slices"
	"time"

	"casey.internal/worker/conversation"
)

// Score is the result of an end of turn with many answers.
type Score struct {
	Answers, Cut  int             // answers, and those that were cut off
	Pauses, Taken int             // pauses within them, and those that were taken for the end
	Waits         []time.Duration // for the ends of all answers
	Examples      []Outcome       // of cut-offs, some
}

// CutShare is the share of answers that were cut off, in percent.
func (s Score) CutShare() float64 { return 100 * float64(s.Cut) / float64(max(1, s.Answers)) }

// PauseShare is the share of pauses that were taken for an end, in percent: what
// eot-bench calls the cut-off rate.
func (s Score) PauseShare() float64 { return 100 * float64(s.Taken) / float64(max(1, s.Pauses)) }

// MeanWait is the mean time from the end of an answer to the decision.
func (s Score) MeanWait() time.Duration {
	var sum time.Duration
	for _, w := range s.Waits {
		sum += w
	}
	return sum / time.Duration(max(1, len(s.Waits)))
}

// session is the number of answers that one person gives.
const session = 8

// examples limits the cut-offs that are kept to be looked at.
const examples = 40

// Run has n answers given by many people, eight by each, and judges e by them.
func Run(e conversation.EndOfTurn, from []Answer, n int, seed uint64) Score {
	var score Score
	for i := 0; score.Answers < n; i++ {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		person := NewPerson(r)
		var own []time.Duration
		for range session {
			var out Outcome
			out, own = Judge(e, person.Say(from[r.IntN(len(from))]), own)
			own = own[max(0, len(own)-conversation.Remembered):]
			score.add(out)
		}
	}
	slices.Sort(score.Waits)
	return score
}

func (s *Score) add(o Outcome) {
	s.Answers++
	s.Pauses += o.Pauses
	s.Taken += o.Taken
	s.Waits = append(s.Waits, o.Wait)
	if !o.Cut() {
		return
	}
	s.Cut++
	if len(s.Examples) < examples {
		s.Examples = append(s.Examples, o)
	}
}
