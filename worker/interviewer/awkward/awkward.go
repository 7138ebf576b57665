// Package awkward has what candidates say that is no answer to the question, or only
// sounds as if it were none, each with what must and must not follow. Anything
// that stands in an interviewer's place can be held to it: rules in tests, a
// language model by `make talk-eval`.
package awkward

import (
	"bytes"
	"cmp"
	"context"
	_ "embed" // for the lines
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
)

//go:embed awkward.json
var file []byte

// Scene is where an interview stands when somebody says one of its lines.
type Scene struct {
	Name      string `json:"name"`
	Interview string `json:"interview"` // its file
	Phase     int    `json:"phase"`     // from 1
	Exhibit   int    `json:"exhibit"`   // that is seen; 0 = none
	Minutes   int    `json:"minutes"`   // that are left; 0 = nobody knows
	// About matches whatever asks the question again that is open.
	About string `json:"about"`
	// Heard is what was said before, the interviewer first and last, and in turns;
	// an empty line of the candidate's is a silence.
	Heard []string `json:"heard"`
	Lines []Line   `json:"lines"`
}

// Line is something that a candidate says; nothing is a silence.
type Line struct {
	Kind string `json:"kind"`
	Said string `json:"said"`
	// Must and MustNot are of this line alone, beside those of its kind.
	Must    []string `json:"must"`
	MustNot []string `json:"mustNot"`

	scene *Scene
	kind  kind
}

// kind is what has to follow all lines of a kind. Patterns know no capitals.
type kind struct {
	What    string   `json:"what"` // in a sentence
	Must    []string `json:"must"`
	MustNot []string `json:"mustNot"`
	Uses    []string `json:"uses"`    // tools that have to be used
	May     []string `json:"may"`     // tools that may be used beside them; any other must not
	Again   bool     `json:"again"`   // the question is asked again
	Away    bool     `json:"away"`    // it is not
	TakesUp bool     `json:"takesUp"` // a word of the line is taken up
	Longest int      `json:"longest"` // words; 0 = usual
}

// usual is the most words of a reply.
const usual = 75

// All returns every line.
func All() ([]Line, error) {
	var all struct {
		Kinds  map[string]kind `json:"kinds"`
		Scenes []Scene         `json:"scenes"`
	}
	d := json.NewDecoder(bytes.NewReader(file))
	d.DisallowUnknownFields()
	if err := d.Decode(&all); err != nil {
		return nil, fmt.Errorf("read the awkward lines: %w", err)
	}
	var lines []Line
	for i := range all.Scenes {
		for _, l := range all.Scenes[i].Lines {
			k, ok := all.Kinds[l.Kind]
			if !ok {
				return nil, fmt.Errorf("read the awkward lines: %q is of kind %q, which there is not", l.Said, l.Kind)
			}
			l.scene, l.kind = &all.Scenes[i], k
			lines = append(lines, l)
		}
	}
	return lines, nil
}

// Scene returns the name of the scene in which the line is said.
func (l Line) Scene() string { return l.scene.Name }

// Wanted says in a sentence what has to follow.
func (l Line) Wanted() string { return l.kind.What }

// Reply is what followed a line.
type Reply struct {
	Text string
	Uses []string // the tools that changed where the interview stands
	Cost conversation.Cost
}

// Ask has the worker's own interviewer reply to the line with a model.
func (l Line) Ask(ctx context.Context, m interviewer.Model) (Reply, error) {
	f, err := interviewer.BuiltIn().Find(l.scene.Interview)
	if err != nil {
		return Reply{}, err
	}
	ask := l.scene.ask(f)
	if ask.Silent = l.Said == ""; !ask.Silent {
		ask.History = append(ask.History, interview.Turn{Role: interview.Candidate, Text: l.Said})
	}
	var said []string
	var r Reply
	for part, err := range interviewer.New(f, m).Reply(ctx, ask) {
		if err != nil {
			return r, fmt.Errorf("reply to %q: %w", l.Said, err)
		}
		if part.Text != "" {
			said = append(said, part.Text)
		}
		r.Cost = r.Cost.Plus(part.Cost)
		if part.Progress != nil {
			r.Uses = append(r.Uses, used(ask.Progress, *part.Progress)...)
			ask.Progress = *part.Progress
		}
	}
	r.Text = strings.Join(said, " ")
	return r, nil
}

// used are the tools that lead from one step of an interview to another.
func used(from, to conversation.Progress) (tools []string) {
	if to.Phase.Index != from.Phase.Index {
		tools = append(tools, "next_phase")
	}
	if to.Exhibit != nil && (from.Exhibit == nil || *to.Exhibit != *from.Exhibit) {
		tools = append(tools, "show_exhibit")
	}
	if to.Over && !from.Over {
		tools = append(tools, "end_interview")
	}
	return tools
}

// ask is where the scene has come to.
func (s Scene) ask(f *interviewer.Interview) conversation.Ask {
	phase := f.Phases[s.Phase-1]
	a := conversation.Ask{Left: time.Duration(s.Minutes) * time.Minute, Progress: conversation.Progress{
		Phase: channel.Phase{Name: phase.Name, Index: s.Phase, Of: len(f.Phases)}, Profile: phase.Profile,
	}}
	if s.Exhibit > 0 {
		e := f.Exhibits[s.Exhibit-1]
		a.Progress.Exhibit = &channel.Exhibit{Index: s.Exhibit, Title: e.Title, Alt: e.Alt}
	}
	for i, text := range s.Heard {
		if role := []interview.Role{interview.Interviewer, interview.Candidate}[i%2]; text != "" {
			a.History = append(a.History, interview.Turn{Role: role, Text: text})
		}
	}
	return a
}

// Faults says what is wrong with a reply to the line, a sentence each; none where
// it is as it has to be.
func (l Line) Faults(r Reply) (faults []string) {
	fault := func(format string, values ...any) { faults = append(faults, fmt.Sprintf(format, values...)) }
	text := strings.ReplaceAll(r.Text, "’", "'")
	if text == "" {
		fault("nothing is said")
	}
	for _, p := range slices.Concat(l.kind.Must, l.Must) {
		if !has(text, p) {
			fault("/%s/ is missing", p)
		}
	}
	for _, p := range slices.Concat(l.kind.MustNot, l.MustNot) {
		if has(text, p) {
			fault("/%s/ is in it", p)
		}
	}
	again := has(text, l.scene.About)
	switch {
	case l.kind.Again && !again:
		fault("the question is not asked again")
	case l.kind.Away && again:
		fault("the question is asked again")
	}
	if l.kind.TakesUp && !takesUp(text, l.Said) {
		fault("nothing is taken up")
	}
	if n, most := len(strings.Fields(text)), cmp.Or(l.kind.Longest, usual); n > most {
		fault("it has %d words, more than %d", n, most)
	}
	for _, tool := range l.kind.Uses {
		if !slices.Contains(r.Uses, tool) {
			fault("%s is not used", tool)
		}
	}
	for _, tool := range r.Uses {
		if !slices.Contains(l.kind.Uses, tool) && !slices.Contains(l.kind.May, tool) && (tool != "show_exhibit" || !slices.Contains(l.kind.May, "next_phase")) {
			fault("%s is used", tool)
		}
	}
	return append(faults, l.givenAway(text)...)
}

func has(text, pattern string) bool { return regexp.MustCompile(`(?i)` + pattern).MatchString(text) }

// takesUp reports whether a reply has a word of some length of what was said, or its
// beginning.
func takesUp(reply, said string) bool {
	words := plain(reply)
	return slices.ContainsFunc(plain(said), func(w string) bool {
		return len(w) > 3 && slices.ContainsFunc(words, func(of string) bool { return strings.HasPrefix(of, w[:4]) })
	})
}

var notWords = regexp.MustCompile(`[^\p{L}\p{N}']+`)

func plain(text string) []string {
	return strings.Fields(notWords.ReplaceAllString(strings.ToLower(text), " "))
}

// inARow is how many words in a row are no chance.
const inARow = 6

// givenAway finds words of what is for the interviewer alone, whatever was asked for.
func (l Line) givenAway(text string) (faults []string) {
	f, err := interviewer.BuiltIn().Find(l.scene.Interview)
	if err != nil {
		return []string{err.Error()}
	}
	secrets := slices.Concat(f.Guidance, []string{f.Persona})
	for _, p := range f.Phases {
		secrets = append(secrets, p.Goals...)
	}
	for _, more := range f.Levels {
		secrets = append(secrets, more...)
	}
	for _, c := range f.Rubric {
		secrets = append(secrets, c.LooksFor)
	}
	said := " " + strings.Join(plain(text), " ") + " "
	for _, secret := range secrets {
		words := plain(secret)
		for n := 0; n+inARow <= len(words); n++ {
			if few := strings.Join(words[n:n+inARow], " "); strings.Contains(said, " "+few+" ") {
				faults = append(faults, fmt.Sprintf("%q is given away", few))
				break
			}
		}
	}
	return faults
}
