package interviewer

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"casey.internal/shared/interview"
	"casey.internal/worker/transcript"
)

// The limits of what is judged question by question.
const (
	mostExchanges = 12 // the longest answers
	fewestWords   = 3  // of an answer
	backWords     = 15 // of a question of the candidate's, at most
	briefWords    = 8  // of an interviewer's line that asks nothing new, as in "take your time"
)

// exchange is a question and its answer, which may be several turns.
type exchange struct {
	asked  string
	answer []interview.Turn
}

// exchanges divides a history, oldest first. What is hardly an answer is none.
func exchanges(history []interview.Turn) []exchange {
	var all []exchange
	var now exchange
	for _, turn := range history {
		switch {
		case turn.Role == interview.Candidate:
			now.answer = append(now.answer, turn)
		case now.askedBack(turn.Text):
			now.answer = now.answer[:len(now.answer)-1]
		case !goesOn(turn.Text):
			all = append(all, now)
			now = exchange{asked: question(turn.Text)}
		}
	}
	all = append(all, now)
	return slices.DeleteFunc(all, func(x exchange) bool { return x.words() < fewestWords })
}

// goesOn reports whether an interviewer's line asks nothing new.
func goesOn(text string) bool {
	return !strings.Contains(text, "?") && len(transcript.Words(text)) <= briefWords
}

// askedBack reports whether the candidate's last turn was a question to the
// interviewer, which a line answers: it asks the same again, or nothing.
func (x exchange) askedBack(text string) bool {
	if len(x.answer) == 0 {
		return false
	}
	last := strings.TrimSpace(x.answer[len(x.answer)-1].Text)
	return strings.HasSuffix(last, "?") && len(transcript.Words(last)) <= backWords && (question(text) == x.asked || !strings.Contains(text, "?"))
}

var sentences = regexp.MustCompile(`[^.!?]+[.!?]*`)

// question is the last sentence that asks, or the last one.
func question(text string) string {
	all := sentences.FindAllString(text, -1)
	for _, s := range slices.Backward(all) {
		if strings.HasSuffix(s, "?") {
			return strings.TrimSpace(s)
		}
	}
	if len(all) == 0 {
		return text
	}
	return strings.TrimSpace(all[len(all)-1])
}

// text is the answer in one line.
func (x exchange) text() string {
	var said []string
	for _, turn := range x.answer {
		said = append(said, strings.Fields(turn.Text)...)
	}
	return strings.Join(said, " ")
}

func (x exchange) words() int { return len(transcript.Words(x.text())) }

// unsure reports whether recognition was, of every third word or more: then the words
// tell little about what was said.
func (x exchange) unsure() bool {
	n := 0
	for _, turn := range x.answer {
		n += turn.Unsure
	}
	return 3*n >= x.words()
}

// longestAnswers are those with the longest answers, in their order.
func longestAnswers(all []exchange) []exchange {
	if len(all) <= mostExchanges {
		return all
	}
	byLength := slices.SortedStableFunc(slices.Values(all), func(a, b exchange) int { return cmp.Compare(b.words(), a.words()) })
	least := byLength[mostExchanges-1].words()
	kept := slices.DeleteFunc(slices.Clone(all), func(x exchange) bool { return x.words() < least })
	return kept[:mostExchanges]
}
