// Package speakable makes of what a language model writes what is shown and what is
// said. Each rule asks whether a sign is markup, which is neither shown nor said, or
// has a meaning: then it is shown as it was written, and said in words.
package speakable

import (
	"cmp"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"casey.internal/worker/language"
)

// Line is a text in its two forms, each on one line and without control characters and
// emoji. Both are empty when there is nothing to say. What voices read well stands in
// Said as in Written: numbers, times, ordinals, acronyms.
type Line struct {
	Written string
	Said    string

	swaps []swap // by place
}

// swap is where Said has something else than Written.
type swap struct{ written, said span }

// span is a part of a text, from one byte to before another.
type span struct{ from, to int }

// Of reads what a model wrote in a language.
func Of(text string, in language.Language) Line {
	written := withoutMarkup(text)
	l := Line{Written: written}
	var said strings.Builder
	at := 0
	for _, r := range readingsOf(written, in) {
		l.say(&said, written[at:r.from], at)
		begin := said.Len()
		said.WriteString(spaced(said.String(), r.said))
		l.swaps = append(l.swaps, swap{r.span, span{begin, said.Len()}})
		at = r.to
	}
	l.say(&said, written[at:], at)
	l.Said = strings.TrimRight(said.String(), " ")
	if !strings.ContainsFunc(l.Said, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return Line{}
	}
	return l
}

// say adds text as it was written at a place, but for a second blank.
func (l *Line) say(said *strings.Builder, text string, at int) {
	kept := spaced(said.String(), text)
	if dropped := len(text) - len(kept); dropped > 0 {
		l.swaps = append(l.swaps, swap{span{at, at + dropped}, span{said.Len(), said.Len()}})
	}
	said.WriteString(kept)
}

// spaced is text without the blanks that would follow a blank or begin a line.
func spaced(before, text string) string {
	if before == "" || strings.HasSuffix(before, " ") {
		return strings.TrimLeft(text, " ")
	}
	return text
}

// WrittenAt returns where in Written the words stand that are from one byte to before
// another in Said; what is no place there stays as it is.
func (l Line) WrittenAt(from, to int) (start, end int) {
	if from < 0 || to < from || to > len(l.Said) || from == to {
		return from, to
	}
	start, end = from, to
	if n := sort.Search(len(l.swaps), func(i int) bool { return l.swaps[i].said.from > from }); n > 0 {
		if s := l.swaps[n-1]; from >= s.said.to {
			start = s.written.to + from - s.said.to
		} else {
			start = s.written.from
		}
	}
	if n := sort.Search(len(l.swaps), func(i int) bool { return l.swaps[i].said.from >= to }); n > 0 {
		if s := l.swaps[n-1]; to > s.said.to {
			end = s.written.to + to - s.said.to
		} else {
			end = s.written.to
		}
	}
	word := l.Written[start:end]
	start += len(word) - len(strings.TrimLeft(word, " "))
	return start, start + len(strings.TrimSpace(word))
}

// reading is how a part of a written text is said.
type reading struct {
	span
	said string
}

// odd is what any rule needs: most sentences have nothing of it, and cost nothing.
var odd = regexp.MustCompile(`[^\p{L}\s.,;:?!'’‘"“”()-]|[a-z][A-Z]|\.[\p{L}.]|\w\(|[!.-]\w|\w-|\s-|\b(?:et al|etc|eg|vs|approx|incl|excl|cf)\b|\b(?:` + keywords + `) [IVX]`)

// readingsOf returns what of a written text is said in another way, by place. Every
// rule sees the text as it was written; the first one has a place for itself.
func readingsOf(text string, in language.Language) (all []reading) {
	if in == language.English && !odd.MatchString(text) {
		return nil
	}
	var taken []span
	for _, rule := range rulesOf(in) {
		for _, m := range rule.pattern.FindAllStringSubmatchIndex(text, -1) {
			r := reading{span{m[0], m[1]}, rule.say(text, m)}
			kept := r.said == text[m[0]:m[1]]
			if !kept {
				r.said = silent.ReplaceAllString(r.said, "")
				r.narrow(text)
			}
			if slices.ContainsFunc(taken, func(t span) bool { return r.from < t.to && t.from < r.to || r.from == t.from && r.said != "" }) {
				continue
			}
			taken = append(taken, r.span)
			if !kept {
				all = append(all, r)
			}
		}
	}
	slices.SortFunc(all, func(a, b reading) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	return all
}

// narrow leaves out what is said as it was written at both ends, so that two rules may
// look at the same word.
func (r *reading) narrow(text string) {
	written := text[r.from:r.to]
	for written != "" && r.said != "" {
		a, n := utf8.DecodeRuneInString(written)
		b, _ := utf8.DecodeRuneInString(r.said)
		if a != b {
			break
		}
		written, r.said, r.from = written[n:], r.said[n:], r.from+n
	}
	for written != "" && r.said != "" {
		a, n := utf8.DecodeLastRuneInString(written)
		b, _ := utf8.DecodeLastRuneInString(r.said)
		if a != b {
			break
		}
		written, r.said, r.to = written[:len(written)-n], r.said[:len(r.said)-n], r.to-n
	}
}

// rule says what matches a pattern: by a template of regexp.Expand, or by a function of
// the match and its groups.
type rule struct {
	pattern *regexp.Regexp
	said    string
	by      func(groups []string) string
}

func (r rule) say(text string, m []int) string {
	if r.by == nil {
		return string(r.pattern.ExpandString(nil, r.said, text, m))
	}
	groups := make([]string, len(m)/2)
	for i := range groups {
		if m[2*i] >= 0 {
			groups[i] = text[m[2*i]:m[2*i+1]]
		}
	}
	return r.by(groups)
}
