package interviewer

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"casey.internal/worker/conversation"
)

// The marks that a draft begins with: has the candidate finished?
const (
	finished   = "✓"
	unfinished = "○"
)

// askMark is added to the instruction where the interviewer is to judge that itself.
const askMark = "You hear this during a silence, and the candidate may not have finished. Begin with " + finished +
	" and go on with your reply if the answer is complete and a listener would speak now, or if they ask you something." +
	" If they only pause, since the sentence breaks off, a story has no end yet, or they think or ask for time, write " +
	unfinished + " and nothing else."

// withoutMarks takes marks out of what is said.
var withoutMarks = strings.NewReplacer(finished, "", unfinished, "")

// judging takes the mark from the beginning of an answer and tells what it says. Nothing
// follows one that says unfinished; without a mark the answer stays as it is.
func (a *answer) judging(texts iter.Seq2[string, error], tell func(conversation.Opinion) bool) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		begun := false
		for text, err := range texts {
			if err == nil && !begun {
				if text = strings.TrimLeftFunc(text, unicode.IsSpace); text == "" {
					continue
				}
				begun = true
				if says, ok := opinion(text); ok {
					if a.pauses = !tell(says) || says == conversation.Unfinished; a.pauses {
						return
					}
				}
			}
			if !yield(text, err) {
				return
			}
		}
	}
}

// opinion is what the mark at the beginning of a text says; not ok = there is none.
func opinion(text string) (conversation.Opinion, bool) {
	switch _, n := utf8.DecodeRuneInString(text); text[:n] {
	case finished:
		return conversation.Finished, true
	case unfinished:
		return conversation.Unfinished, true
	}
	return "", false
}
