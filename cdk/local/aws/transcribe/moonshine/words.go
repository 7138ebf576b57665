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

// weight is about how long it takes to say the word, in letters: a digit stands for a word of its
// own.
func (w word) weight() float64 {
	sum := 1.0
	for _, r := range w.text {
		switch {
		case unicode.IsDigit(r):
			sum += 4
		case unicode.IsLetter(r):
			sum++
		}
	}
	return sum
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
