package retry

import (
	"strings"
	"testing"
	"time"

	"casey.internal/shared/interview"
)

func TestThePagesPlanIsRead(t *testing.T) {
	plan, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Offers) != 4 {
		t.Errorf("it has %d aims", len(plan.Offers))
	}
	for aim, first := range map[Aim]Step{
		Begin:   {Want: interview.WantNothing, Peer: "new", Wait: 2000},
		Resume:  {Want: interview.WantFresh, Peer: "new", Wait: 2000},
		Restart: {Want: interview.WantRestart, Peer: "same", Wait: 2000},
		Move:    {Want: interview.WantElsewhere, Peer: "new", Wait: 4000},
	} {
		if got := plan.Offers[aim][0]; got != first {
			t.Errorf("%s begins with %+v", aim, got)
		}
	}
	for name, wait := range map[string]MS{
		"media": plan.Media, "disconnected": plan.Disconnected, "failed": plan.Failed, "silent": plan.Silent, "leaving": plan.Leaving,
		"reopen first": plan.Reopen.First, "reopen longest": plan.Reopen.Longest,
	} {
		if wait.Duration() < 100*time.Millisecond || wait.Duration() > time.Minute {
			t.Errorf("%s is %v", name, wait.Duration())
		}
	}
}

// TestOneThatRanIsNotGivenUpForTwoMinutes holds what README.md promises, and
// that every try after the first asks for another worker.
func TestOneThatRanIsNotGivenUpForTwoMinutes(t *testing.T) {
	plan, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, aim := range []Aim{Resume, Restart} {
		var all time.Duration
		for i, step := range plan.Offers[aim] {
			all += step.Wait.Duration()
			if i > 0 && (step.Want != interview.WantElsewhere || step.Peer != "new") {
				t.Errorf("%s, try %d is %+v", aim, i, step)
			}
		}
		if all != 2*time.Minute {
			t.Errorf("%s is given up after %v", aim, all)
		}
	}
}

func TestAPlanThatIsNoneIsRefused(t *testing.T) {
	for _, bad := range []string{``, `{`, `{"offers":{}}`, `{"offers":{"begin":[{"wait":"2"}]}}`, `{"patience":1}`} {
		if _, err := decode([]byte(bad)); err == nil || !strings.Contains(err.Error(), "plan") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
