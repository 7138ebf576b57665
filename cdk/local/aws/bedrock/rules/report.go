package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"casey.internal/cdk/local/aws/bedrock/converse"
)

// What a report says where a judgement would have to stand, and first of all.
const (
	notJudged = "Not judged: no language model read this interview."
	onlyCount = "No language model read this interview, so nothing here is a judgement: what follows was counted in your words."
)

// headDelivery is where a report's prompt tells what was measured in the voice.
const headDelivery = "how they spoke"

// reporting reports whether the feedback report is asked for.
func reporting(r converse.Request) bool {
	last := r.Messages[len(r.Messages)-1]
	return len(last.Results) == 0 && (offers(r, reportTool) || strings.Contains(strings.ToLower(last.Text), "feedback report"))
}

// report is what can be counted, each with the candidate's own words.
func report(r converse.Request) converse.Reply {
	var given []string
	for _, m := range r.Messages {
		if text := spokenText(m.Text); m.Role == converse.User && answering(text) {
			given = append(given, text)
		}
	}
	c := tally(given)
	c.stories.asked = slices.ContainsFunc(r.Messages, func(m converse.Message) bool { return m.Role == converse.Assistant && asksForStory(m.Text) })
	sections := cut(r.System)
	c.measured = items(sections[headDelivery])
	c.ofJob(readJob(sections[headJob]).condensed().wants)
	summary, good, better := c.summary(), c.good(), c.better()
	for _, t := range r.Tools {
		if t.Name == reportTool {
			known := map[string]any{"summary": summary, "good": good, "better": better}
			return converse.Reply{Use: &converse.Use{Name: reportTool, Input: object(t.Schema, 0, known)}}
		}
	}
	return converse.Reply{Text: strings.Join(slices.Concat([]string{summary}, good, better), " ")}
}

// asksForStory reports whether something is asked for that happened.
func asksForStory(text string) bool {
	return slices.ContainsFunc(sentences(text), func(s string) bool {
		return (strings.HasSuffix(s, "?") || wants.MatchString(bare(s))) && past.MatchString(bare(s))
	})
}

// answering reports whether a turn says something of the candidate's own.
func answering(text string) bool {
	k := classify(text)
	return text != "" && (k == answers || k == lost) && !strings.Contains(text, "feedback report")
}

// tallied is what was counted in the answers.
type tallied struct {
	answers  []string
	words    []int // of each
	measured []string

	numbers, selves, others, fillers, stories, short findings

	wants int      // things that the job wants, as far as they were told
	met   findings // of which an answer has a word
}

// findings are how often something was found, in which answers, and the
// candidate's own words where it first was.
type findings struct {
	times, in int
	example   string
	asked     bool // somebody wanted it
}

const (
	shortAnswer = 20  // words
	longAnswer  = 300 // which are about two minutes
	quoteWords  = 12
)

var (
	quantity = regexp.MustCompile(`(?i)\b(?:\d[\d.,]*\d|\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|percent|half|double|twice)\b%?`)
	self     = regexp.MustCompile(`(?i)\b(?:I|I'm|I've|I'd|my|myself)\b`)
	other    = regexp.MustCompile(`(?i)\b(?:we|we're|we've|we'd|our|ourselves)\b`)
	filler   = regexp.MustCompile(`(?i)\b(?:u+h+m*|u+m+|e+r+m*|h+m+|you know|sort of|kind of|i mean|basically|actually|like,)`)
)

// quantities are the numbers in an answer.
func quantities(text string) []string { return quantity.FindAllString(text, -1) }

func tally(given []string) *tallied {
	c := &tallied{answers: given}
	for _, text := range given {
		n := len(wordsOf(text))
		c.words = append(c.words, n)
		c.numbers.look(quantity, text)
		c.selves.look(self, text)
		c.others.look(other, text)
		c.fillers.look(filler, text)
		if n < shortAnswer {
			c.short.found(1, quote(text, 0))
		}
		if b := bare(text); storyOf(text).whole() {
			at := results.FindStringIndex(b)
			c.stories.found(1, around(text, b[at[0]:at[1]]))
		}
	}
	return c
}

// ofJob counts of how many things that the job wants an answer has a word, and keeps where
// the first of them was said.
func (c *tallied) ofJob(wants []string) {
	c.wants = len(wants)
	for _, want := range wants {
		wanted := stems(want)
		for _, text := range c.answers {
			if said := slices.IndexFunc(wordsOf(text), func(w string) bool { return content(w) && wanted[stem(w)] }); said >= 0 {
				c.met.found(1, around(text, wordsOf(text)[said]))
				break
			}
		}
	}
}

// look counts a pattern in an answer.
func (f *findings) look(re *regexp.Regexp, text string) {
	if all := re.FindAllStringIndex(text, -1); len(all) > 0 {
		f.found(len(all), quote(text, all[0][0]))
	}
}

func (f *findings) found(times int, words string) {
	f.times += times
	f.in++
	if f.example == "" {
		f.example = words
	}
}

// quote is the part of a text with about a dozen words around an offset, on one line.
func quote(text string, at int) string {
	words := strings.Fields(text)
	first := max(len(strings.Fields(text[:at]))-quoteWords/2, 0)
	quoted := strings.Join(words[min(first, len(words)):min(first+quoteWords, len(words))], " ")
	return strings.TrimRight(quoted, ".,;:")
}

// around is the quote around words that bare(text) has.
func around(text, words string) string {
	re := regexp.MustCompile(`(?i)` + strings.ReplaceAll(regexp.QuoteMeta(words), " ", `\W+`))
	if at := re.FindStringIndex(text); at != nil {
		return quote(text, at[0])
	}
	return quote(text, 0)
}

func (c *tallied) summary() string {
	if len(c.answers) == 0 {
		return onlyCount + " You gave no answer."
	}
	all := 0
	for _, n := range c.words {
		all += n
	}
	lines := []string{onlyCount, fmt.Sprintf("You gave %s with %s in all, %d on average; the longest had %d, the shortest %d.",
		several(len(c.answers), "answer"), several(all, "word"), all/len(c.answers), slices.Max(c.words), slices.Min(c.words))}
	return strings.Join(append(lines, c.measured...), " ")
}

func (c *tallied) good() []string {
	out := []string{}
	if f := c.numbers; f.in > 0 {
		out = append(out, fmt.Sprintf("%s had numbers: “%s”.", c.share(f.in), f.example))
	}
	if f := c.stories; f.in > 0 {
		out = append(out, fmt.Sprintf("%s had a beginning, what was done, and an outcome, by their words: “%s”.", c.share(f.in), f.example))
	}
	if f := c.met; f.in > 0 {
		out = append(out, fmt.Sprintf("Of %s that the job wants your answers had a word of %d: “%s”.", several(c.wants, "thing"), f.in, f.example))
	}
	if f := c.selves; f.times > c.others.times {
		out = append(out, fmt.Sprintf("You said I %s and we %s: “%s”.", often(f.times), often(c.others.times), f.example))
	}
	return out
}

func (c *tallied) better() []string {
	out := []string{}
	add := func(worth bool, format string, values ...any) {
		if worth {
			out = append(out, fmt.Sprintf(format, values...))
		}
	}
	n := len(c.answers)
	if n == 0 {
		return out
	}
	opening := quote(c.answers[slices.Index(c.words, slices.Max(c.words))], 0)
	add(c.short.in > 0, "%s had fewer than %d words: “%s”.", c.share(c.short.in), shortAnswer, c.short.example)
	add(slices.Max(c.words) > longAnswer, "Your longest answer had %d words, which takes about %d minutes; it began with “%s”.",
		slices.Max(c.words), (slices.Max(c.words)+longAnswer/4)/(longAnswer/2), opening)
	add(c.numbers.in == 0, "No answer had a number, not even the longest: “%s”.", opening)
	add(c.stories.asked && c.stories.in == 0, "No answer had all the parts of a story (how it began, what was done, what came of it), by their words; your longest began with “%s”.", opening)
	add(c.others.times > c.selves.times, "You said we %s and spoke of yourself %s: “%s”. Say what was yours.",
		often(c.others.times), often(c.selves.times), c.others.example)
	add(c.met.in < c.wants, "Of %d of the %s that the job wants no answer had a word: read its advertisement again, and have an example for each.", c.wants-c.met.in, several(c.wants, "thing"))
	add(c.fillers.times > 0, "Fillers such as um or you know came %s: “%s”.", often(c.fillers.times), c.fillers.example)
	return out
}

// share is how many of the answers.
func (c *tallied) share(n int) string {
	return fmt.Sprintf("%d of %s", n, several(len(c.answers), "answer"))
}

func several(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func often(n int) string {
	switch n {
	case 0:
		return "never"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
