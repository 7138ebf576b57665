package canned

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Word is a word of an utterance, and how much voice it takes until its end.
type Word struct {
	Text string
	End  time.Duration
}

// Utterance is what somebody says until they pause.
type Utterance []Word

// perWord is how long a word lasts whose end is not told.
const perWord = 300 * time.Millisecond

// usual is what is heard where nothing else is said.
var usual = []Utterance{
	untimed("I worked on a payment service with three other people."),
	untimed("The hardest part was finding the bug in the network code."),
	untimed("First we measured how long each request was taking."),
	untimed("Then we moved the work to a queue and it became much faster."),
}

func untimed(line string) Utterance {
	u, _ := utterance(line) // without times nothing is wrong with it
	return u
}

// Utterances reads what is heard, an utterance a line: words, each with how long the voice has been heard at its end, as in
// "unless@590ms to@700ms"; what has no time lasts 300 ms. Empty lines are passed over.
func Utterances(r io.Reader) ([]Utterance, error) {
	var all []Utterance
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		u, err := utterance(lines.Text())
		if err != nil {
			return nil, fmt.Errorf("what is heard, line %d: %w", n, err)
		}
		if len(u) > 0 {
			all = append(all, u)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read what is heard: %w", err)
	}
	if len(all) == 0 {
		return nil, errors.New("what is heard: there is not a word")
	}
	return all, nil
}

func utterance(line string) (Utterance, error) {
	var u Utterance
	end := time.Duration(0)
	for field := range strings.FieldsSeq(line) {
		text, at, timed := strings.Cut(field, "@")
		if !timed {
			end += perWord
		} else {
			next, err := time.ParseDuration(at)
			if err != nil || next <= end {
				return nil, fmt.Errorf("%q: the time is one like 590ms, and later than that of the word before", field)
			}
			end = next
		}
		u = append(u, Word{text, end})
	}
	return u, nil
}
