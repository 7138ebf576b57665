package answers_test

import (
	"testing"
	"time"

	"casey.internal/worker/conversation"
	"casey.internal/worker/turnend"
	"casey.internal/worker/turnend/answers"
)

// The answers that the model was not tuned on.
func held(t *testing.T, profile string) []answers.Answer {
	t.Helper()
	_, judge := answers.Split(answers.All(), answers.Seed)
	set := answers.Of(judge, profile)
	if len(set) < 10 {
		t.Fatalf("%d answers", len(set))
	}
	return set
}

func TestTheModelIsBetterThanSilenceAlone(t *testing.T) {
	for name, c := range map[string]struct {
		set     []answers.Answer
		cut     float64       // percent, at most
		instead float64       // of what silence alone cuts off, at most
		wait    time.Duration // at most
	}{
		"held out":        {held(t, "conversational"), 10, 2. / 3, 1300 * time.Millisecond},
		"other questions": {answers.Of(answers.More(), "conversational"), 15, 3. / 4, 1200 * time.Millisecond},
	} {
		model := answers.Run(turnend.New(turnend.Defaults()), c.set, 800, 7)
		plain := answers.Run(conversation.Pause{Quiet: model.MeanWait(), Settle: 250 * time.Millisecond, Stall: 4 * time.Second}, c.set, 800, 7)
		t.Logf("%s: after the same wait of %v %.1f %% cut off, by silence alone %.1f %%", name, model.MeanWait(), model.CutShare(), plain.CutShare())
		if model.CutShare() > min(c.cut, plain.CutShare()*c.instead) || model.MeanWait() > c.wait {
			t.Errorf("%s: that is too much", name)
		}
	}
}

func TestWhoReflectsIsNotCutOff(t *testing.T) {
	score := answers.Run(turnend.New(turnend.Defaults()), held(t, "reflective"), 800, 7)
	t.Logf("%.1f %% cut off, %v to the decision", score.CutShare(), score.MeanWait())
	if score.CutShare() > 1.5 || score.MeanWait() > 6*time.Second {
		t.Errorf("%.1f %% cut off, %v to the decision", score.CutShare(), score.MeanWait())
	}
}

func TestAnswersAreRead(t *testing.T) {
	all := answers.All()
	first := all[0]
	if len(all) != 78 || first.Profile != "conversational" || first.Question != "What job are you preparing for?" ||
		first.String() != "I am preparing for | a product manager position" || first.Parts[0].Pause != answers.Middle {
		t.Errorf("%d answers, the first %q to %q", len(all), first, first.Question)
	}
	if n := len(answers.Others()); n != 560 {
		t.Errorf("%d answers by others", n)
	}
	if n := len(answers.Short()); n != 400 {
		t.Errorf("%d answers to short questions", n)
	}
	tune, judge := answers.Split(all, answers.Seed)
	seen := map[string]int{}
	for _, a := range append(tune, judge...) {
		seen[a.String()]++
	}
	if len(tune)+len(judge) != len(all) || len(seen) != len(all) || len(tune) != len(judge) {
		t.Errorf("halves of %d and %d, %d different", len(tune), len(judge), len(seen))
	}
}
