package chaos

import (
	"iter"
	"regexp"
	"slices"
	"strings"

	"casey.internal/shared/interview"
)

// takenBack reports whether a turn that was heard is on record without its end since nobody
// knew whether that had arrived, and every sentence of which words are missing was said
// again, whole, in a later turn. A worker does so with the interviewer's last words when it
// finds that the candidate was not there any more.
func takenBack(heard string, turn interview.Turn, all []interview.Turn) bool {
	rest, begins := strings.CutPrefix(heard, turn.Text)
	if turn.Role != interview.Interviewer || !turn.Cut || !begins || turn.Text != "" && !strings.HasPrefix(rest, " ") {
		return false
	}
	var again []string
	for _, t := range all {
		if t.Role == interview.Interviewer && t.Number > turn.Number {
			for sentence := range sentences(t.Text) {
				again = append(again, sentence)
			}
		}
	}
	for sentence, end := range sentences(heard) {
		if end > len(turn.Text) && !slices.Contains(again, sentence) {
			return false
		}
	}
	return true
}

// oneSentence is a sentence and the space after it.
var oneSentence = regexp.MustCompile(`(?s)\S.*?(?:[.?!](?: +|$)|$)`)

// sentences yields the sentences of a text, and where in it each ends.
func sentences(text string) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for _, at := range oneSentence.FindAllStringIndex(text, -1) {
			sentence := strings.TrimSpace(text[at[0]:at[1]])
			if !yield(sentence, at[0]+len(sentence)) {
				return
			}
		}
	}
}
