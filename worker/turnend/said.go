package turnend

import (
	"slices"
	"strings"
)

// said is an answer so far, and what it answers.
type said struct {
	lex   *lexicon // of the language in which it was said
	words []string // lower case, without punctuation
	asked []string // of the question, likewise
	mark  rune     // the punctuation at the end; 0 = none
	large bool     // the question wants a story, an analysis or reasons
	story bool     // of these, a story
	plain bool     // the question can be answered in a word
	brief bool     // and by "I did"

	dictates bool // the question asks for a number
	wants    int  // how many digits that has
}

// parse reads an answer; stories says that a question why or how wants one too.
func (l *lexicon) parse(question, text string, stories bool) said {
	s := said{lex: l, words: words(text)}
	if text = strings.TrimSpace(text); text != "" {
		if last := text[len(text)-1]; strings.IndexByte(".,?!", last) >= 0 {
			s.mark = rune(last)
		}
	}
	s.asked = words(question)
	asked := " " + strings.Join(s.asked, " ") + " "
	s.story = containsOneOf(asked, l.storyQuestions)
	s.dictates, s.wants = !s.story && containsOneOf(asked, l.dictated), code
	if containsOneOf(asked, l.phones) {
		s.wants = phone
	}
	parts, asks := clauses(question)
	tagged, reasons := l.tagged(parts, asks), containsOneOf(asked, l.reasonQuestions)
	small := tagged && !s.story || containsOneOf(asked, l.smallQuestions)
	yesOrNo, word := l.wantsAWord(parts, asks)
	if !reasons && stories {
		reasons = asks && !yesOrNo && !word
	}
	s.large = !small && (s.story || stories && !s.dictates && reasons)
	s.brief = yesOrNo || tagged || slices.Contains(s.asked, l.who)
	s.plain = small || !s.large && (yesOrNo || word && !s.dictates)
	return s
}

// words splits text into bare words.
func words(text string) []string {
	fields := strings.Fields(strings.ToLower(text))
	for i, w := range fields {
		fields[i] = strings.Trim(strings.ReplaceAll(w, "’", "'"), `.,;:!?"()¿¡…„“”«»`)
	}
	return slices.DeleteFunc(fields, func(w string) bool { return w == "" })
}

func (s said) last() string {
	if len(s.words) == 0 {
		return ""
	}
	return s.words[len(s.words)-1]
}

func (s said) endsIn(set map[string]bool) bool { return set[s.last()] }

// endsInOneOf reports whether the last words are one of the phrases.
func (s said) endsInOneOf(phrases []string) bool {
	tail := " " + strings.Join(s.words[max(0, len(s.words)-8):], " ")
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.HasSuffix(tail, " "+p) })
}

// affirms reports whether all that was said is "yes", "yes I am" or the like.
func (s said) affirms() bool {
	n := len(s.words)
	return n <= 4 && s.lex.affirmations[s.words[0]] && !s.endsIn(s.lex.fillers) && (!s.unfinished() || n >= 3 && s.lex.auxiliaries[s.last()])
}

// wantsTime reports whether the last words ask for time to think.
func (s said) wantsTime() bool {
	end := len(s.words)
	for ; end > 0; end-- {
		if (said{lex: s.lex, words: s.words[:end]}).endsInOneOf(s.lex.timeRequests) {
			return true
		}
		if !s.lex.timeTail[s.words[end-1]] {
			return false
		}
	}
	return false
}

// asks reports whether the last clause is a question to the interviewer that
// begins in one of these ways. Later in an answer to a large question it is one that
// somebody asks in the story, or asks themselves ("is it the server"), and the answer
// follows; nor is "how I got there" one, or what somebody said: "they said okay what is it".
func (s said) asks(beginnings []string) bool {
	if s.large && len(s.words) >= asking {
		return false
	}
	for from := max(0, len(s.words)-14); from < len(s.words); from++ {
		reported := from > 1 && s.lex.saying[s.words[from-2]]
		stated := from > 0 && beginWithOneOf(s.words[from-1:], s.lex.statements)
		if s.opens(from) && !reported && !stated && len(s.words)-from >= 3 && s.inverts(from, beginnings) {
			return true
		}
	}
	return false
}

// inverts reports whether the words from one on begin in one of these ways, and as a question
// does: a question word alone goes before no subject.
func (s said) inverts(from int, beginnings []string) bool {
	if slices.Contains(beginnings, s.words[from]) && s.lex.subjects[s.words[from+1]] {
		return false
	}
	return beginWithOneOf(s.words[from:], beginnings)
}

// beginWithOneOf reports whether words begin with one of the phrases.
func beginWithOneOf(words, phrases []string) bool {
	text := strings.Join(words, " ") + " "
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.HasPrefix(text, p+" ") })
}

// asking is by how many words those who want to know something about a large question
// have asked.
const asking = 15

// preamble reports whether nothing has been answered yet. On a large question its own
// words are no answer either: "ninety days, um"; nor are they on any if they ask it
// once more: "who was there", "would I do it again". A "well yes" is one where yes or no is asked.
func (s said) preamble() bool {
	n := len(s.words)
	if s.elliptic() || n > 0 && s.plain && s.brief && (s.lex.yes[s.words[0]] || s.lex.yes[s.last()] && s.opening() >= n-1) {
		return false
	}
	repeats := s.large
	for _, w := range s.words {
		if s.lex.preambles[w] {
			continue
		}
		repeats = repeats || slices.ContainsFunc(s.lex.questionsBack, func(p string) bool { return strings.HasPrefix(p+" ", w+" ") })
		if !repeats || !slices.Contains(s.asked, w) && !slices.Contains(s.asked, s.lex.turned[w]) {
			return false
		}
	}
	return true
}

// echoes reports whether the last words are "I think so" or the like, which stand
// for a whole sentence, or "ten or so".
func (s said) echoes() bool { return s.last() == s.lex.so && s.lex.believing[s.before()] }

// elliptic reports whether the last clause answers yes or no by "I was", "no I haven't",
// "the mother did" or "it should be", with a verb of the question; or all that was said
// answers by "sort of" or "several", or by "before" whether it was before or after.
func (s said) elliptic() bool {
	n := len(s.words)
	switch {
	case !s.plain:
		return false
	case n == 1 && s.chooses():
		return true
	case slices.Contains(s.lex.degrees, strings.Join(s.words[s.opening():], " ")):
		return true
	case !s.brief || !s.repeatsVerb():
		return false
	}
	subject := n - 1
	for subject >= 0 && (s.lex.auxiliaries[s.words[subject]] || s.lex.negated != "" && strings.HasSuffix(s.words[subject], s.lex.negated)) {
		subject--
	}
	begins := subject
	for begins > 0 && !s.opens(begins) {
		begins--
	}
	return 0 <= subject && subject < n-1 && n-begins <= short && (s.lex.pronouns[s.words[subject]] || !s.lex.wanting[s.words[subject]])
}

// chooses reports whether the last word is one of a question's with "or". "before" can stand
// alone then, "in" of "in a team or alone" cannot.
func (s said) chooses() bool {
	last := s.last()
	return slices.Contains(s.asked, last) && slices.Contains(s.asked, s.lex.or) && !s.lex.determiners[last] && (!s.lex.wanting[last] || s.lex.opposites[last])
}

// leavesOut reports whether few words were said, whose rest the question has if it wants yes
// or no: "I had to", "it was after". Somebody may as well go on in the same words. On other
// questions a full stop tells.
func (s said) leavesOut() bool {
	return (s.brief || s.mark == '.') && len(s.words)-s.opening() <= short && (s.endsInOneOf(s.lex.anaphors) || s.lex.opposites[s.last()] && s.chooses())
}

// repeatsVerb reports whether the last word is an auxiliary of the question, in any form of
// "be", or stands for any verb.
func (s said) repeatsVerb() bool {
	last := strings.TrimSuffix(s.last(), s.lex.negated)
	return slices.Contains(s.asked, last) || s.lex.does[last] || s.lex.forms[last] && slices.ContainsFunc(s.asked, func(w string) bool { return s.lex.forms[strings.TrimSuffix(w, s.lex.negated)] })
}

// short is how many words such a clause has at most.
const short = 4

// opening is the number of words that an answer begins with as any clause may.
func (s said) opening() (n int) {
	for n < len(s.words) && (s.lex.opensClause[s.words[n]] || s.lex.fillers[s.words[n]]) {
		n++
	}
	return n
}

// unfinished reports whether the last word wants another. What comes before it
// can say that it does not: "something other", "where I was needed", "what I can
// do", "exactly that", and the other way round "a great".
func (s said) unfinished() bool {
	last, before := s.last(), s.before()
	switch {
	case s.rounded(), s.lex.indefinite[before], s.lex.forms[before] && s.lex.participles[last], s.lex.modals[before] && last == s.lex.do:
		return false
	case last == s.lex.that:
		return s.lex.saying[before]
	case s.lex.attributes[last]:
		return s.lex.determiners[before]
	case s.lex.trailing[last]:
		return before == "" || s.lex.wanting[before] || s.lex.pronouns[before]
	}
	return s.lex.wanting[last]
}

// rounded reports whether the last words are a phrase that wants no more.
func (s said) rounded() bool { return s.endsInOneOf(s.lex.closings) || s.endsInOneOf(s.lex.endings) }

// before is the last word but one.
func (s said) before() string {
	if len(s.words) < 2 {
		return ""
	}
	return s.words[len(s.words)-2]
}

// closes reports whether the last words say that this was all.
func (s said) closes() bool {
	return s.endsInOneOf(s.lex.closings) || !s.large && s.endsInOneOf(s.lex.shortClosings)
}

// hedges reports whether the last clause is "I think" or the like so far.
func (s said) hedges() bool {
	return slices.ContainsFunc(s.lex.hedges, func(p string) bool {
		return s.endsInOneOf([]string{p}) && s.opens(len(s.words)-1-strings.Count(p, " "))
	})
}

// hesitates reports whether all that was said is "um", "that is a good question"
// or the like. An "okay" is more, as are words of the question: they can be all that
// somebody wants to say, unless an "um" or "let me see" follows.
func (s said) hesitates() bool {
	if !s.preamble() {
		return false
	}
	if s.endsIn(s.lex.fillers) && !s.endsIn(s.lex.consents) || s.endsInOneOf(s.lex.openPhrases) {
		return true
	}
	return !slices.ContainsFunc(s.words, func(w string) bool { return s.lex.consents[w] || !s.lex.preambles[w] })
}

// subordinate reports whether the last clause began as one that needs another.
func (s said) subordinate() bool {
	for from := len(s.words) - 2; from >= max(0, len(s.words)-8); from-- {
		if !s.lex.subordinators[s.words[from]] {
			continue
		}
		next := s.words[from+1]
		if s.plain && (from == 0 && slices.Contains(s.asked, s.lex.when) || from > 0 && s.lex.affirmations[s.words[from-1]]) {
			return false // "when the first customer left", "yes after lunch"
		}
		return (from == 0 || s.lex.opensClause[s.words[from-1]]) && !s.lex.adverbial[next] && s.lex.counts[next] == 0
	}
	return false
}

// announced reports whether several things were promised and not all were said.
func (s said) announced() bool {
	promised, given, since := 0, 0, 0
	for i, w := range s.words {
		switch {
		case i+1 < len(s.words) && s.lex.counts[w] > 1 && s.lex.things[s.words[i+1]]:
			promised, given, since = s.lex.counts[w], 0, i+1
		case promised == 0 && s.lex.firsts[w] && s.opens(i):
			promised, given, since = 2, 1, i
		case s.lex.ordinals[w]:
			given++
		}
	}
	return given < promised && (given > 0 || len(s.words)-since <= relative)
}

// relative is the longest that may follow what was announced before it begins: "three
// things" and no more, but not "the three things I want to say".
const relative = 4

// secondClause reports whether the last clause goes on from one before, as in "and I
// explain why": most short answers have no third.
func (s said) secondClause() bool {
	for from := len(s.words) - 3; from >= max(3, len(s.words)-10); from-- {
		if s.lex.joining[s.words[from]] && s.lex.subjects[s.words[from+1]] {
			return true
		}
	}
	return false
}

// opens reports whether a clause begins with word i.
func (s said) opens(i int) bool { return i == 0 || s.lex.opensClause[s.words[i-1]] }

// digits counts the digits and number words.
func (s said) digits() int {
	n := 0
	for _, w := range s.words {
		switch {
		case s.lex.counts[w] > 0 || s.lex.digit[w]:
			n++
		case strings.Trim(w, "0123456789-") == "":
			n += len(strings.ReplaceAll(w, "-", ""))
		}
	}
	return n
}

func containsOneOf(padded string, phrases []string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.Contains(padded, " "+p+" ") })
}
