package turnend

import (
	"fmt"
	"math"
	"slices"

	"casey.internal/worker/conversation"
)

// cue is something in the words that speaks for going on (weight above zero) or
// for the end. Weights are natural logarithms of odds and add up.
type cue struct {
	name   string
	weight float64
	holds  func(s said) bool
}

// unknown is the weight before any cue: a complete clause with nothing special.
const unknown = -0.2

// cues are all that the words can tell. Of a group, the first that holds counts.
var cues = [][]cue{
	{
		{"nothing but a preamble", 5, said.preamble},
		{"a short yes or no", -0.3, said.affirms},
		{"asks back", -2.5, func(s said) bool { return s.lex.endsQuestion[s.last()] && s.asks(s.lex.openQuestions) }},
		{"a short word for a sentence", -0.3, func(s said) bool { return s.echoes() || s.elliptic() }},
		{"leaves out what the question says", 1, said.leavesOut},
		{"ends in a filler", 4, func(s said) bool { return s.endsIn(s.lex.fillers) && !s.endsInOneOf(s.lex.closings) }},
		{"ends in a word that wants another", 4, said.unfinished},
		{"asks back", -2.5, func(s said) bool { return s.asks(s.lex.questionsBack) }},
		{"ends in a phrase that wants more", 3, func(s said) bool { return s.endsInOneOf(s.lex.openPhrases) && !s.rounded() || s.hedges() }},
		{"corrects itself", 3, func(s said) bool { return s.endsInOneOf(s.lex.corrections) }},
		{"closing words", -3, said.closes},
		{"a clause that waits for another", 2.5, said.subordinate},
		{"announced more than was said", 3.5, said.announced},
		{"a number that is not complete", 3, func(s said) bool { return s.dictates && s.digits() < s.wants }},
		{"a complete number", -1, func(s said) bool { return s.dictates && s.digits() >= s.wants }},
	},
	{
		{"a comma", 1.5, func(s said) bool { return s.mark == ',' }},
		{"a full stop", -0.7, func(s said) bool { return s.mark == '.' || s.mark == '!' }},
		{"a question mark", -2, func(s said) bool { return s.mark == '?' }},
	},
	{
		{"a beginning on a question for reasons", 2.2, func(s said) bool { return s.large && !s.story && len(s.words) < 10 }},
		{"reasons not yet told", 1.4, func(s said) bool { return s.large && !s.story && len(s.words) < 18 }},
		{"reasons", -0.3, func(s said) bool { return s.large && !s.story }},
		{"a few words on a large question", 2.2, func(s said) bool { return s.large && len(s.words) < 8 }},
		{"a beginning on a large question", 2.2, func(s said) bool { return s.large && len(s.words) < 18 }},
		{"a story not yet told", 1.4, func(s said) bool { return s.large && len(s.words) < 30 }},
		{"a short answer to a plain question", 0, func(s said) bool { return s.plain && len(s.words) < 5 }},
		{"a plain answer to a plain question", -0.7, func(s said) bool { return s.plain }},
		{"a beginning on an open question", 0.4, func(s said) bool { return !s.dictates && len(s.words) < 8 }},
		{"an answer to an open question", -0.6, func(s said) bool { return !s.dictates }},
	},
	{
		{"a second clause", -1.2, func(s said) bool { return !s.large && s.secondClause() && !s.lex.wanting[s.last()] }},
	},
}

// How many digits a number has that somebody is asked for.
const (
	phone = 10
	code  = 4
)

// silent is what is known of an answer in a language of which no word is known: as much
// as of one to an open question whose cues say nothing.
const silent = unknown + 0.4

// told are the odds that what was said goes on, and the cues that say so.
type told struct {
	odds float64
	why  []string
}

// weigh sums up the cues. fall is by how many dB the voice was quieter than usual at
// the end.
func weigh(s said, fall float64) told {
	sum := unknown
	var why []string
	for _, group := range cues {
		i := slices.IndexFunc(group, func(c cue) bool { return c.holds(s) })
		if i < 0 {
			continue
		}
		sum += group[i].weight
		why = append(why, group[i].name)
	}
	return tell(sum, why, fall)
}

// tell adds what the voice says to a sum of weights.
func tell(sum float64, why []string, fall float64) told {
	switch {
	case fall > 0:
		why = append(why, fmt.Sprintf("the voice fell by %.0f dB", fall))
	case fall < 0:
		why = append(why, fmt.Sprintf("the voice rose by %.0f dB", -fall))
	}
	return told{math.Exp(sum + voiceWeight(fall)), why}
}

// heed adds what a judge says to the odds and to what they follow from.
func heed(j conversation.Judgement, odds float64, why []string) (float64, []string) {
	if j.Says == "" {
		return odds, why
	}
	return odds * math.Exp(j.Weight), append(why, fmt.Sprintf("the judge says %s (%+.1f)", j.Says, j.Weight))
}

// What a voice does at a silence: it falls when somebody has finished, and less
// so when they go on. Package answers says where the figures are from: 2.8 and
// 0.9 dB on the average, with a deviation of 3.7.
const (
	neutral  = (2.8 + 0.9) / 2           // dB: a fall that says nothing
	telling  = (2.8 - 0.9) / (3.7 * 3.7) // weight of each dB
	mostTold = 1                         // weight, at most
)

// voiceWeight is the weight of a fall by so many dB; 0 = that is not known.
func voiceWeight(fall float64) float64 {
	if fall == 0 {
		return 0
	}
	return min(max(telling*(neutral-fall), -mostTold), mostTold)
}
