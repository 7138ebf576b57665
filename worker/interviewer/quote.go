package interviewer

import (
	"regexp"
	"strings"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/transcript"
)

// shortestQuote is the number of words from which words of somebody are a quote.
const shortestQuote = 2

// inQuotes finds what a text quotes.
var inQuotes = regexp.MustCompile(`“([^”]*)”|"([^"]*)"|„([^“]*)“|«([^»]*)»`)

// turnOf returns the turn in which words were said, but for case and punctuation, 0 if
// in none.
func turnOf(words string, turns []interview.Turn) (number int) {
	wanted := transcript.Words(words)
	if len(wanted) < shortestQuote {
		return 0
	}
	for _, turn := range turns {
		if strings.Contains(" "+plainWords(turn.Text)+" ", " "+strings.Join(wanted, " ")+" ") {
			return turn.Number
		}
	}
	return 0
}

func plainWords(text string) string { return strings.Join(transcript.Words(text), " ") }

// trueQuotes are those that were said, each once, as they were written.
func trueQuotes(all []string, turns []interview.Turn) (quotes []channel.Quote) {
	known := map[string]bool{}
	for _, text := range all {
		text = strings.Trim(strings.TrimSpace(text), "“”\"„«»")
		if turn := turnOf(text, turns); turn != 0 && !known[plainWords(text)] {
			known[plainWords(text)] = true
			quotes = append(quotes, channel.Quote{Turn: turn, Text: text})
		}
	}
	return quotes
}

// honest reports whether all that a text quotes was said, by anybody. A single word
// in quotation marks is no quote.
func honest(text string, history []interview.Turn) bool {
	for _, m := range inQuotes.FindAllStringSubmatch(text, -1) {
		words := strings.Join(m[1:], "")
		if len(transcript.Words(words)) >= shortestQuote && turnOf(words, history) == 0 {
			return false
		}
	}
	return true
}
