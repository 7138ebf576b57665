package interviewer

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Interview is the data of one kind of interview.
type Interview struct {
	Schema      string   `json:"$schema"`     // for editors alone
	Title       string   `json:"title"`       // shown to the candidate, as GoodFor
	GoodFor     string   `json:"goodFor"`     // what one practises with it, in a sentence
	Interviewer Persona  `json:"interviewer"` // as the candidate sees them
	Voice       string   `json:"voice"`       // of Amazon Polly; empty = the worker's
	Language    string   `json:"language"`    // of Amazon Transcribe, as in en-US; empty = the worker's
	Minutes     int      `json:"minutes"`     // how long it takes; 0 = as long as the worker allows
	Persona     string   `json:"persona"`     // who the interviewer is, told to them
	Brief       string   `json:"brief"`       // what the interview is about
	Greeting    []string `json:"greeting"`    // said first, sentence by sentence; the last asks the first question
	Welcome     []string `json:"welcome"`     // said instead when the interview goes on after a break
	Closing     []string `json:"closing"`     // said last
	Phases      []Phase  `json:"phases"`
	Facts       []Fact   `json:"facts"`
	Guidance    []string `json:"guidance"` // how to lead the interview, one rule each
	// Levels are what guidance each level adds; none = there is nothing to choose.
	Levels   map[Level][]string `json:"levels"`
	Exhibits []Exhibit          `json:"exhibits"`
	Rubric   []Criterion        `json:"rubric"`
}

// Persona is the interviewer as the candidate sees them.
type Persona struct {
	Name string `json:"name"`
	Face Face   `json:"face"`
}

// Face is how an interviewer is drawn. Colours are written #rrggbb; what is empty
// is left to the page.
type Face struct {
	Skin    string `json:"skin,omitempty"`
	Hair    string `json:"hair,omitempty"` // its colour, or the scarf's
	Style   string `json:"style,omitempty"`
	Glasses bool   `json:"glasses,omitempty"`
}

// styles are the ways to wear hair that the page can draw.
var styles = []string{"", "short", "long", "curly", "bun", "scarf", "bald"}

// Level is how much an interview asks of a candidate.
type Level string

// The levels, in the order in which they are offered.
const (
	Gentle    Level = "gentle"
	Usual     Level = "usual" // where nobody chose
	Demanding Level = "demanding"
)

// levels are all of them.
var levels = []Level{Gentle, Usual, Demanding}

// Fact is something that the interviewer knows and gives only when asked for.
type Fact struct {
	About string `json:"about"` // what the question has to be about, in words that it may have
	Fact  string `json:"fact"`
}

// Phase is a part of an interview with a purpose of its own.
type Phase struct {
	Name      string   `json:"name"` // shown to the candidate
	Profile   string   `json:"profile"`
	Minutes   int      `json:"minutes"` // its share of the interview's
	Longest   int      `json:"longest"` // an answer, in seconds, before the interviewer politely cuts in; 0 = three minutes
	Goals     []string `json:"goals"`
	Questions []string `json:"questions"` // to choose from, not to read out
}

// longest limits an answer where the phase does not say.
const longest = 3 * time.Minute

// The profiles of a phase: how patient to be with the candidate's pauses.
const (
	Conversational = "conversational"
	Reflective     = "reflective"
)

// Exhibit is something to look at.
type Exhibit struct {
	Title string `json:"title"`
	File  string `json:"file"`  // an SVG image beside the interview's own file
	Alt   string `json:"alt"`   // what it shows, for those who cannot see it
	Facts string `json:"facts"` // what the interviewer knows of it

	url string // of the image, complete
}

// Criterion is one line of the rubric.
type Criterion struct {
	Name     string `json:"name"`
	LooksFor string `json:"looksFor"`
}

// maxLine is the longest line that is said as one sentence, in bytes.
const maxLine = 300

// check reports everything that is wrong with an interview, in words.
func (i *Interview) check() error {
	var wrong []error
	want := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Errorf(format, args...))
		}
	}
	for name, text := range map[string]string{"title": i.Title, "goodFor": i.GoodFor, "persona": i.Persona, "brief": i.Brief} {
		want(strings.TrimSpace(text) != "", "%s is missing", name)
	}
	for name, lines := range map[string][]string{"greeting": i.Greeting, "welcome": i.Welcome, "closing": i.Closing} {
		want(len(lines) > 0, "%s needs at least one sentence", name)
		for _, line := range lines {
			want(strings.TrimSpace(line) != "" && len(line) <= maxLine, "%s: a sentence of %d bytes; 1 to %d are possible", name, len(line), maxLine)
		}
	}
	want(len(i.Phases) > 0, "phases: at least one is needed")
	i.checkLooks(want)
	for n, f := range i.Facts {
		want(f.About != "" && f.Fact != "" && !strings.Contains(f.About, ":"), "fact %d needs about, without a colon, and fact", n+1)
	}
	for n, p := range i.Phases {
		want(p.Name != "", "phase %d has no name", n+1)
		want(p.Profile == Conversational || p.Profile == Reflective, "phase %d: profile %q; it is %s or %s", n+1, p.Profile, Conversational, Reflective)
		want(p.Longest >= 0, "phase %d: a longest answer of %d seconds", n+1, p.Longest)
		want(len(p.Goals) > 0, "phase %d has no goals", n+1)
	}
	for n, e := range i.Exhibits {
		want(e.Title != "" && e.Alt != "" && e.Facts != "", "exhibit %d needs title, alt and facts", n+1)
	}
	names := map[string]bool{}
	want(len(i.Rubric) > 0, "rubric: at least one criterion is needed")
	for n, c := range i.Rubric {
		want(c.Name != "" && c.LooksFor != "", "criterion %d needs name and looksFor", n+1)
		want(!names[c.Name], "criterion %q is there twice", c.Name)
		names[c.Name] = true
	}
	return errors.Join(wrong...)
}

var (
	colour   = regexp.MustCompile(`^(?:#[0-9a-fA-F]{6})?$`)
	language = regexp.MustCompile(`^(?:[a-z]{2,3}-[A-Z]{2})?$`)
)

// checkLooks checks how the interview is shown and heard.
func (i *Interview) checkLooks(want func(ok bool, format string, args ...any)) {
	want(i.Interviewer.Name != "", "interviewer needs a name")
	face := i.Interviewer.Face
	want(colour.MatchString(face.Skin) && colour.MatchString(face.Hair), "face: colours are written as in #a0522d")
	want(slices.Contains(styles, face.Style), "face: style %q; there are%s", face.Style, strings.Join(styles, " "))
	want(language.MatchString(i.Language), "language %q; it is written as in en-US", i.Language)
	want(i.Minutes >= 0, "an interview of %d minutes", i.Minutes)
	for level := range i.Levels {
		want(slices.Contains(levels, level), "level %q; there are %q", level, levels)
	}
}

// at returns the interview at one of its levels; false = it has no such level.
func (i *Interview) at(l Level) (*Interview, bool) {
	more, ok := i.Levels[l]
	levelled := *i
	levelled.Guidance = slices.Concat(i.Guidance, more)
	return &levelled, ok
}
