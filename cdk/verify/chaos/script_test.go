package chaos

import (
	"testing"

	"casey.internal/shared/interview"
)

func TestWhatAMoveBreaksIsSeen(t *testing.T) {
	const first, second, third = "Now 7 more is to be asked about your work.", "Think of the day number 7 on which something went wrong.", "What was it that you did on day 7?"
	for name, c := range map[string]struct {
		before, after string
		cut           bool
		broken        int
	}{
		"goes on":                  {first, second + " " + third, false, 0},
		"goes on and is cut":       {first + " " + second, "What was", false, 0},
		"a sentence is lost":       {first, third, false, 1},
		"a sentence is said twice": {first + " " + second, second + " " + third, false, 1},
		"it was over":              {first + " " + second + " " + third, "Take your time.", false, 0},
		"the candidate cut it":     {first, third, true, 0},
		"another question":         {"Now 70 more is to be asked about your work.", second, false, 1},
	} {
		turns := []interview.Turn{
			{Epoch: 1, Role: interview.Interviewer, Text: c.before, Cut: c.cut}, {Epoch: 2, Role: interview.Interviewer, Text: c.after},
		}
		if got := broken(turns); len(got) != c.broken {
			t.Errorf("%s: %q", name, got)
		}
	}
}
