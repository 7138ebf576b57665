package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

const (
	shortest = 3 // words of what is taken up
	longest  = 12
)

var (
	// clauseEnd is where one thing that is said ends.
	clauseEnd = regexp.MustCompile(`(?i)[.,;:!?\n]+|\b(?:and|but|because|so|which|then|when|while|although|since|until|after|before)\b`)
	// own begins a clause of which the speaker is the subject.
	own = regexp.MustCompile(`(?i)^(?:(?:well|so|yes|okay|um|uh|first|then|also|basically) )*(?:i|we) `)
	// second is where another clause begins that no word joins to the one before.
	second = regexp.MustCompile(`(?i)^((?:\S+ ){2,}?(?:[\p{L}]+)) (?:i|we) `)
	// verbal is a clause of which something else is.
	verbal = regexp.MustCompile(`(?i)^(?:it|he|she|this|that) (?:[\p{L}]+ly )?[\p{L}]{3,}s |^(?:the|my|our|it|they|he|she|this|that|these|each|[\p{L}]+) (?:[\p{L}-]+ ){0,2}(?:is|are|was|were|went|took|grew|fell|rose|has|had|will|would|can|could|may|might|should|must|[\p{L}]{3,}ed) `)
	// trailing is what a clause can do without at its end.
	trailing = regexp.MustCompile(`(?i)(?: (?:first|then|too|also|again|now|there|later|well|though|somehow|only))+$`)
	// opinion is how a clause begins that says only that it is one.
	opinion = regexp.MustCompile(`(?i)^(?:i|we) (?:think|guess|believe|mean|suppose|would say|feel)(?: that)? `)
	// pair is a last thing of a list, which belongs to the clause before it.
	pair = regexp.MustCompile(`(?i)\band ((?:[\p{L}'-]+ ){0,2}[\p{L}'-]+)([.,;:!?\n]|$)`)
	// figure is a number with what it counts.
	figure = regexp.MustCompile(`(?i)\b(?:(?:\d[\d.,]*|` + strings.Join(numbers[1:], "|") + `|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|half a) ?)+(?:%| ?[\p{L}]{3,}\b)`)
	// phrase is something with an article or the like before it.
	phrase = regexp.MustCompile(`(?i)\b(?:the|a|an|my|our|his|her|their|this|these|those|each|every|some) (?:[\p{L}-]+ ){0,3}[\p{L}-]+`)
)

// singular is before one thing.
var singular = regexp.MustCompile(`^(?:a|an|each|every|this)$`)

// loose is what a thing has not got in its name.
var loose = regexp.MustCompile(`\b(?:is|are|was|were|be|been|that|which|and|or|it|they|we|i|you|to|in|on|at|for|with|than|have|had|has|said|same|other|more|most)\b`)

// turned are the words that change with the side that speaks.
var turned = map[string]string{
	"i": "you", "we": "you", "my": "your", "our": "your", "me": "you", "us": "you", "mine": "yours", "ours": "yours", "am": "are",
	"myself": "yourself", "ourselves": "yourselves", "i'm": "you're", "we're": "you're", "i've": "you've", "we've": "you've",
	"i'd": "you'd", "we'd": "you'd", "i'll": "you'll", "we'll": "you'll", "you": "I", "your": "my",
}

// joining are the words after which "I" is of the same clause.
var joining = strings.Fields("that what how where why if which whom whose than as like who say think know and or the")

// alone is a clause up to where another one begins.
func alone(clause string) string {
	m := second.FindStringSubmatch(clause)
	if m == nil || !own.MatchString(clause) || slices.Contains(joining, strings.ToLower(m[1][strings.LastIndex(m[1], " ")+1:])) {
		return clause
	}
	return m[1]
}

// takeUp is a short part of an answer, in its words, as the one says it who
// heard it: a clause, or a thing. "" where an answer has nothing to take up.
func takeUp(answer string) (taken string, clause bool) {
	weight := 0
	for _, c := range clauseEnd.Split(pair.ReplaceAllString(answer, "& $1$2"), -1) {
		c = landed(trailing.ReplaceAllString(alone(strings.TrimSpace(filler.ReplaceAllString(c, ""))), ""))
		if w := weigh(c); w > weight {
			taken, weight = strings.ReplaceAll(turn(c), "& ", "and "), w
		}
	}
	if taken == "" {
		taken = thing(answer)
	} else {
		return taken, true
	}
	if n := len(wordsOf(answer)); taken == "" && n > 1 && n < longest {
		return turn(strings.Trim(answer, " .!?")), true
	}
	return taken, false
}

// dangling are the words of a clause that does not end before them.
var dangling = strings.Fields("is are was were be been am has have had do does did will would can could should of to for with in on at by from than")

// landed is a clause up to its last word of content, as what comes after it ends in
// the air; "" where the clause would do so without it.
func landed(clause string) string {
	words := strings.Fields(clause)
	n := len(words)
	for n > 0 && !content(strings.ToLower(words[n-1])) {
		n--
	}
	if n < len(words) && slices.Contains(dangling, strings.ToLower(words[n])) {
		return ""
	}
	return strings.Join(words[:n], " ")
}

// weigh is how good a clause is to be taken up, 0 where it is not: it is short
// and a sentence of its own, by its looks, and it says something. Best are those
// of which the speaker is the subject.
func weigh(clause string) int {
	words := wordsOf(clause)
	mine := own.MatchString(clause)
	if len(words) < shortest || len(words) > longest || !mine && !verbal.MatchString(clause) || strings.Contains(strings.ToLower(clause), "n't ") {
		return 0
	}
	n := 0
	for _, w := range words {
		if content(w) {
			n += 2
		}
	}
	if n == 0 {
		return 0
	}
	if mine {
		n += 3
	}
	return n
}

// turn says a clause from the other side.
func turn(clause string) string {
	clause = own.ReplaceAllStringFunc(clause, func(s string) string { return s[strings.LastIndex(strings.TrimSpace(s), " ")+1:] })
	clause = opinion.ReplaceAllString(clause, "")
	words := strings.Fields(clause)
	for i, w := range words {
		if other, ok := turned[strings.ToLower(w)]; ok {
			words[i] = other
		}
		if i > 0 && words[i] == "was" && words[i-1] == "you" {
			words[i] = "were"
		}
	}
	if len(words) > 0 && words[0] == "I" {
		return strings.Join(words, " ")
	}
	return lowerFirst(strings.Join(words, " "))
}

// proper reports whether a word is written as an abbreviation is.
func proper(word string) bool { return len(word) > 1 && word == strings.ToUpper(word) }

// acting are the words after which a verb stands.
var acting = strings.Fields("to i we you they he she it can could will would shall should must may might do did not")

// thing is the last noun of an answer with what stands before it, or its longest
// word that may be one.
func thing(answer string) string {
	if f := figure.FindString(answer); f != "" && !strings.ContainsAny(f[len(f)-1:], "0123456789") {
		return strings.ToLower(f)
	}
	for _, p := range slices.Backward(phrase.FindAllString(answer, -1)) {
		words := strings.Fields(strings.ToLower(p))
		for len(words) > 1 && !noun(words[len(words)-1]) {
			words = words[:len(words)-1]
		}
		if n := len(words) - 1; n > 1 && singular.MatchString(words[0]) && strings.HasSuffix(words[n], "s") && !strings.HasSuffix(words[n], "ss") {
			words = words[:n] // a verb: "an average shop sells"
		}
		if len(words) > 1 && !loose.MatchString(strings.Join(words[1:], " ")) {
			return turn("the " + strings.Join(words[1:], " "))
		}
	}
	best, before := "", ""
	for _, w := range wordsOf(answer) {
		if noun(w) && len(w) >= len(best) && !slices.Contains(acting, before) {
			best = w
		}
		before = w
	}
	return best
}

// noun reports whether a word may be one by its looks.
func noun(w string) bool {
	return content(w) && !quantity.MatchString(w) && !slices.ContainsFunc([]string{"ly", "ed", "ing", "n't"}, func(e string) bool { return strings.HasSuffix(w, e) }) &&
		!slices.Contains(strings.Fields("faster slower better bigger higher lower longer larger smaller grown known shown gone been taken given written spoken seen somewhere anywhere everywhere somehow"), w)
}

// acknowledge takes up something of an answer. Which words it begins with goes
// round with n.
func acknowledge(answer string, n int) string {
	taken, clause := takeUp(answer)
	switch {
	case taken == "":
		return thanks[n%len(thanks)]
	case clause:
		return fmt.Sprintf(heardClause[n%len(heardClause)], taken)
	}
	return fmt.Sprintf(heardThing[n%len(heardThing)], taken)
}
