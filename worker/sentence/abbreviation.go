package sentence

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Abbreviations, in small letters without their last dot.
var (
	// beforeName are never the end of a sentence.
	beforeName = words("mr mrs ms dr prof st sr jr gen col lt sgt capt rev hon gov sen rep vs e.g i.e eg ie cf approx incl excl dept z.b bzw d.h u.a evtl ggf inkl p.ej sra")
	// beforeNumber are none where a number follows.
	beforeNumber = words("no nos fig p pp vol ch sec art par ca est max min jan feb mar apr jun jul aug sep sept oct nov dec")
	// anywhere may end one: then a capital letter decides.
	anywhere = words("a.k.a etc inc ltd co corp al a.m p.m u.s u.k ph.d b.sc m.sc")
)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

// abbreviated reports whether a dot after before belongs to an abbreviation, an
// initial or the number of a list, and next goes on with the same sentence.
func abbreviated(before, next string) bool {
	word := before[strings.LastIndexFunc(before, isSpace)+1:]
	word = strings.ToLower(strings.TrimLeft(word, "\"'“‘(["))
	first, _ := utf8.DecodeRuneInString(next)
	switch {
	case beforeName[word]:
		return true
	case beforeNumber[word]:
		return unicode.IsDigit(first)
	case anywhere[word]:
		return !unicode.IsUpper(first)
	case utf8.RuneCountInString(word) == 1 && word != "i":
		r, _ := utf8.DecodeRuneInString(word)
		return unicode.IsLetter(r) || strings.TrimSpace(before) == word // J. Smith; 1. First
	}
	return false
}

func isSpace(r rune) bool { return unicode.IsSpace(r) }
