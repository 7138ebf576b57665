package vocabulary

import (
	"slices"
	"strings"
	"unicode"
)

// Write returns words as they are written, and the punctuation after each. Runs of words that are a sentence of the vocabulary, or the
// beginning of one at the end of words, are written as that sentence is; others get a capital at their start. complete tells that
// nothing follows, so that the last sentence ends with a mark.
func (v *Vocabulary) Write(words []string, complete bool) (written, marks []string) {
	for at := 0; at < len(words); {
		s, n := v.match(words[at:])
		if n == 0 {
			s, n = plain(words[at:]), len(words)-at
		}
		written = append(written, capitals(s.Written[:n])...)
		marks = append(marks, s.Marks[:n]...)
		at += n
		if last := len(marks) - 1; (at < len(words) || complete) && !strings.ContainsAny(marks[last], ".?!") {
			marks[last] = closing(s.Words)
		}
	}
	if !complete && len(marks) > 0 {
		marks[len(marks)-1] = ""
	}
	return written, marks
}

// maxTail is how many words of a sentence that somebody did not say are taken for a noise.
const maxTail = 2

// Trim returns words without the few at the end that only begin a sentence, where whole sentences stand before them.
// Recognisers of a grammar take the noise after a sentence for the beginning of another.
func (v *Vocabulary) Trim(words []string) []string {
	for at := 0; at < len(words); {
		s, n := v.match(words[at:])
		if n == 0 {
			return words
		}
		if n < len(s.Words) && at > 0 && n <= maxTail {
			return words[:at]
		}
		at += n
	}
	return words
}

// match returns the longest sentence that words begin with, or a sentence that begins with all of words.
func (v *Vocabulary) match(words []string) (Sentence, int) {
	var best Sentence
	matched := 0
	for _, i := range v.byFirst[words[0]] {
		s := v.sentences[i]
		n := min(len(s.Words), len(words))
		if n > matched && slices.Equal(s.Words[:n], words[:n]) {
			best, matched = s, n
		}
	}
	return best, matched
}

func plain(words []string) Sentence {
	s := Sentence{Words: words, Written: slices.Clone(words), Marks: make([]string, len(words))}
	for i, w := range words {
		if w == "i" || strings.HasPrefix(w, "i'") {
			s.Written[i] = "I" + w[1:]
		}
	}
	return s
}

// capitals returns words with a capital first letter.
func capitals(words []string) []string {
	out := slices.Clone(words)
	first := []rune(out[0])
	first[0] = unicode.ToUpper(first[0])
	out[0] = string(first)
	return out
}

// interrogatives begin a question in speech that has no punctuation of its own.
var interrogatives = []string{"what", "who", "where", "when", "why", "how", "could", "would", "can", "do", "does", "is", "are"}

func closing(words []string) string {
	if slices.Contains(interrogatives, words[0]) {
		return "?"
	}
	return "."
}
