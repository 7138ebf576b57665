package moonshine

import (
	"strings"
	"time"
	"unicode"
)

// word is a word as it was understood.
type word struct {
	// text is as it is written, mark the punctuation after it or "".
	text, mark string
	start, end time.Duration
	// looks is in how many looks in a row it stood where it stands.
	looks int
}

// plain is what of a word is compared: punctuation and capitals change with every word that is
// added.
func (w word) plain() string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, w.text)
}

// weight is about how long it takes to say the word, in sounds: of th, ss and a last e one letter is
// none, a digit stands for a word, and little words are hurried over.
func (w word) weight() float64 {
	sum := 0.0
	plain := w.plain()
	last := rune(0)
	for i, r := range plain {
		switch {
		case unicode.IsDigit(r):
			sum += 4
		case r == last || r == 'h' && strings.ContainsRune("tscpgw", last) || r == 'e' && i == len(plain)-1 && i > 2:
		default:
			sum++
		}
		last = r
	}
	if little[plain] {
		sum *= 0.6
	}
	return max(1, sum)
}

// little are the words that are hardly ever stressed.
var little = map[string]bool{
	"a": true, "an": true, "and": true, "as": true, "at": true, "be": true, "but": true, "for": true, "from": true, "had": true,
	"has": true, "he": true, "his": true, "i": true, "in": true, "is": true, "it": true, "of": true, "on": true, "or": true,
	"that": true, "the": true, "to": true, "was": true, "we": true, "were": true, "with": true, "you": true,
}

// split takes a line apart. Words without a letter or digit, such as dashes, are none.
func split(line string) []word {
	var words []word
	for field := range strings.FieldsSeq(line) {
		text := strings.TrimRight(field, ".,?!;:…\"”)")
		w := word{text: strings.TrimLeft(text, "\"“("), mark: mark(field[len(text):])}
		if w.plain() != "" {
			words = append(words, w)
		}
	}
	return words
}

// mark is the one of what follows a word that Transcribe writes too.
func mark(after string) string {
	i := strings.IndexAny(after, ".,?!")
	if i < 0 {
		return ""
	}
	return after[i : i+1]
}

// same tells whether two words are the same but for how they are written.
func same(a, b word) bool { return a.plain() == b.plain() }
