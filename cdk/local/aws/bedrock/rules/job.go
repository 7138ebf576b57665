package rules

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"casey.internal/cdk/local/aws/bedrock/converse"
)

// job is what a candidate told of the job, and what a brief made of it.
type job struct {
	role                   string
	advertisement, cv      []string // their sentences
	wants, done, questions []string // a brief's
}

// The limits of a brief.
const (
	pickedLines   = 6
	pickedWords   = 24 // of a line
	quotedWords   = 14 // of what a question quotes
	askedOfJob    = 5
	longestRole   = 8 // words
	leastSentence = 3 // words of one that says something
	mostOften     = 8 // sentences with a word that counts
)

// readJob reads lines of the form "> LABEL: TEXT".
func readJob(text string) (j job) {
	for line := range strings.Lines(text) {
		line, ok := strings.CutPrefix(strings.TrimSpace(line), "> ")
		if !ok {
			continue
		}
		label, text, _ := strings.Cut(line, ": ")
		switch label {
		case "Role":
			j.role = cmp.Or(j.role, text)
		case "Advertisement":
			j.advertisement = append(j.advertisement, sentences(text)...)
		case "CV":
			j.cv = append(j.cv, sentences(text)...)
		case "The job wants":
			j.wants = append(j.wants, text)
		case "They have done":
			j.done = append(j.done, text)
		case "Worth asking":
			j.questions = append(j.questions, text)
		}
	}
	return j
}

// quoted is the text of a line of the form "> TEXT".
func quoted(text string) string {
	for line := range strings.Lines(text) {
		if q, ok := strings.CutPrefix(strings.TrimSpace(line), "> "); ok {
			return q
		}
	}
	return ""
}

// brief condenses what a candidate told by counting: which sentences have the words that
// come often, or stand in both texts. Nothing is understood.
func brief(r converse.Request) converse.Reply {
	j := readJob(r.Messages[len(r.Messages)-1].Text).condensed()
	return converse.Reply{Use: &converse.Use{Name: briefTool, Input: map[string]any{
		"role": j.role, "wants": j.wants, "done": j.done, "questions": j.questions,
	}}}
}

// condensed is a job with what a brief has; one that has it stays as it is.
func (j job) condensed() job {
	j.role = cmp.Or(j.role, roleIn(j.advertisement))
	if len(j.wants)+len(j.done)+len(j.questions) > 0 {
		return j
	}
	j.advertisement, j.cv = once(j.advertisement), once(j.cv)
	wanted, done := frequent(j.advertisement), frequent(j.cv)
	j.wants = pick(j.advertisement, needs, wanted, done)
	j.done = pick(j.cv, deeds, done, wanted)
	j.questions = j.ask(english)
	return j
}

// jobWords are what is said and asked about a job in a language, each with a place for what
// was told.
type jobWords struct {
	role         string   // names it
	done, wanted []string // about a line of a CV, of an advertisement
	why          string   // about the role
}

// ask are questions about what was picked, one about the CV and one about the
// advertisement in turns.
func (j job) ask(in jobWords) (all []string) {
	for i := range max(len(j.wants), len(j.done)) {
		if i < len(j.done) {
			all = append(all, fmt.Sprintf(in.done[i%len(in.done)], clip(j.done[i], quotedWords)))
		}
		if i < len(j.wants) {
			all = append(all, fmt.Sprintf(in.wanted[i%len(in.wanted)], clip(j.wants[i], quotedWords)))
		}
	}
	all = all[:min(len(all), askedOfJob-1)]
	if j.role != "" {
		all = append(all, fmt.Sprintf(in.why, clip(j.role, longestRole)))
	}
	return all
}

var (
	// needs are the words of what a job wants, deeds of what somebody has done.
	needs = regexp.MustCompile(`(?i)\b(?:experience|must|requir\w*|you will|you'll|you have|you are|looking for|skills?|knowledge|degree|able to|responsib\w+|your tasks?|we expect)\b`)
	deeds = regexp.MustCompile(`(?i)\b(?:led|built|made|ran|managed|developed|designed|wrote|reduced|increased|introduced|launched|responsible|trained|organi[sz]ed|won|saved|planned|\w+ed)\b`)
	// wantedRole is where an advertisement says whom it wants.
	wantedRole = regexp.MustCompile(`(?i)\b(?:looking for|hiring|seeking|searching for|position of|role of|job title:?|join us as) (?:an? |our (?:next |new )?|the )?((?:[\p{L}/&+#-]+ ?){1,6}?)(?: (?:to|who|for|with|in|at|that|and)\b|[(.,;:!?]|$)`)
)

// once are the sentences, none of them twice.
func once(text []string) (all []string) {
	for _, s := range text {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// frequent counts in how many sentences a stem of content comes. In too many of them it
// is their form and not their matter.
func frequent(text []string) map[string]int {
	times := map[string]int{}
	for _, s := range text {
		for w := range stems(s) {
			times[w]++
		}
	}
	maps.DeleteFunc(times, func(_ string, n int) bool { return n > mostOften })
	return times
}

// pick returns the sentences that weigh most, the heaviest first: by the words that come
// often in their own text, those that the other one has too, and how they sound.
func pick(text []string, sound *regexp.Regexp, own, other map[string]int) []string {
	weigh := func(s string) (n int) {
		if len(wordsOf(s)) < leastSentence || wantedRole.MatchString(s) {
			return 0
		}
		for w := range stems(s) {
			n += min(max(own[w]-1, 0), 3)
			if other[w] > 0 {
				n += 2
			}
		}
		if sound.MatchString(s) {
			n += 3
		}
		if strings.ContainsAny(s, "0123456789") {
			n++
		}
		return n
	}
	best := slices.SortedStableFunc(slices.Values(text), func(a, b string) int { return cmp.Compare(weigh(b), weigh(a)) })
	picked := []string{}
	for _, s := range best[:min(len(best), pickedLines)] {
		if weigh(s) > 0 {
			picked = append(picked, clip(s, pickedWords))
		}
	}
	return picked
}

// roleIn finds whom an advertisement wants: what it says, or a short first line.
func roleIn(advertisement []string) string {
	if m := wantedRole.FindStringSubmatch(strings.Join(advertisement, "\n")); m != nil {
		return strings.TrimSpace(m[1])
	}
	if len(advertisement) > 0 && len(wordsOf(advertisement[0])) <= longestRole {
		return strings.Trim(advertisement[0], " .!:")
	}
	return ""
}

// clip is the beginning of a line, of so many words, without the mark at its end.
func clip(line string, words int) string {
	all := strings.Fields(strings.TrimLeft(line, "-–•*· \t"))
	return strings.TrimRight(strings.Join(all[:min(len(all), words)], " "), " .,;:!?")
}

// asksForJob is a question for what was told.
var asksForJob = regexp.MustCompile(`^(?:what|which) (?:job|role|position)\b`)

// ofJob is the question about the job that belongs to a phase: one in each phase, or in the
// first alone where the interview is about a case; "" = none.
func (s script) ofJob() string {
	n := max(s.phase, 1)
	if n > len(s.job.questions) || s.guidance.facts && n > 1 {
		return ""
	}
	return s.job.questions[n-1]
}

// withJob are the questions of a phase with that one before them, without one that asks for
// what was told.
func (s script) withJob() []string {
	if s.job.role != "" {
		s.questions = slices.DeleteFunc(s.questions, func(q string) bool { return asksForJob.MatchString(bare(q)) })
	}
	if q := s.ofJob(); q != "" {
		return append([]string{q}, s.questions...)
	}
	return s.questions
}

// forRole names the role that the interview is for, once.
func (t *talk) forRole(in jobWords) string {
	if t.job.role == "" {
		return ""
	}
	line := fmt.Sprintf(in.role, clip(t.job.role, longestRole))
	if t.asked(line, 0) {
		return ""
	}
	return line
}

// stay stays at the one question that is practised: it has it answered once more.
func (t *talk) stay(first string) (converse.Reply, bool) {
	if t.focus == "" || t.asked(lineOnceMore, 0) {
		return converse.Reply{}, false
	}
	return say(first, lineOnceMore), true
}
