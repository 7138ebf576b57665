package rules

import (
	_ "embed" // for the questions
	"slices"
	"strings"
)

//go:embed questions.txt
var questionsText string

// question is one that the interviewer can ask.
type question struct {
	words []string // of an answer that it fits; none: of any
	text  string
}

var questions = parseQuestions(questionsText)

func parseQuestions(text string) []question {
	var out []question
	for line := range strings.Lines(text) {
		words, asked, ok := strings.Cut(line, "|")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		q := question{text: strings.TrimSpace(asked)}
		for w := range strings.SplitSeq(words, ",") {
			if w = strings.TrimSpace(w); w != "" {
				q.words = append(q.words, w)
			}
		}
		out = append(out, q)
	}
	return out
}

// fits tells how well a question follows an answer: 2 where it takes up a word of it, 1 where it fits any, 0 where it does not.
func (q question) fits(answer []string) int {
	if len(q.words) == 0 {
		return 1
	}
	for _, w := range q.words {
		if slices.Contains(answer, w) {
			return 2
		}
	}
	return 0
}
