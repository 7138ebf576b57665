package turnend

import (
	"strings"

	"casey.internal/worker/language"
)

// lexicon is what the cues look for in a language. What a language has no use for is
// empty.
type lexicon struct {
	fillers, preambles, consents                  map[string]bool
	wanting                                       map[string]bool // a sentence that stops here has not stopped
	openPhrases                                   []string        // nor one that stops here
	hedges                                        []string        // nor a clause that is nothing else
	closings, corrections                         []string
	shortClosings                                 []string        // that close an answer, but may stand anywhere in a story
	endings                                       []string        // of what may well be finished, in a word that else wants another
	anaphors                                      []string        // of a sentence whose rest may be the question's
	opposites                                     map[string]bool // that can answer a question which has them and "or"
	trailing                                      map[string]bool // these want another only where the word before does
	degrees                                       []string        // that are answers to a plain question
	timeRequests                                  []string        // who says one wants to be left alone for a while
	timeTail                                      map[string]bool // what may follow it
	believing, affirmations, auxiliaries          map[string]bool
	questionsBack, openQuestions                  []string
	statements                                    []string // that would be questions back but for their first word
	storyQuestions, reasonQuestions               []string // what wants a story in any phase, and what does in one that is for them
	plainQuestions, smallQuestions                []string
	tags                                          []string // that make a statement a question
	endsQuestion, attributes, determiners         map[string]bool
	forms, participles, modals, saying            map[string]bool
	begins                                        map[string]bool   // a question that wants yes or no
	interrogatives                                map[string]bool   // one of them is in every other question; nil = the beginning tells
	stated                                        map[string]bool   // how a statement begins that is a question by its mark; nil = none does
	quoting                                       map[string]bool   // and what is in none that wants yes or no
	leading                                       map[string]bool   // may go before a question's first word
	does                                          map[string]bool   // stands for any verb
	turned                                        map[string]string // words that change where a question is asked once more by who is asked
	broad                                         map[string]bool   // how a part of a question begins that wants more than a word
	indefinite, pronouns                          map[string]bool
	opensClause, joining, subjects, subordinators map[string]bool
	counts                                        map[string]int
	digit                                         map[string]bool
	phones, dictated                              []string
	adverbial, things, ordinals, firsts, yes      map[string]bool
	so, that, do, when, who, or, negated          string // words with a grammar of their own
}

// lexicons are all of them.
var lexicons = map[language.Language]*lexicon{language.English: &english, language.German: &german, language.Spanish: &spanish}

// set splits a list of words.
func set(list string) map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		all[w] = true
	}
	return all
}

// phrases splits a list of phrases.
func phrases(list string) []string {
	all := strings.Split(list, "|")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}
