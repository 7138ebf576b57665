// Package sentence cuts a stream of text into sentences as they complete, so
// that the first can be said while the rest is still being thought of.
package sentence

import (
	"iter"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits in bytes of what is said in one piece.
const (
	// firstLong is the length from which a first sentence is cut at a comma: the
	// beginning of a reply should not wait for a long period.
	firstLong = 60
	// Longest is the length from which any sentence is cut, at the best place
	// there is. It is far below what a synthesizer takes at a time.
	Longest = 400
)

// Split yields the sentences of a stream of pieces. An error of the stream ends
// it, after what was complete before; what was not complete is dropped.
func Split(pieces iter.Seq2[string, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var s Splitter
		for piece, err := range pieces {
			if err != nil {
				yield("", err)
				return
			}
			s.Write(piece)
			for sentence := range s.Complete() {
				if !yield(sentence, nil) {
					return
				}
			}
		}
		if rest := s.Rest(); rest != "" {
			yield(rest, nil)
		}
	}
}

// Splitter gathers pieces of text and gives away sentences. The zero value is
// ready.
type Splitter struct {
	text  string // not given away yet
	given int    // sentences
}

// Write adds a piece of text, cut anywhere.
func (s *Splitter) Write(piece string) { s.text += piece }

// Complete yields the sentences that are complete: those after which something
// begins that is not part of them.
func (s *Splitter) Complete() iter.Seq[string] {
	return func(yield func(string) bool) {
		for {
			end := s.end()
			if end == 0 {
				return
			}
			sentence := strings.TrimSpace(s.text[:end])
			s.text = s.text[end:]
			if sentence == "" {
				continue
			}
			s.given++
			if !yield(sentence) {
				return
			}
		}
	}
}

// Rest returns what is left when no more text comes; it may be empty.
func (s *Splitter) Rest() string {
	rest := strings.TrimSpace(s.text)
	s.text = ""
	return rest
}

// end returns where the first piece to say ends, 0 when that is not known yet.
func (s *Splitter) end() int {
	end := s.sentenceEnd()
	switch {
	case end > Longest || end == 0 && len(s.text) > Longest:
		return cut(s.text)
	case end == 0 && s.given == 0 && len(s.text) > firstLong:
		return lastPause(s.text, firstLong/3, len(s.text))
	}
	return end
}

// sentenceEnd returns where the first sentence ends, 0 when that is not known.
func (s *Splitter) sentenceEnd() int {
	for i, r := range s.text {
		if r == '\n' && strings.TrimSpace(s.text[:i]) != "" {
			return i + 1 // a line is a sentence, whatever it ends with
		}
		if !strings.ContainsRune(".?!…。？！", r) {
			continue
		}
		if end, ok := s.terminated(i); ok {
			return end
		}
	}
	return 0
}

// terminated decides whether the mark at i ends a sentence, and where: after
// all marks and closing quotes that follow. Not ok when it does not, or when
// what follows is not known yet.
func (s *Splitter) terminated(i int) (end int, ok bool) {
	end = i
	for end < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[end:])
		if !strings.ContainsRune(".?!…。？！\"'”’)]*_", r) {
			break
		}
		end += size
	}
	if strings.ContainsAny(s.text[i:end], "。？！") {
		return end, true // no space follows these
	}
	next := strings.TrimLeft(s.text[end:], " \t")
	if next == "" || len(next) == len(s.text[end:]) && next[0] != '\n' {
		return 0, false // not known yet; or in a word: 3.5, e.g.x, a.m.,
	}
	if s.text[i] == '.' && end == i+1 && abbreviated(s.text[:i], next) {
		return 0, false
	}
	operator := strings.HasSuffix(s.text[:i], " ") // a ?? b, x ? y : z
	if first, _ := utf8.DecodeRuneInString(next); unicode.IsLower(first) && (operator || !strings.ContainsAny(s.text[i:end], "?!")) {
		return 0, false // or an ellipsis within, or an abbreviation that we do not know
	}
	return end, true
}

// lastPause returns the end of the last comma, semicolon, colon or dash between
// two places that is followed by a space, 0 when there is none.
func lastPause(text string, from, to int) (end int) {
	for i, r := range text[:to] {
		after := i + utf8.RuneLen(r)
		if i >= from && strings.ContainsRune(",;:—–", r) && after < len(text) && text[after] == ' ' && !openType.MatchString(text[:i]) {
			end = after
		}
	}
	return end
}

// openType is the end of a text within the angle brackets of a type.
var openType = regexp.MustCompile(`\w<[^<>]*$`)

// cut returns where a sentence that is too long is cut: at a pause, at a space,
// or between two letters.
func cut(text string) int {
	if end := lastPause(text, Longest/4, Longest); end > 0 {
		return end
	}
	if end := strings.LastIndexByte(text[:Longest], ' '); end > 0 {
		return end
	}
	for end := Longest; end > Longest-utf8.UTFMax; end-- {
		if utf8.RuneStart(text[end]) {
			return end
		}
	}
	return Longest // what is no UTF-8 has no letters to keep together
}
