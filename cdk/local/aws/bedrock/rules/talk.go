package rules

import (
	"regexp"
	"slices"
	"strings"

	"casey.internal/cdk/local/aws/bedrock/converse"
)

// interrupted marks where the candidate cut the interviewer off.
const interrupted = "[interrupted]"

// note is a line in the candidate's place that nobody said.
var note = regexp.MustCompile(`^\((?:The candidate|The interview) .*\)$`)

// talk is an interview as one reply finds it.
type talk struct {
	script
	request converse.Request
	before  []line // what was said until the candidate's last word, notes left out
	answer  string // what the candidate said last; "" = nothing
	rounds  int    // how often this reply has used tools
	now     string // what this reply has said already
	begun   bool   // the interviewer has said anything before
}

// line is one message of what was said.
type line struct {
	candidate bool
	text      string
	kind      kind // of a candidate's
}

// listen reads a request.
func listen(r converse.Request) *talk {
	t := &talk{script: read(r.System), request: r}
	last := len(r.Messages) - 1
	for last > 0 && len(r.Messages[last].Results) > 0 {
		t.rounds++
		t.now = strings.TrimSpace(r.Messages[last-1].Text + " " + t.now)
		last -= 2
	}
	for _, m := range r.Messages[:last+1] {
		l := line{candidate: m.Role == converse.User, text: spokenText(m.Text)}
		if l.candidate {
			l.kind = classify(l.text)
		}
		if l.text != "" {
			t.before = append(t.before, l)
		}
		t.begun = t.begun || !l.candidate
	}
	if n := len(t.before); n > 0 && t.before[n-1].candidate {
		t.answer = t.before[n-1].text
	}
	return t
}

// spokenText is a message without notes.
func spokenText(text string) string {
	var said []string
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l != "" && !note.MatchString(l) {
			said = append(said, l)
		}
	}
	return strings.Join(said, "\n")
}

// used reports whether this reply has used a tool.
func (t *talk) used(tool string) bool {
	for _, m := range t.request.Messages[len(t.request.Messages)-2*t.rounds:] {
		if slices.ContainsFunc(m.Uses, func(u converse.Use) bool { return u.Name == tool }) {
			return true
		}
	}
	return false
}

// said are the interviewer's messages, newest last, from the one at begin on.
func (t *talk) said(begin int) (all []string) {
	for _, l := range t.before[begin:] {
		if !l.candidate {
			all = append(all, l.text)
		}
	}
	return append(all, t.now)
}

// lastSaid is what the interviewer said last before this reply.
func (t *talk) lastSaid() string {
	all := t.said(0)
	if len(all) < 2 {
		return ""
	}
	return all[len(all)-2]
}

// asked reports whether the candidate has heard a question, whole, since the
// message at begin.
func (t *talk) asked(question string, begin int) bool {
	q := bare(question)
	return slices.ContainsFunc(t.said(begin), func(text string) bool { return strings.Contains(" "+bare(text)+" ", " "+q+" ") })
}

// phaseBegan is the index of the message with which this phase began: that which
// has one of its questions, and for the first one the very first.
func (t *talk) phaseBegan() int {
	if t.phase <= 1 {
		return 0
	}
	for i, l := range t.before {
		if !l.candidate && slices.ContainsFunc(t.questions, func(q string) bool { return strings.Contains(bare(l.text), bare(q)) }) {
			return i
		}
	}
	return len(t.before)
}

// given are the answers in this phase so far.
func (t *talk) given() (all []string) {
	for _, l := range t.before[t.phaseBegan():] {
		if l.candidate && t.counts(l.kind) {
			all = append(all, l.text)
		}
	}
	return all
}

// counts reports whether a turn of a kind answers, or at least leaves, a question.
func (t *talk) counts(k kind) bool {
	return k == answers || k == lost || k == movesOn || k == asks && !t.guidance.facts
}

// turns counts all answers so far.
func (t *talk) turns() (n int) {
	for _, l := range t.before {
		if l.candidate && t.counts(l.kind) {
			n++
		}
	}
	return n
}

// wants is how a sentence begins that asks without a question mark.
var wants = regexp.MustCompile(`^(?:(?:please|so|now|then|and) )*(?:tell|describe|walk|explain|give|name|talk|imagine|draw|estimate|say)\b`)

// question is what the candidate was asked last, "" if nothing.
func (t *talk) question() string {
	for _, text := range slices.Backward(t.said(0)) {
		for _, s := range slices.Backward(sentences(text)) {
			if !strings.Contains(s, interrupted) && t.isQuestion(s) {
				return t.whole(s)
			}
		}
	}
	return ""
}

// whole is the question of the file that ends with a sentence, or else that.
func (t *talk) whole(sentence string) string {
	for _, q := range t.questions {
		if strings.HasSuffix(q, sentence) {
			return q
		}
	}
	return sentence
}

func (t *talk) isQuestion(sentence string) bool {
	b := bare(sentence)
	return strings.HasSuffix(sentence, "?") && sentence != lineStopAsk || wants.MatchString(b) && !strings.HasPrefix(sentence, lineMore) ||
		slices.ContainsFunc(t.questions, func(q string) bool { return bare(q) == b })
}

// lineStopAsk is the question in lineStop.
var lineStopAsk = sentences(lineStop)[1]

// unasked are the questions of the phase that are left: not asked, and not
// answered by what was told already.
func (t *talk) unasked() (left []string) {
	told := storyOf(strings.Join(t.given(), "\n"))
	for _, q := range t.questions {
		if !t.asked(q, 0) && !told.answers(q) {
			left = append(left, q)
		}
	}
	return left
}

// reported begins a sentence that tells what somebody said: whatever it is, it is
// not said to the interviewer.
var reported = regexp.MustCompile(`^(?:[\w']+ ){1,3}(?:asked|told|said|wondered|explained|knew|learned|learnt|wanted to know)\b`)

// classify is what a candidate does with a turn.
func classify(text string) kind {
	all := bare(text)
	words := strings.Count(all, " ") + 1
	parts := []string{}
	for _, s := range sentences(text) {
		if b := bare(s); !reported.MatchString(b) {
			parts = append(parts, b)
		}
	}
	if foreignTo(all) {
		return foreign
	}
	for _, way := range spoken {
		if (way.limit == 0 || words <= way.limit) && slices.ContainsFunc(parts, way.re.MatchString) {
			return way.kind
		}
	}
	if questioning(text, words) {
		return asks
	}
	return answers
}

// rhetorical are questions that end an answer and want none.
var rhetorical = regexp.MustCompile(`(?:does|did|if) (?:that|this|it) (?:make sense|answer|help)|\byou know$|\bright$`)

// questioning reports whether a turn ends with a question to the interviewer.
func questioning(text string, words int) bool {
	all := sentences(text)
	if len(all) == 0 || words > 40 {
		return false
	}
	last := all[len(all)-1]
	switch {
	case rhetorical.MatchString(bare(last)):
		return false
	case strings.HasSuffix(last, "?"):
		return true
	}
	return len(all) == 1 && !strings.ContainsAny(text, ".!") && words <= 15 && asking.MatchString(bare(last))
}

// fewForeign is how many words tell a language: "do thee, o" is a mistake of recognition.
const fewForeign = 4

// foreignTo reports whether words are of another language than English.
func foreignTo(text string) bool {
	words := strings.Fields(text)
	english := 0
	for _, w := range words {
		if slices.Contains(empty, w) {
			english++
		}
	}
	for _, frequent := range foreignWords {
		n := 0
		for _, w := range words {
			if slices.Contains(strings.Fields(frequent), w) {
				n++
			}
		}
		if len(words) >= fewForeign && n >= 2 && n > english && 10*n >= 3*len(words) {
			return true
		}
	}
	return false
}
