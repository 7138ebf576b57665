package chaos

import (
	"testing"

	"casey.internal/shared/interview"
	"casey.internal/shared/retry"
)

// TestWhatIsTakenBackAndSaidAgainIsNotLost: who was away may have heard the end of a turn that
// is on record without it, if it is said again. Whatever else is not as it was heard is lost.
func TestWhatIsTakenBackAndSaidAgainIsNotLost(t *testing.T) {
	const (
		first, second, third = "Now 7 more is to be asked about your work.", "Think of the day number 7 on which something went wrong.", "What was it that you did on day 7?"
		heard                = first + " " + second + " " + third
		you, me              = interview.Interviewer, interview.Candidate
	)
	turn := func(number int, role interview.Role, text string, cut bool) interview.Turn {
		return interview.Turn{Number: number, Role: role, Text: text, Cut: cut}
	}
	for name, c := range map[string]struct {
		stored  []interview.Turn
		present bool // the person was never away
		lost    int
	}{
		"whole":                            {stored: []interview.Turn{turn(1, you, heard, false)}, present: true},
		"the last sentence":                {stored: []interview.Turn{turn(1, you, first+" "+second, true), turn(2, you, third, false)}},
		"the last words":                   {stored: []interview.Turn{turn(1, you, first+" "+second+" What was", true), turn(2, you, third, false)}},
		"the last two":                     {stored: []interview.Turn{turn(1, you, first+" Think of", true), turn(2, you, second+" "+third, false)}},
		"all of it":                        {stored: []interview.Turn{turn(1, you, "", true), turn(2, you, heard, false)}},
		"again after the candidate spoke":  {stored: []interview.Turn{turn(1, you, first+" "+second, true), turn(2, me, "Yes.", false), turn(3, you, third, false)}},
		"again in two turns":               {stored: []interview.Turn{turn(1, you, first, true), turn(2, you, second+" What", true), turn(3, you, third, false)}},
		"again with more":                  {stored: []interview.Turn{turn(1, you, first+" "+second, true), turn(2, you, third+" Take your time.", false)}},
		"never again":                      {stored: []interview.Turn{turn(1, you, first+" "+second, true)}, lost: 1},
		"one of two again":                 {stored: []interview.Turn{turn(1, you, first, true), turn(2, you, third, false)}, lost: 1},
		"not to its end again":             {stored: []interview.Turn{turn(1, you, first+" "+second, true), turn(2, you, "What was it that", true)}, lost: 1},
		"another one again":                {stored: []interview.Turn{turn(1, you, first+" "+second, true), turn(2, you, "What was it that you did on day 70?", false)}, lost: 1},
		"the missing words alone again":    {stored: []interview.Turn{turn(1, you, first+" "+second+" What was", true), turn(2, you, "it that you did on day 7?", false)}, lost: 1},
		"said again by the candidate":      {stored: []interview.Turn{turn(1, you, first+" "+second, true), turn(2, me, third, false)}, lost: 1},
		"said before":                      {stored: []interview.Turn{turn(0, you, third, false), turn(1, you, first+" "+second, true)}, lost: 1},
		"in the middle of a word":          {stored: []interview.Turn{turn(1, you, first+" "+second+" Wha", true), turn(2, you, third, false)}, lost: 1},
		"no beginning":                     {stored: []interview.Turn{turn(1, you, second+" "+third, true), turn(2, you, first, false)}, lost: 1},
		"another text":                     {stored: []interview.Turn{turn(1, you, "Take your time.", true), turn(2, you, heard, false)}, lost: 1},
		"more than was heard":              {stored: []interview.Turn{turn(1, you, heard+" Take your time.", true)}, lost: 1},
		"not on record":                    {stored: []interview.Turn{turn(2, you, heard, false)}, lost: 1},
		"not cut: the end was not written": {stored: []interview.Turn{turn(1, you, first+" "+second, false), turn(2, you, third, false)}, lost: 1},
		"a turn of the candidate":          {stored: []interview.Turn{turn(1, me, first+" "+second, true), turn(2, you, third, false)}, lost: 1},
		"of somebody who was there":        {stored: []interview.Turn{turn(1, you, first+" "+second, true), turn(2, you, third, false)}, present: true, lost: 1},
	} {
		p := newPerson("", 1, false, retry.Plan{})
		p.final[1], p.restored = heard, !c.present
		if missing := p.unheard(c.stored); len(missing) != c.lost {
			t.Errorf("%s: lost is %q", name, missing)
		}
	}
}
