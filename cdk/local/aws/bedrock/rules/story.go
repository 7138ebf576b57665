package rules

import "regexp"

// story is which parts of a story an answer has, by its words alone.
type story struct{ situation, action, result bool }

var (
	situations = regexp.MustCompile(`\b(?:when (?:i|we)|at the time|back then|last (?:year|month|summer|spring|winter|autumn)|years? ago|months? ago|there was|(?:i|we) (?:was|were) (?:working|asked|responsible|supposed|part)|(?:i|we) had (?:a|an|to|two|three)|at (?:my|our) \w+|the (?:situation|problem|task|goal) was|in my (?:last|first|previous|current))\b`)
	actions    = regexp.MustCompile(`\b(?:i|we) (?:\w+ly |also |then |first |just |even )*(?:\w{2,}ed|built|wrote|led|made|took|set|ran|found|spoke|met|began|gave|brought|sent|got|held|drew|put|taught|told|went|did|chose|sat|showed|split|cut|read|sold|bought|rebuilt|rewrote)\b`)
	results    = regexp.MustCompile(`\b(?:as a result|in the end|at the end|the (?:result|outcome|effect)|led to|which meant|so that (?:we|they|it|the)|finally|eventually|afterwards|ever since|saved|reduced|increased|improved|grew|dropped|fell|doubled|halved|percent|faster|cheaper|won|launched|shipped|since then|it worked|(?:i|we) (?:learned|learnt|delivered|finished|got it)|they agreed|(?:he|she) agreed)\b`)
)

func storyOf(text string) story {
	b := bare(text)
	return story{situations.MatchString(b), actions.MatchString(b), results.MatchString(b)}
}

// whole reports whether nothing is missing.
func (s story) whole() bool { return s.situation && s.action && s.result }

// The questions that ask for a part of a story.
var (
	asksSituation = regexp.MustCompile(`what was at stake|what was the (?:situation|task|problem)|what had happened`)
	asksAction    = regexp.MustCompile(`what did you (?:do|say)\b`)
	asksResult    = regexp.MustCompile(`how did it end|what came of it|what was the (?:result|outcome)|how did you know that it worked`)
)

// answers reports whether a question asks for a part of a story that was told,
// in a story that has all of them.
func (s story) answers(question string) bool {
	q := bare(question)
	return s.whole() && (asksSituation.MatchString(q) || asksResult.MatchString(q))
}

// missing is the question for the first part that is not there; "" = none.
func (s story) missing() (generic string, part *regexp.Regexp) {
	switch {
	case !s.situation:
		return askSituation, asksSituation
	case !s.action:
		return askAction, asksAction
	case !s.result:
		return askResult, asksResult
	}
	return "", nil
}
