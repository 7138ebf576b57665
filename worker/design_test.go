package worker_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"casey.internal/shared/interview"
)

// steps are the names of interview's steps in DESIGN.md.
var steps = map[string]interview.Step{
	"offer": interview.StepOffer, "claim": interview.StepClaim, "answer": interview.StepAnswer, "connect": interview.StepConnect,
	"adopt": interview.StepAdopt, "put back": interview.StepPutBack, "move": interview.StepMove, "invite": interview.StepInvite,
	"succeed": interview.StepSucceed, "carry": interview.StepCarry, "pause": interview.StepPause, "end": interview.StepEnd,
	"retire": interview.StepRetire,
}

// TestTheDesignHasTheStepsOfASession holds the table of states in DESIGN.md to
// the code.
func TestTheDesignHasTheStepsOfASession(t *testing.T) {
	document, err := os.ReadFile("DESIGN.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(document), "\n## The states of a session\n")
	section, _, _ = strings.Cut(section, "\n## ")
	rows := map[interview.Step]bool{}
	for line := range strings.Lines(section) {
		cells := strings.Split(line, "|")
		if len(cells) < 5 {
			continue
		}
		step, there := steps[strings.TrimSpace(cells[1])]
		if !there {
			continue
		}
		rows[step] = true
		var from []interview.State
		for name := range strings.FieldsSeq(cells[2]) {
			from = append(from, interview.State(strings.Trim(name, "–"))) // – is the zero value
		}
		if want := step.From(); !slices.Equal(from, want) {
			t.Errorf("%s is legal from %q, the code has %q", cells[1], from, want)
		}
	}
	for step := interview.StepOffer; len(step.From()) > 0; step++ {
		if !rows[step] {
			t.Errorf("there is no row of step %d", step)
		}
	}
}
