package rules

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"casey.internal/cdk/local/aws/bedrock/converse"
)

// The headings of an interviewer's prompt that matter here, by their first
// words. worker/interviewer/prompt.go says what stands under each.
const (
	headPersona   = "who you are"
	headBrief     = "what the interview is about"
	headGuidance  = "how you lead the interview"
	headPlace     = "where you are"
	headGoals     = "goals of this phase"
	headQuestions = "questions of this phase"
	headExhibits  = "exhibits"
	headFacts     = "facts"
	headJob       = "what the candidate told of the job"
	headFocus     = "the one question that they practise"
	headReply     = "this reply"
)

// script is what the prompt says of the interview and of where it stands. What a
// prompt does not say is zero.
type script struct {
	name      string // the interviewer's
	brief     string
	guidance  guidance
	phase, of int
	over      bool
	left      int  // minutes; -1 = nobody said
	late      bool // the phase has had its time
	goals     []string
	questions []string
	exhibits  map[int]exhibit
	shown     int // the exhibit that the candidate sees
	facts     []fact
	job       job
	focus     string // the one question; "" = the interview has others
	cutIn     bool
}

// fact is what is given to who asks about it.
type fact struct{ about, text string }

type exhibit struct{ title, facts string }

// guidance is what the interview's own rules allow an interviewer to ask or say
// beside its questions.
type guidance struct {
	example bool // ask once for an example or a number
	parts   bool // ask for the part of the story that is missing
	own     bool // ask for their own part where they say we
	facts   bool // give facts that are asked for
	steps   bool // offer the next small step to who is lost
	answers int  // in a phase, at most; 0 = as many as there are questions
}

var (
	named     = regexp.MustCompile(`(?i)\b(?:you are|your name is) ([A-Z]\p{L}+)`)
	phased    = regexp.MustCompile(`(?i)phase (\d+) of (\d+)`)
	remaining = regexp.MustCompile(`(?i)about (\d+) minutes are left`)
	exhibited = regexp.MustCompile(`(?i)^exhibit (\d+), (.*?): (.*)$`)
	seen      = regexp.MustCompile(`(?i)candidate sees exhibit (\d+)`)
	stays     = regexp.MustCompile(`(?i)(\w+) to (\w+) answers`)
	numbers   = strings.Fields("zero one two three four five six seven eight nine ten")
)

// withNotes is a request whose notes, which stand behind the last message, are at the end
// of its prompt.
func withNotes(r converse.Request) converse.Request {
	if len(r.Messages) == 0 {
		return r
	}
	r.Messages = slices.Clone(r.Messages)
	last := &r.Messages[len(r.Messages)-1]
	if at := strings.Index("\n"+last.Text, "\n# "); at >= 0 {
		r.System += "\n" + last.Text[at:]
		last.Text = strings.TrimSpace(last.Text[:at])
	}
	return r
}

// read finds the interview in a prompt.
func read(system string) script {
	sections := cut(system)
	s := script{
		name: find(named, sections[headPersona], 1), brief: sections[headBrief], left: -1,
		goals: items(sections[headGoals]), questions: items(sections[headQuestions]), exhibits: map[int]exhibit{},
		cutIn: sections[headReply] != "",
	}
	s.guidance = readGuidance(sections[headGuidance])
	place := sections[headPlace]
	s.phase, s.of = number(find(phased, place, 1)), number(find(phased, place, 2))
	s.over = strings.Contains(place, "interview is over")
	if left := find(remaining, place, 1); left != "" {
		s.left = number(left)
	}
	s.late = strings.Contains(place, "has had its share")
	for line := range strings.Lines(sections[headExhibits]) {
		if m := exhibited.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			s.exhibits[number(m[1])] = exhibit{m[2], m[3]}
		}
	}
	for _, item := range items(sections[headFacts]) {
		about, text, _ := strings.Cut(item, ": ")
		s.facts = append(s.facts, fact{about, text})
	}
	s.guidance.facts = s.guidance.facts || len(s.facts) > 0
	s.job = readJob(sections[headJob]).condensed()
	if l := tongues[find(heldIn, system, 1)]; l != nil { // the brief's own are in English
		s.job.questions = s.job.ask(l.job)
	}
	if s.focus = quoted(sections[headFocus]); s.focus != "" {
		s.questions = []string{s.focus}
	} else {
		s.questions = s.withJob()
	}
	s.shown = number(find(seen, place, 1))
	return s
}

// cut cuts a prompt at its headings.
func cut(system string) map[string]string {
	sections := map[string]string{}
	var under string
	for line := range strings.Lines(system) {
		if title, ok := strings.CutPrefix(line, "# "); ok {
			title, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(title)), ",")
			under = title
			continue
		}
		sections[under] += line
	}
	for title, text := range sections {
		sections[title] = strings.TrimSpace(text)
	}
	return sections
}

// items are the lines of a list.
func items(text string) (all []string) {
	for line := range strings.Lines(text) {
		if item, ok := strings.CutPrefix(line, "- "); ok {
			all = append(all, strings.TrimSpace(item))
		}
	}
	return all
}

func readGuidance(text string) guidance {
	text = strings.ToLower(text)
	has := func(words ...string) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
	}
	g := guidance{
		example: has("for an example"), parts: has("missing part"), own: has("says we"),
		facts: has("facts", "asked for"), steps: has("small step"),
	}
	if m := stays.FindStringSubmatch(text); m != nil {
		g.answers = number(m[2])
	}
	return g
}

// find is a group of the first match, "" where there is none.
func find(re *regexp.Regexp, text string, group int) string {
	if m := re.FindStringSubmatch(text); m != nil {
		return m[group]
	}
	return ""
}

// number reads digits, or a word up to ten; 0 for anything else.
func number(text string) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return max(slices.Index(numbers, strings.ToLower(text)), 0)
}

// due is the exhibit that this phase is to show and that is not seen yet; 0 = none.
func (s script) due() int {
	goals := strings.ToLower(strings.Join(s.goals, " "))
	for n := 1; n <= len(s.exhibits); n++ {
		if n > s.shown && strings.Contains(goals, "exhibit "+strconv.Itoa(n)) {
			return n
		}
	}
	return 0
}

// offers reports whether a request offers a tool.
func offers(r converse.Request, name string) bool {
	return slices.ContainsFunc(r.Tools, func(t converse.Tool) bool { return t.Name == name })
}
