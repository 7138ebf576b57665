package hibari

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// kind is what a token is.
type kind int

const (
	aWord  kind = iota
	aMark       // punctuation
	aBreak      // a pause that SSML asks for
	aName       // an SSML mark
)

// token is a piece of a text. Places are in characters from its start.
type token struct {
	kind     kind
	text     string
	at, size int
	pause    time.Duration
	// ends tells that a sentence does, silent that a mark only abbreviates the word before it.
	ends, silent bool
}

// words matches words, numbers, symbols that are read out, and punctuation.
const words = `\p{L}[\p{L}\p{M}\p{N}]*(?:['’.-][\p{L}\p{M}\p{N}]+)*|[$£€]?\p{N}+(?:[.,:]\p{N}+)*\p{L}*%?|[&+=@%#]|[.,;:!?…—–("”)]`

var (
	plain  = regexp.MustCompile(words)
	marked = regexp.MustCompile(`<[^>]*>|&[a-z]+;|` + words)
	breaks = regexp.MustCompile(`^<break\b(?:[^>]*\btime\s*=\s*["']([0-9.]+)(ms|s)["']|[^>]*\bstrength\s*=\s*["']([a-z-]+)["'])?`)
	named  = regexp.MustCompile(`^<mark\b[^>]*\bname\s*=\s*["']([^"']*)["']`)
	// paragraphs and sentences of SSML end one.
	closed = regexp.MustCompile(`^</(p|s)\s*>`)
	// titles are abbreviations whose period ends no sentence.
	titles = map[string]bool{"Dr": true, "Mr": true, "Mrs": true, "Ms": true, "Prof": true, "St": true, "vs": true, "e.g": true, "i.e": true}
	// strengths are the pauses that Polly's developer guide describes for break.
	strengths = map[string]time.Duration{
		"none": 0, "x-weak": 0, "weak": 200 * time.Millisecond, "medium": 400 * time.Millisecond,
		"strong": 600 * time.Millisecond, "x-strong": 1200 * time.Millisecond, "": 400 * time.Millisecond,
	}
	entities = map[string]string{"&amp;": "and", "&apos;": "", "&quot;": "", "&lt;": "", "&gt;": ""}
)

// longestBreak is the longest pause that Polly admits (developer guide, "Adding a pause").
const longestBreak = 10 * time.Second

// tokens takes a text apart. Of SSML, breaks, marks and the ends of sentences count.
func tokens(text string, ssml bool) []token {
	var all []token
	at, counted := 0, 0 // characters, and bytes of them
	pieces := plain
	if ssml {
		pieces = marked
	}
	for _, place := range pieces.FindAllStringIndex(text, -1) {
		piece := text[place[0]:place[1]]
		at += utf8.RuneCountInString(text[counted:place[0]])
		counted = place[0]
		t := token{text: piece, at: at, size: utf8.RuneCountInString(piece)}
		switch first, _ := utf8.DecodeRuneInString(piece); {
		case first == '<':
			all = tag(all, t)
		case first == '&' && len(piece) > 1:
			if t.text = entities[piece]; t.text != "" {
				all = append(all, t)
			}
		case strings.ContainsRune(".,;:!?…—–(\"”)", first):
			t.kind = aMark
			t.silent = abbreviates(all, piece)
			t.ends = strings.ContainsRune(".!?…", first) && !t.silent
			all = append(all, t)
		default:
			all = append(all, t)
		}
	}
	return all
}

// abbreviates tells whether a period belongs to the word before it.
func abbreviates(before []token, mark string) bool {
	n := len(before)
	return n > 0 && mark == "." && before[n-1].kind == aWord && titles[before[n-1].text]
}

// tag adds what an SSML tag asks for.
func tag(all []token, t token) []token {
	if m := breaks.FindStringSubmatch(t.text); m != nil {
		t.kind, t.pause = aBreak, pauseOf(m)
		return append(all, t)
	}
	if m := named.FindStringSubmatch(t.text); m != nil {
		t.kind, t.text = aName, m[1]
		return append(all, t)
	}
	if n := len(all); n > 0 && closed.MatchString(t.text) {
		all[n-1].ends = true
	}
	return all
}

// pauseOf reads a break's time or strength, as breaks found them.
func pauseOf(m []string) time.Duration {
	if m[1] == "" {
		return strengths[m[3]]
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0
	}
	unit := time.Second
	if m[2] == "ms" {
		unit = time.Millisecond
	}
	return min(longestBreak, time.Duration(n*float64(unit)))
}
