package interviewer

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Interview is the data of one kind of interview.
type Interview struct {
	Title    string      `json:"title"`
	Persona  string      `json:"persona"`  // who the interviewer is, told to them
	Brief    string      `json:"brief"`    // what the interview is about
	Greeting []string    `json:"greeting"` // said first, sentence by sentence; the last asks the first question
	Welcome  []string    `json:"welcome"`  // said instead when the interview goes on after a break
	Closing  []string    `json:"closing"`  // said last
	Phases   []Phase     `json:"phases"`
	Guidance []string    `json:"guidance"` // how to lead the interview, one rule each
	Exhibits []Exhibit   `json:"exhibits"`
	Rubric   []Criterion `json:"rubric"`
}

// Phase is a part of an interview with a purpose of its own.
type Phase struct {
	Name      string   `json:"name"` // shown to the candidate
	Profile   string   `json:"profile"`
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
	for name, text := range map[string]string{"title": i.Title, "persona": i.Persona, "brief": i.Brief} {
		want(strings.TrimSpace(text) != "", "%s is missing", name)
	}
	for name, lines := range map[string][]string{"greeting": i.Greeting, "welcome": i.Welcome, "closing": i.Closing} {
		want(len(lines) > 0, "%s needs at least one sentence", name)
		for _, line := range lines {
			want(strings.TrimSpace(line) != "" && len(line) <= maxLine, "%s: a sentence of %d bytes; 1 to %d are possible", name, len(line), maxLine)
		}
	}
	want(len(i.Phases) > 0, "phases: at least one is needed")
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
