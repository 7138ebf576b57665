package awkward

import (
	"context"
	"iter"
	"regexp"
	"slices"
	"strings"
	"testing"

	"casey.internal/worker/interviewer"
)

func all(t *testing.T) []Line {
	t.Helper()
	lines, err := All()
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestTheLinesAreInOrder(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range all(t) {
		if key := l.Scene() + "/" + l.Said; seen[key] {
			t.Errorf("%s is there twice", key)
		} else {
			seen[key] = true
		}
		for _, p := range slices.Concat(l.kind.Must, l.kind.MustNot, l.Must, l.MustNot, []string{l.scene.About}) {
			if _, err := regexp.Compile(p); err != nil {
				t.Error(err)
			}
		}
		f, err := interviewer.BuiltIn().Find(l.scene.Interview)
		if err != nil {
			t.Fatal(err)
		}
		heard := l.scene.Heard
		if len(heard)%2 == 0 || l.scene.Phase < 1 || l.scene.Phase > len(f.Phases) || l.scene.Exhibit > len(f.Exhibits) || l.Wanted() == "" {
			t.Errorf("scene %q is out of order", l.Scene())
		}
	}
	if len(seen) < 60 {
		t.Errorf("only %d lines", len(seen))
	}
}

// parrot answers the same to everybody.
type parrot struct {
	text, tool string
	asked      interviewer.Request
}

// Converse implements interviewer.Model.
func (p *parrot) Converse(_ context.Context, r interviewer.Request) iter.Seq2[interviewer.Delta, error] {
	if p.asked.System == "" {
		p.asked = r
	}
	return func(yield func(interviewer.Delta, error) bool) {
		if p.tool != "" && !yield(interviewer.Delta{Tool: &interviewer.ToolUse{ID: "t", Name: p.tool, Input: []byte("{}")}}, nil) {
			return
		}
		_ = yield(interviewer.Delta{Text: p.text, Stop: interviewer.StopEnd}, nil)
	}
}

// find is the first line of a kind in an interview.
func find(t *testing.T, kind, of string) Line {
	t.Helper()
	lines := all(t)
	n := slices.IndexFunc(lines, func(l Line) bool { return l.Kind == kind && l.scene.Interview == of })
	if n < 0 {
		t.Fatalf("no line of kind %q", kind)
	}
	return lines[n]
}

func TestWhatIsWrongIsFound(t *testing.T) {
	for name, try := range map[string]struct {
		kind, text, tool, want string // "" = nothing is wrong
	}{
		"good":               {"repeat", "Of course. Tell me about a project that you are proud of.", "", ""},
		"not again":          {"repeat", "Of course.", "", "the question is not asked again"},
		"nothing":            {"think", "", "", "nothing is said"},
		"too much":           {"think", strings.Repeat("take your time ", 9), "", "it has 27 words"},
		"forbidden":          {"peek", "Feedback comes at the end, but I give you three out of five for that project.", "", "is in it"},
		"missing":            {"foreign", "Ja, gern.", "", "/english/ is missing"},
		"secret":             {"peek", "At the end, but answers have a beginning, a point and an end, also of a project.", "", "is given away"},
		"a tool too much":    {"repeat", "Of course. Tell me about a project that you are proud of.", "end_interview", "end_interview is used"},
		"a tool too few":     {"stop-confirmed", "All right, let us stop here.", "", "end_interview is not used"},
		"a tool in place":    {"stop-confirmed", "All right, let us stop here.", "end_interview", ""},
		"a tool that may be": {"lost", "That is fine. What was hardest about it?", "next_phase", ""},
		"nothing taken up":   {"answer", "I see. What was hardest about it?", "", "nothing is taken up"},
	} {
		t.Run(name, func(t *testing.T) {
			l := find(t, try.kind, "coach")
			r, err := l.Ask(t.Context(), &parrot{text: try.text, tool: try.tool})
			if err != nil {
				t.Fatal(err)
			}
			faults := strings.Join(l.Faults(r), "\n")
			if try.want == "" && faults != "" || !strings.Contains(faults, try.want) {
				t.Errorf("faults %q of %+v; want %q", faults, r, try.want)
			}
		})
	}
}

func TestTheWorkersOwnPromptIsAsked(t *testing.T) {
	p := &parrot{text: "Of course."}
	if _, err := find(t, "time", "case").Ask(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"You are Robin", "Phase 2 of 4", "About 7 minutes are left", "The candidate sees exhibit 1"} {
		if !strings.Contains(p.asked.System+p.asked.Notes, want) {
			t.Errorf("the prompt has no %q", want)
		}
	}
	if m := p.asked.Messages; m[len(m)-1].Text != "How much time do we have left?" || len(p.asked.Tools) != 3 {
		t.Errorf("asked %+v", p.asked)
	}
}
