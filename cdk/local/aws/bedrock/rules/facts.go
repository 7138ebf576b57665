package rules

import (
	"fmt"
	"regexp"
	"strings"

	"casey.internal/cdk/local/aws/bedrock/converse"
)

// tell answers a question of the candidate.
func (t *talk) tell() converse.Reply {
	all := sentences(t.answer)
	question := all[len(all)-1]
	switch {
	case permission.MatchString(bare(question)):
		return say(lineUpToYou, t.again())
	case t.guidance.facts:
		return t.give(question)
	case strings.Contains(bare(t.question()), "ask me"):
		return t.after(lineNotMine)
	}
	return say(lineNotMine, t.again())
}

// after goes on after an answer that was not one to take up.
func (t *talk) after(first string) converse.Reply {
	if t.enough() {
		return t.move(first)
	}
	return say(first, t.next())
}

// give gives the facts that a question is about, and leaves the word to the
// candidate.
func (t *talk) give(question string) converse.Reply {
	if found := t.facts(question); found != "" {
		return say(fmt.Sprintf(lineFact, found))
	}
	return say(lineNoFact)
}

// stop ends a fact: not the point of a number.
var stop = regexp.MustCompile(`[.;](?:\s+|$)`)

// facts are what the brief and the exhibits say of a question's words: the parts
// that have most of them, two at most. What is meant for the interviewer alone,
// which speaks of the candidate, is none.
func (t *talk) facts(question string) string {
	about := stems(question)
	var best []string
	most := 0
	texts := []string{t.brief}
	for n := 1; n <= len(t.exhibits); n++ {
		texts = append(texts, t.exhibits[n].facts)
	}
	for _, fact := range stop.Split(strings.Join(texts, ". "), -1) {
		n := shared(about, stems(fact))
		if strings.Contains(strings.ToLower(fact), "candidate") || n == 0 || n < most {
			continue
		}
		if n > most {
			best, most = nil, n
		}
		if len(best) < 2 {
			best = append(best, lowerFirst(strings.TrimSpace(fact)))
		}
	}
	return strings.Join(best, "; ")
}

func shared(a, b map[string]bool) (n int) {
	for w := range a {
		if b[w] {
			n++
		}
	}
	return n
}
