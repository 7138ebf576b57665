// Package rules is a language model's place held by rules. It reads the
// same request as the model does (worker/interviewer/prompt.go says how that is
// laid out) and follows it: it takes up what was said, asks what the interview's
// file lists for the phase and nothing else, follows the file's guidance where
// that wants more of an answer, gives facts that are asked for, shows the exhibit
// that a phase names, goes on when answers have enough in them, and ends in time.
// Where the talk leaves its road it does what a good partner does; see asides.
// It knows words, not what they mean: English, and of German and Spanish less, see tongue.
package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"casey.internal/cdk/local/aws/bedrock/converse"
)

// The tools that it knows how to use.
const (
	nextPhase    = "next_phase"
	showExhibit  = "show_exhibit"
	endInterview = "end_interview"
	reportTool   = "report"
	reviewTool   = "review"
	briefTool    = "brief"
)

// patience is how many answers a phase has whose prompt lists no questions.
const patience = 4

// Answer replies to a request. The same request is answered the same.
func Answer(r converse.Request) converse.Reply {
	r = withNotes(r)
	if r.Force != "" {
		return converse.Reply{Use: use(r, r.Force)}
	}
	if l := tongueOf(r); l != nil {
		return l.answer(r)
	}
	if offers(r, reviewTool) {
		return review(r)
	}
	if offers(r, briefTool) {
		return brief(r)
	}
	if reporting(r) {
		return report(r)
	}
	t := listen(r)
	switch {
	case t.over:
		return t.close()
	case t.rounds > 0:
		return t.goOn()
	case !t.begun && len(t.questions) == 0:
		return say(lineHello, lineBegin)
	}
	return t.unspoken(t.respond())
}

// unspoken says once that the interview's language is none that the rules speak.
func (t *talk) unspoken(r converse.Reply) converse.Reply {
	if find(heldIn, t.request.System, 1) != "" && !t.asked(lineUnspoken, 0) {
		r.Text = strings.TrimSpace(lineUnspoken + " " + r.Text)
	}
	return r
}

// say is a reply of sentences; empty ones are left out.
func say(lines ...string) converse.Reply {
	return converse.Reply{Text: strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), " ")}
}

// with is a reply after which a tool is used.
func (t *talk) with(r converse.Reply, tool string) converse.Reply {
	r.Use = use(t.request, tool)
	return r
}

// close says the last sentence of an interview that is over.
func (t *talk) close() converse.Reply {
	if t.now != "" {
		return say(lineWish)
	}
	if t.counted(lost) || t.counted(movesOn) {
		return say(lineClosing)
	}
	return say(acknowledge(t.answer, t.turns()), lineClosing)
}

// goOn is what follows the use of a tool. A reply shows one exhibit at most.
func (t *talk) goOn() converse.Reply {
	if !t.used(showExhibit) {
		if r, ok := t.show(""); ok {
			return r
		}
	}
	return say(t.next())
}

// show puts up the exhibit that the phase wants to be seen.
func (t *talk) show(first string) (converse.Reply, bool) {
	n := t.due()
	if n == 0 || !offers(t.request, showExhibit) {
		return converse.Reply{}, false
	}
	r := say(first, fmt.Sprintf(lineLook, lowerFirst(t.exhibits[n].title)))
	r.Use = &converse.Use{Name: showExhibit, Input: map[string]any{"number": n}}
	return r, true
}

// next is the question that comes now.
func (t *talk) next() string {
	if left := t.unasked(); len(left) > 0 {
		return left[0]
	}
	return lineAdd
}

// respond replies to what the candidate has just said or not said.
func (t *talk) respond() converse.Reply {
	if t.answer == "" {
		return t.silence()
	}
	k := classify(t.answer)
	if strings.Contains(t.lastSaid(), lineStopAsk) {
		if r, ok := t.confirmed(k); ok {
			return r
		}
	}
	r := t.aside(k)
	if name := t.rename(); name != "" {
		r.Text = strings.TrimSpace(name + " " + r.Text)
	}
	return r
}

// reply answers an answer: taken up, and then on.
func (t *talk) reply() converse.Reply {
	first := acknowledge(t.answer, t.turns())
	if t.cutIn {
		first = lineCutIn
	}
	first = strings.TrimSpace(first + " " + t.forRole(english))
	if r, ok := t.show(first); ok {
		return r
	}
	if t.enough() {
		return t.move(first)
	}
	if q := t.ofJob(); q != "" && t.focus == "" && !t.asked(q, 0) {
		return say(first, q)
	}
	if more := t.followUp(); more != "" && !t.cutIn {
		return say(first, more)
	}
	if r, ok := t.stay(first); ok {
		return r
	}
	if left := t.unasked(); len(left) > 0 {
		return say(first, left[0])
	}
	return say(first, lineMore)
}

// move goes to the next phase, or to the end after the last one: then the
// answer is taken up in the closing sentence.
func (t *talk) move(first string) converse.Reply {
	switch {
	case !offers(t.request, nextPhase):
		return say(first, lineAdd)
	case t.phase > 0 && t.phase == t.of:
		return t.with(converse.Reply{}, nextPhase)
	}
	return t.with(say(first), nextPhase)
}

// one is a goal that a single story meets.
var one = regexp.MustCompile(`(?i)\bone\b.*\b(?:example|story|piece of)`)

// enoughWords is how long a story is that needs no more questions.
const enoughWords = 90

// enough reports whether a phase has what it is for.
func (t *talk) enough() bool {
	if t.late || t.left >= 0 && t.left <= max(t.of-t.phase, 1) {
		return true // a minute for each phase that is to come
	}
	if len(t.questions) == 0 {
		return t.turns() >= patience*max(t.phase, 1) // nothing tells when the phase began
	}
	given := t.given()
	most := t.guidance.answers
	if most == 0 {
		most = max(len(t.questions)+2, patience)
	}
	switch all := strings.Join(given, "\n"); {
	case len(given) == 0:
		return false
	case t.focus != "" && !t.asked(lineOnceMore, 0):
		return false
	case len(given) >= most:
		return true
	case one.MatchString(strings.Join(t.goals, " ")) && storyOf(all).whole() && len(wordsOf(all)) >= enoughWords:
		return true
	}
	return len(t.unasked()) == 0 && t.followUp() == ""
}

// FollowUps are the questions that are in no file: an interview's guidance allows them.
var FollowUps = []string{askExample, askSituation, askAction, askResult}

const (
	slight = 30 // words: an answer that may be vague
	terse  = 8  // and one that tells no story to which a part is missing
)

// past is a question for something that happened, of which there are examples.
var past = regexp.MustCompile(`^(?:tell|describe|walk|give)\b|\b(?:did|was|were|have you|have been)\b`)

// followUp is what the file's guidance wants to know more of this answer: one
// question, once in a phase, and not about the answer to such a question.
func (t *talk) followUp() string {
	words := wordsOf(t.answer)
	if slices.ContainsFunc(FollowUps, func(q string) bool { return strings.Contains(t.lastSaid(), q) }) || t.counted(lost) || t.counted(movesOn) {
		return ""
	}
	ask := func(q string) string {
		if t.asked(q, min(t.phaseBegan(), len(t.before))) {
			return ""
		}
		return q
	}
	i, we := count(words, "i", "i'm", "i've", "my"), count(words, "we", "we're", "we've", "our")
	switch told := storyOf(strings.Join(t.given(), "\n")); {
	case t.guidance.own && we >= 2 && we > 2*i:
		return ask(askAction)
	case t.guidance.example && past.MatchString(bare(t.question())) && len(words) < slight && len(quantities(t.answer)) == 0 && !strings.Contains(bare(t.answer), "for example"):
		return ask(askExample)
	case t.guidance.parts && len(words) >= terse:
		generic, part := told.missing()
		if generic == "" || slices.ContainsFunc(t.unasked(), func(q string) bool { return part.MatchString(bare(q)) }) {
			return "" // the file has a question of its own for it, which comes
		}
		return ask(generic)
	}
	return ""
}

// counted reports whether the last turn was of a kind.
func (t *talk) counted(k kind) bool {
	n := len(t.before)
	return n > 0 && t.before[n-1].candidate && t.before[n-1].kind == k
}

func count(words []string, of ...string) (n int) {
	for _, w := range words {
		if slices.Contains(of, w) {
			n++
		}
	}
	return n
}
