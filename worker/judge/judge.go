// Package judge asks a language model for one word on somebody's answer: is it
// finished, unfinished, are they thinking, or do they ask something. How much the
// word counts follows from how often that model says it of answers that are whole
// and of answers that are not (rates.json, which `make judge-eval` measures).
package judge

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
)

// ErrNonsense says that a model's answer is none of the four words.
var ErrNonsense = errors.New("judge: none of the four words")

// Judge implements conversation.Judge with a language model.
type Judge struct {
	model interviewer.Model
	rates Rates
}

// New returns a Judge that asks a model whose rates are these.
func New(model interviewer.Model, rates Rates) *Judge { return &Judge{model, rates} }

// system is what the model is told. It is short, since it is read a few times in
// every answer.
const system = `You hear an interview through speech recognition, which writes no punctuation. You are given the interviewer's question and what the candidate has said until this silence. Say whether the candidate has finished, with one of these words alone:
finished - the answer is complete, and a listener would speak now
unfinished - the candidate pauses in the middle: the sentence breaks off, a story has no end yet, or more was announced
thinking - nothing has been answered yet, or the candidate asks for time
asks - the candidate asks the interviewer something, or to repeat the question`

// longest is the most of a question and of an answer that a model is given, in bytes: the
// end of them tells.
const (
	longestQuestion = 400
	longestAnswer   = 1200
	tokens          = 6 // more than any of the words has
)

// Judge implements conversation.Judge. The error is the model's, or ErrNonsense.
func (j *Judge) Judge(ctx context.Context, question, text string) (conversation.Judgement, error) {
	var judgement conversation.Judgement
	var answer strings.Builder
	for delta, err := range j.model.Converse(ctx, request(question, text)) {
		if err != nil {
			return judgement, err
		}
		answer.WriteString(delta.Text)
		if u := delta.Usage; u != nil {
			judgement.Cost = conversation.Cost{Tokens: *u}
		}
	}
	says, err := Parse(answer.String())
	judgement.Says, judgement.Weight = says, j.rates.Weight(says)
	return judgement, err
}

func request(question, text string) interviewer.Request {
	return interviewer.Request{
		System:    system,
		MaxTokens: tokens,
		Messages: []interviewer.Message{{
			Role: interviewer.User,
			Text: fmt.Sprintf("Question: %s\nCandidate: %s", end(question, longestQuestion), end(text, longestAnswer)),
		}},
	}
}

// end returns the last n bytes of a text, from the beginning of a word.
func end(text string, n int) string {
	if len(text) <= n {
		return text
	}
	text = text[len(text)-n:]
	_, after, _ := strings.Cut(text, " ")
	return "… " + after
}

// Parse reads a model's answer. The word may have a capital and punctuation, and
// more may follow it on another line; anything else is ErrNonsense.
func Parse(answer string) (conversation.Opinion, error) {
	first, _, _ := strings.Cut(strings.TrimSpace(answer), "\n")
	word := conversation.Opinion(strings.ToLower(strings.Trim(first, " \t.,!*\"'`")))
	switch word {
	case conversation.Finished, conversation.Unfinished, conversation.Thinks, conversation.Asks:
		return word, nil
	}
	return "", fmt.Errorf("%w in %d bytes", ErrNonsense, len(answer)) // which may repeat what was said
}
