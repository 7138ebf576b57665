// Package vocabulary turns a text of sentences into a grammar that a recogniser can use, and words that were recognised
// back into written sentences.
package vocabulary

import (
	"bufio"
	_ "embed" // for the sentences
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

//go:embed sentences.txt
var interview string

// Interview returns the sentences that casey ships: what candidates say in interviews, one a line.
func Interview() io.Reader { return strings.NewReader(interview) }

// Sentence is one line of a vocabulary.
type Sentence struct {
	// Words are in small letters without punctuation, as a pronouncing dictionary has them.
	Words []string
	// Written are the same words with capitals, and Marks the punctuation after each, mostly empty.
	Written, Marks []string
}

// Vocabulary is a closed set of sentences.
type Vocabulary struct {
	sentences []Sentence
	byFirst   map[string][]int // first word -> indexes of sentences
}

// New returns a vocabulary without sentences.
func New() *Vocabulary { return &Vocabulary{byFirst: map[string][]int{}} }

// Len is the number of sentences.
func (v *Vocabulary) Len() int { return len(v.sentences) }

// Add reads sentences, one a line; empty lines, lines with a # and repeated sentences are passed over.
func (v *Vocabulary) Add(r io.Reader) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		v.add(Parse(line))
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read sentences: %w", err)
	}
	return nil
}

func (v *Vocabulary) add(s Sentence) {
	if len(s.Words) == 0 {
		return
	}
	first := s.Words[0]
	for _, i := range v.byFirst[first] {
		if slices.Equal(v.sentences[i].Words, s.Words) {
			return
		}
	}
	v.byFirst[first] = append(v.byFirst[first], len(v.sentences))
	v.sentences = append(v.sentences, s)
}

// Known returns the vocabulary without the sentences that have a word which the dictionary lacks, and those sentences.
// The dictionary is in the format of the CMU dictionary: a line a word, the word first, variants as word(2).
func (v *Vocabulary) Known(dictionary io.Reader) (known *Vocabulary, dropped []string, err error) {
	missing := map[string]bool{}
	for _, s := range v.sentences {
		for _, w := range s.Words {
			missing[w] = true
		}
	}
	lines := bufio.NewScanner(dictionary)
	for lines.Scan() {
		word, _, _ := strings.Cut(lines.Text(), " ")
		delete(missing, word)
	}
	if err := lines.Err(); err != nil {
		return nil, nil, fmt.Errorf("read dictionary: %w", err)
	}
	known = New()
	for _, s := range v.sentences {
		if slices.ContainsFunc(s.Words, func(w string) bool { return missing[w] }) {
			dropped = append(dropped, strings.Join(s.Words, " "))
			continue
		}
		known.add(s)
	}
	return known, dropped, nil
}

// Grammar returns the vocabulary as a JSGF grammar of one or more of its sentences (W3C "JSpeech Grammar Format").
func (v *Vocabulary) Grammar() string {
	alternatives := make([]string, len(v.sentences))
	for i, s := range v.sentences {
		alternatives[i] = strings.Join(s.Words, " ")
	}
	return "#JSGF V1.0;\ngrammar casey;\npublic <talk> = <sentence>+;\n<sentence> = " + strings.Join(alternatives, " |\n ") + ";\n"
}

// Parse takes a written line apart.
func Parse(line string) Sentence {
	var s Sentence
	for token := range strings.FieldsSeq(line) {
		word := strings.TrimFunc(token, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' })
		if word == "" {
			continue
		}
		s.Words = append(s.Words, strings.ToLower(word))
		s.Written = append(s.Written, word)
		s.Marks = append(s.Marks, punctuation(token))
	}
	return s
}

// punctuation returns the mark that a token ends in, of those that a transcript may have.
func punctuation(token string) string {
	if last := token[len(token)-1:]; strings.Contains(",.?!", last) {
		return last
	}
	return ""
}
