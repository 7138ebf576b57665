package turnend

import (
	"slices"
	"strings"
)

// wantsAWord reports whether a question, by its clauses, can be answered by yes or no, or
// by another word. It is one of these by how it begins, or begins after a comma: "do you"
// in "how do you decide" is none, nor "who" in "somebody who", nor "when" before a comma in
// "when they complain, how do you react". One that ends in "and how" or "and what" wants more.
func (l *lexicon) wantsAWord(parts []string, asks bool) (yesOrNo, word bool) {
	for i, part := range parts {
		asked := words(part)
		for len(asked) > 1 && (l.opensClause[asked[0]] || l.leading[asked[0]]) {
			asked = asked[1:]
		}
		last := i+1 == len(parts)
		if len(asked) == 0 || l.subordinators[asked[0]] && !last && (len(asked) < 2 || !l.begins[asked[1]]) {
			continue
		}
		small := beginWithOneOf(asked, l.plainQuestions)
		if !small && l.broad[asked[0]] && (last || len(asked) == 1) {
			return false, false
		}
		yesOrNo = yesOrNo || l.begins[asked[0]] || last && asks && l.isYesOrNo(asked)
		word = word || small
	}
	return yesOrNo, word
}

// tagged reports whether a question, by its clauses, is a statement that ends in "right" or
// "weren't you": one for yes or no, whatever the statement is about.
func (l *lexicon) tagged(parts []string, asks bool) bool {
	tag := words(parts[len(parts)-1])
	inverts := len(tag) == 2 && l.begins[tag[0]] && !l.modals[tag[0]] && l.subjects[tag[1]]
	return asks && (inverts || slices.Contains(l.tags, strings.Join(tag, " ")))
}

// clauses divides the last question of a text at its commas; asks is whether it has its mark.
func clauses(question string) (parts []string, asks bool) {
	end := strings.LastIndex(question, "?")
	if end >= 0 {
		question = question[:end]
	}
	question = strings.TrimRight(question, ".! ")
	return strings.Split(strings.ReplaceAll(question[strings.LastIndexAny(question, ".!?")+1:], "¿", ","), ","), end >= 0
}

// isYesOrNo reports whether the last part of a question is none for anything else: in a
// language in which any verb may begin it, or where it is a statement: "you left in May".
func (l *lexicon) isYesOrNo(asked []string) bool {
	if l.interrogatives == nil {
		return l.states(asked)
	}
	return !l.subordinators[asked[0]] && !slices.ContainsFunc(asked, func(w string) bool { return l.interrogatives[w] })
}

// states reports whether the words are a statement to agree with. "You mentioned a conflict"
// is rather one to go on from; "you did what", "you left because" and "you were here or
// there" ask for more.
func (l *lexicon) states(asked []string) bool {
	subject, _, contracted := strings.Cut(asked[0], "'")
	last := asked[len(asked)-1]
	begins := (l.stated[subject] || l.stated[asked[0]]) && (contracted || len(asked) > 1)
	return begins && !l.endsQuestion[last] && !l.joining[last] && !slices.ContainsFunc(asked, func(w string) bool {
		return l.quoting[w] || w == l.or || slices.Contains(l.questionsBack, w)
	})
}
