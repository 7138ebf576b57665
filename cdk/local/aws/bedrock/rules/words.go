package rules

import (
	"slices"
	"strings"
	"unicode"
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
	went were what when where which while who whole why will with without work worked working would write year years yes yet you your`)

// wordsOf returns the words of a text in small letters.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
}

// subject returns the word of an answer that a listener would take up: the longest with content, the last of these; "" if there is none.
func subject(answer string) string {
	best := ""
	for _, w := range wordsOf(answer) {
		if len(w) > 2 && len(w) >= len(best) && !slices.Contains(empty, w) && !strings.Contains(w, "'") {
			best = w
		}
	}
	return best
}
