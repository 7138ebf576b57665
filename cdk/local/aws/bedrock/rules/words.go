package rules

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// empty are the words that carry no subject of their own.
var empty = strings.Fields(`a about actually after again all also always am an and another any anything are as ask asked at
	be because been before begin being better both but by came can could day did different difficult do does doing done down each early easy
	else even ever every few find first for from get give go going good got great had has have having he hear hello her here hi him his how
	i if important in into is it its just kind know last later least left less let like little long look lot made make many maybe me mean meet
	might more most much must my myself need never new next nice no not nothing now of off often ok okay on once one only or other others our
	out over own part people please put quite question ready really right said same say see she should since small so some somebody something
	sometimes soon start started still such sure take talk tell than thank thanks that the their them then there these they thing things think
	third this those three through time times to today together too took two uh um under until up us used usually very want wanted was way we well
	went were what when where which while who whole why will with without work worked working would write year years yes yet you your
	i'm i've i'd i'll we're we've we'd it's that's there's don't didn't doesn't can't couldn't wasn't weren't isn't aren't won't wouldn't`)

// wordsOf returns the words of a text in small letters.
func wordsOf(text string) []string {
	text = strings.ReplaceAll(strings.ToLower(text), "’", "'")
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' })
}

// bare is a text in small letters without marks, a space between words.
func bare(text string) string { return strings.Join(wordsOf(text), " ") }

// content reports whether a word carries a subject.
func content(word string) bool {
	return len(word) > 2 && !slices.Contains(empty, word) && strings.ContainsFunc(word, unicode.IsLetter)
}

// stem is about what forms of a word have in common.
func stem(word string) string {
	for _, ending := range []string{"ings", "ing", "ies", "ed", "es", "s", "y"} {
		if cut, ok := strings.CutSuffix(word, ending); ok && len(cut) > 2 {
			return cut
		}
	}
	return word
}

// stems are the stems of a text's words of content.
func stems(text string) map[string]bool {
	all := map[string]bool{}
	for _, w := range wordsOf(text) {
		if content(w) {
			all[stem(w)] = true
		}
	}
	return all
}

var ending = regexp.MustCompile(`[.!?]+["')]?(\s+|$)|\n+`)

// sentences cuts a text after its full stops, question marks and lines.
func sentences(text string) (all []string) {
	for at := 0; at < len(text); {
		end := len(text)
		if m := ending.FindStringIndex(text[at:]); m != nil {
			end = at + m[1]
		}
		if s := strings.TrimSpace(text[at:end]); s != "" {
			all = append(all, s)
		}
		at = end
	}
	return all
}

// capital begins a sentence.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// lowerFirst goes on in one, unless the text begins with an abbreviation.
func lowerFirst(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	word, _, _ := strings.Cut(text, " ")
	if size == 0 || proper(word) {
		return text
	}
	return string(unicode.ToLower(first)) + text[size:]
}
