package rules

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
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
	if found := t.known(question); found != "" {
		return say(fmt.Sprintf(lineFact, found))
	}
	return say(lineNoFact)
}

// stop ends a fact: not the point of a number.
var stop = regexp.MustCompile(`[.;](?:\s+|$)`)

// givable are all facts that may be given: those of the file, and the parts of what
// the brief and the exhibits say. What is meant for the interviewer alone, which
// speaks of the candidate, is none.
func (t *talk) givable() []fact {
	all := slices.Clone(t.facts)
	texts := []string{t.brief}
	for n := 1; n <= len(t.exhibits); n++ {
		texts = append(texts, t.exhibits[n].facts)
	}
	for _, text := range stop.Split(strings.Join(texts, ". "), -1) {
		if !strings.Contains(strings.ToLower(text), "candidate") {
			all = append(all, fact{text: text})
		}
	}
	return all
}

// known are the facts that have most of a question's words, two at most. Of those
// of the file only the ones that it asks for: what they are about is named in it.
func (t *talk) known(question string) string {
	about := stems(question)
	own := t.withoutBrief(about)
	var best []string
	most := 0
	for _, f := range t.givable() {
		of := stems(f.about + " " + f.text)
		n := shared(about, of)
		if n == 0 || n < most || f.about != "" && !t.asksFor(about, f) || f.about == "" && shared(own, of) == 0 {
			continue
		}
		if n > most {
			best, most = nil, n
		}
		if len(best) < 2 {
			best = append(best, lowerFirst(strings.TrimSuffix(strings.TrimSpace(f.text), ".")))
		}
	}
	return strings.Join(best, "; ")
}

// asksFor reports whether the words of a question have half of one of the things
// that a fact is about; those that the brief has too tell nothing.
func (t *talk) asksFor(question map[string]bool, f fact) bool {
	for thing := range strings.SplitSeq(f.about, ",") {
		own := t.withoutBrief(stems(thing))
		if n := shared(question, own); n > 0 && 2*n >= len(own) {
			return true
		}
	}
	return false
}

// withoutBrief are the stems that the brief has not got, or all where it has them all.
func (t *talk) withoutBrief(all map[string]bool) map[string]bool {
	brief, own := stems(t.brief), maps.Clone(all)
	maps.DeleteFunc(own, func(w string, _ bool) bool { return brief[w] })
	if len(own) == 0 {
		return all
	}
	return own
}

func shared(a, b map[string]bool) (n int) {
	for w := range a {
		if b[w] {
			n++
		}
	}
	return n
}
