// Package sentence cuts a stream of text into sentences as they complete, so
// that the first can be said while the rest is still being written.
package sentence

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Longest is how many bytes a sentence may have before it is cut where it can
// be: a voice must begin, and what is not said yet can still be taken back.
const Longest = 300

// Split yields the sentences of a text that comes in pieces, each as soon as
// it is known to be complete, without the space around it. After a question or
// exclamation mark that is at once, and further marks that come later are
// dropped; a full stop may be part of a number or an
// abbreviation, so it takes what follows, or the end. An error of pieces comes
// last, after what was complete before it; an unfinished sentence is dropped.
func Split(pieces iter.Seq2[string, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var rest string
		done := false // rest was yielded whole: marks that come now belong to it
		for piece, err := range pieces {
			if err != nil {
				yield("", err)
				return
			}
			if done {
				piece = strings.TrimLeft(piece, marks)
				done = piece == ""
			}
			rest += piece
			for end := first(rest); end > 0; end = first(rest) {
				sentence := strings.TrimSpace(rest[:end])
				done = end == len(rest)
				rest = strings.TrimLeftFunc(rest[end:], unicode.IsSpace)
				if sentence != "" && !yield(sentence, nil) {
					return
				}
			}
		}
		if rest = strings.TrimSpace(rest); rest != "" {
			yield(rest, nil)
		}
	}
}

// marks may follow the mark that ends a sentence.
const marks = "?!.…\"'”’)]*_"

// first is the length of the first complete sentence in text; 0 = there is none.
func first(text string) int {
	for i, r := range text {
		after := i + utf8.RuneLen(r)
		switch {
		case i >= Longest:
			return cut(text, i)
		case r == '\n' && strings.TrimSpace(text[:i]) != "":
			return after
		case strings.ContainsRune("?!。？！", r):
			return closed(text, after)
		case r == '.' || r == '…':
			if end := closed(text, after); end < len(text) && startsAnew(text[end:]) && !abbreviated(text[:i]) {
				return end
			}
		}
	}
	return 0
}

// closed goes past the marks, quotes and brackets that belong to an end.
func closed(text string, end int) int {
	for i, r := range text[end:] {
		if !strings.ContainsRune(marks, r) {
			return end + i
		}
	}
	return len(text)
}

// startsAnew reports whether what follows a full stop is space.
func startsAnew(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsSpace(r)
}

// abbreviations end in a full stop that ends no sentence.
var abbreviations = map[string]bool{
	"mr": true, "mrs": true, "ms": true, "dr": true, "prof": true, "st": true, "jr": true, "sr": true,
	"e.g": true, "i.e": true, "vs": true, "cf": true, "no": false, "approx": true, "inc": true, "ltd": true, "u.s": true,
}

// abbreviated reports whether text, up to a full stop, ends in an abbreviation,
// an initial or the number of a list.
func abbreviated(text string) bool {
	word := strings.ToLower(text[strings.LastIndexFunc(text, unicode.IsSpace)+1:])
	word = strings.TrimLeft(word, "\"'“‘(*")
	if abbreviations[word] {
		return true
	}
	r, size := utf8.DecodeRuneInString(word)
	if size == len(word) && unicode.IsLetter(r) {
		return word != "i" // an initial; "I." ends a sentence
	}
	return word == strings.TrimSpace(strings.ToLower(text)) && strings.TrimLeft(word, "0123456789") == ""
}

// cut is where a text that is too long for one sentence is cut: after a comma
// or the like, or else after a word.
func cut(text string, end int) int {
	for _, marks := range []string{",;:", " "} {
		if i := strings.LastIndexAny(text[:end], marks); i > 0 {
			return i + 1
		}
	}
	return end
}
