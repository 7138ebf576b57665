package interviewer

import (
	"cmp"
	"slices"
	"time"

	"casey.internal/worker/language"
)

// Interview is the data of one kind of interview. interview.schema.json, beside
// the interviews, says what each field may be.
type Interview struct {
	Schema      string   `json:"$schema"`     // for editors alone
	Title       string   `json:"title"`       // shown to the candidate, as GoodFor
	GoodFor     string   `json:"goodFor"`     // what one practises with it, in a sentence
	Interviewer Persona  `json:"interviewer"` // as the candidate sees them
	Voice       string   `json:"voice"`       // of Amazon Polly; empty = the worker's
	Language    string   `json:"language"`    // of Amazon Transcribe, as in en-US; empty = the worker's
	Minutes     int      `json:"minutes"`     // how long it takes
	Persona     string   `json:"persona"`     // who the interviewer is, told to them
	Brief       string   `json:"brief"`       // what the interview is about
	Greeting    []string `json:"greeting"`    // said first, sentence by sentence; the last asks the first question
	Prepared    []string `json:"prepared"`    // said instead to who has told of the job before; none = greeting
	Welcome     []string `json:"welcome"`     // said instead when the interview goes on after a break
	Closing     []string `json:"closing"`     // said last
	Phases      []Phase  `json:"phases"`
	Facts       []Fact   `json:"facts"`
	Guidance    []string `json:"guidance"` // how to lead the interview, one rule each
	// Levels are what guidance each level adds; none = there is nothing to choose.
	Levels   map[Level][]string `json:"levels"`
	Exhibits []Exhibit          `json:"exhibits"`
	Rubric   []Criterion        `json:"rubric"`

	length time.Duration // shorter than Minutes; 0 = as long as that
}

// spoken is the language of the interview.
func (i *Interview) spoken() language.Language { return language.Of(i.Language) }

// In returns the interview as it is held by a worker whose language is another than
// English: one that names no language is held in that.
func (i *Interview) In(tag string) *Interview {
	in := *i
	in.Language = cmp.Or(i.Language, tag)
	return &in
}

// Persona is the interviewer as the candidate sees them.
type Persona struct {
	Name string `json:"name"`
	Face Face   `json:"face"`
}

// Face is how an interviewer is drawn. Colours are written #rrggbb, styles are those
// of the schema; what is empty is left to the page.
type Face struct {
	Skin    string `json:"skin,omitempty"`
	Hair    string `json:"hair,omitempty"` // its colour, or the scarf's
	Style   string `json:"style,omitempty"`
	Glasses bool   `json:"glasses,omitempty"`
}

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

// Length is how long the interview takes.
func (i *Interview) Length() time.Duration {
	return cmp.Or(i.length, time.Duration(i.Minutes)*time.Minute)
}

// Within returns the interview in no more than a time; its phases keep their shares.
func (i *Interview) Within(limit time.Duration) *Interview {
	shorter := *i
	shorter.length = min(i.Length(), limit)
	return &shorter
}

// after is the time that the phases after one have together.
func (i *Interview) after(phase int) time.Duration {
	given, without := 0, 0
	for _, p := range i.Phases {
		given += p.Minutes
		if p.Minutes == 0 {
			without++
		}
	}
	var later float64
	for _, p := range i.Phases[phase+1:] {
		later += float64(p.Minutes)
		if p.Minutes == 0 {
			later += float64(i.Minutes-given) / float64(without)
		}
	}
	return time.Duration(later / float64(i.Minutes) * float64(i.Length()))
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

// levels are those that there are to choose, from the gentlest on.
func (i *Interview) levels() []Level {
	return slices.DeleteFunc(slices.Clone(levels), func(l Level) bool {
		_, has := i.Levels[l]
		return !has
	})
}

// at returns the interview at one of its levels; false = it has no such level.
func (i *Interview) at(l Level) (*Interview, bool) {
	more, ok := i.Levels[l]
	levelled := *i
	levelled.Guidance = slices.Concat(i.Guidance, more)
	return &levelled, ok
}
