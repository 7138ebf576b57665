package judge_test

import (
	"context"
	"errors"
	"iter"
	"math"
	"strings"
	"testing"

	"casey.internal/shared/price"
	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/judge"
)

// model answers with pieces of text, and keeps what it was asked.
type model struct {
	pieces []string
	err    error
	asked  interviewer.Request
}

func (m *model) Converse(_ context.Context, r interviewer.Request) iter.Seq2[interviewer.Delta, error] {
	m.asked = r
	return func(yield func(interviewer.Delta, error) bool) {
		for _, p := range m.pieces {
			if !yield(interviewer.Delta{Text: p}, nil) {
				return
			}
		}
		yield(interviewer.Delta{Stop: interviewer.StopEnd, Usage: &price.Tokens{Input: 200, Output: 2}}, m.err)
	}
}

var good = judge.Rates{
	Whole: judge.Counts{conversation.Finished: 90, conversation.Unfinished: 10},
	Cut:   judge.Counts{conversation.Finished: 2, conversation.Unfinished: 98},
}

func TestAWordIsTakenForWhatItIsWorth(t *testing.T) {
	m := &model{pieces: []string{"Fin", "ished."}}
	got, err := judge.New(m, good).Judge(t.Context(), "Are you ready?", "yes I am")
	if err != nil || got.Says != conversation.Finished || got.Weight > -3 || got.Cost.Input != 200 || got.Cost.Output != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	if len(m.asked.Messages) != 1 || !strings.Contains(m.asked.Messages[0].Text, "Are you ready?") || !strings.Contains(m.asked.Messages[0].Text, "yes I am") || len(m.asked.Tools) != 0 {
		t.Errorf("asked %+v", m.asked)
	}
}

func TestAFailureIsTold(t *testing.T) {
	broken := errors.New("throttled")
	if got, err := judge.New(&model{err: broken}, good).Judge(t.Context(), "", "yes"); !errors.Is(err, broken) || got.Says != "" {
		t.Errorf("%+v, %v", got, err)
	}
	got, err := judge.New(&model{pieces: []string{"I cannot help with that"}}, good).Judge(t.Context(), "", "yes")
	if !errors.Is(err, judge.ErrNonsense) || got.Says != "" || got.Weight != 0 || got.Cost.Input == 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestALongAnswerIsCutAtItsBeginning(t *testing.T) {
	m := &model{pieces: []string{"unfinished"}}
	if _, err := judge.New(m, good).Judge(t.Context(), "Why?", strings.Repeat("before ", 1000)+"and then"); err != nil {
		t.Fatal(err)
	}
	if text := m.asked.Messages[0].Text; len(text) > 1300 || !strings.HasSuffix(text, "before and then") || !strings.Contains(text, "… before") {
		t.Errorf("%d bytes: %q", len(text), text)
	}
}

func TestParse(t *testing.T) {
	for answer, want := range map[string]conversation.Opinion{
		"finished": conversation.Finished, " Unfinished.\n": conversation.Unfinished, "**thinking**": conversation.Thinks, "asks\nbecause it is a question": conversation.Asks,
		"": "", "finished or unfinished": "", "yes": "", "done": "", "fin": "", "\"\"": "",
	} {
		if got, err := judge.Parse(answer); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", answer, got, err)
		}
	}
}

func TestHowMuchAWordCounts(t *testing.T) {
	few := judge.Rates{Whole: judge.Counts{conversation.Finished: 1}, Cut: judge.Counts{conversation.Unfinished: 1}}
	coin := judge.Rates{Whole: judge.Counts{conversation.Finished: 50, conversation.Unfinished: 50}, Cut: judge.Counts{conversation.Finished: 50, conversation.Unfinished: 50}}
	for name, c := range map[string]struct {
		weight      float64
		least, most float64
	}{
		"a good judge's finished":   {good.Weight(conversation.Finished), -3.6, -3.2},
		"a good judge's unfinished": {good.Weight(conversation.Unfinished), 2, 2.4},
		"one of few texts":          {few.Weight(conversation.Finished), -0.8, -0.6},
		"a coin":                    {coin.Weight(conversation.Finished), 0, 0},
		"who is not known":          {judge.Rates{}.Weight(conversation.Asks), 0, 0},
		"what it never says":        {good.Weight(conversation.Asks), -0.1, 0.1},
	} {
		if c.weight < c.least || c.weight > c.most || math.IsNaN(c.weight) {
			t.Errorf("%s counts %v", name, c.weight)
		}
	}
}

// TestTheTable: every row can be read, says where it is from, and calls a whole answer
// finished more often than one that goes on.
func TestTheTable(t *testing.T) {
	all, err := judge.Table()
	if err != nil || len(all) == 0 {
		t.Fatalf("%d rows, %v", len(all), err)
	}
	for _, r := range all {
		if r.Model == "" || r.Source == "" || r.Weight(conversation.Finished) >= 0 || r.Weight(conversation.Unfinished) <= 0 {
			t.Errorf("%+v", r)
		}
	}
	if r, known := judge.RatesOf("eu.amazon.nova-micro-v1:0"); !known || r.Model != "nova-micro" {
		t.Errorf("nova-micro: %+v", r)
	}
	for _, name := range []string{"another", "amazon.nova-microscope-v1:0"} {
		if _, known := judge.RatesOf(name); known {
			t.Errorf("%s is known", name)
		}
	}
}
