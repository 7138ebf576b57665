package interviewer_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/interviewer"
)

// critic writes a report and reviews by what a test has for each tool.
type critic map[string][]any

// Converse implements interviewer.Model.
func (c critic) Converse(_ context.Context, r interviewer.Request) iter.Seq2[interviewer.Delta, error] {
	m := &model{answers: [][]any{c[r.Tools[0].Name]}}
	return m.Converse(context.Background(), r)
}

func at(seconds int) time.Time { return time.Unix(1000, 0).Add(time.Duration(seconds) * time.Second) }

// told is an interview with two answers, of which recognition understood the first.
func told() []interview.Turn {
	return []interview.Turn{
		{Number: 1, Role: interview.Interviewer, Text: "Hello. What did you build?", Began: at(0), Ended: at(4)},
		{Number: 2, Role: interview.Candidate, Text: "Um, I built a bridge, you know, and it held.", Began: at(6), Ended: at(12), Pause: 2 * time.Second},
		{Number: 3, Role: interview.Interviewer, Text: "Take your time.", Began: at(13), Ended: at(14)},
		{Number: 4, Role: interview.Candidate, Text: "It cost 40 millions.", Began: at(15), Ended: at(18)},
		{Number: 5, Role: interview.Interviewer, Text: "I see. Why that one? Tell", Cut: true, Began: at(19), Ended: at(21)},
		{Number: 6, Role: interview.Candidate, Text: "For the ferry was too slow.", Unsure: 4, Began: at(22), Ended: at(26)},
	}
}

func feedback(t *testing.T, c critic, history []interview.Turn) (all []channel.Report, errs []error) {
	t.Helper()
	for report, err := range interviewer.New(load(t, "coach"), c).Feedback(t.Context(), history) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		all = append(all, report)
	}
	return all, errs
}

const whole = `{"summary":"Well.","good":["You said “it held”.","You said “I led a team of nine”."],"better":["Say \"why now\"."],
	"scores":{"Evidence":{"score":4,"comment":"“It cost 40 millions!”"},"Structure":{"score":3,"comment":"As in “never said this”."}}}`

func TestFeedbackComesInPartsWithTrueQuotesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all, errs := feedback(t, critic{"report": {use("report", whole)}, "review": {use("review", `{"answers":[{"number":1,"said":"You built “a bridge”.","strong":"You told of “ten ships”.","missing":"The date.",
			"stronger":"I built a bridge for 40 millions.","score":9,"quotes":["i built a BRIDGE","it cost 40 millions","I sank a ship","bridge","“it held”","It held."]},
			{"number":2,"said":"nobody asked"},{"number":"one"},7]}`)}}, told())
		if len(errs) > 0 || len(all) != 3 || all[0].Summary != "" || len(all[0].Questions) != 2 || len(all[0].Delivery) == 0 {
			t.Fatalf("%+v, %v", all, errs)
		}
		r := all[2]
		if r.Summary != "Well." || !slices.Equal(r.Good, []string{"You said “it held”."}) || len(r.Better) != 0 {
			t.Errorf("%+v", r)
		}
		if s := r.Scores; len(s) != 2 || s[0].Comment != "" || s[1].Comment != "“It cost 40 millions!”" {
			t.Errorf("scores %+v", s)
		}
		q := r.Questions[0]
		if q.Turn != 2 || q.Asked != "What did you build?" || q.Said != "You built “a bridge”." || q.Strong != "" || q.Score != 5 || q.Missing != "The date." {
			t.Errorf("%+v", q)
		}
		if !slices.Equal(q.Quotes, []channel.Quote{{Turn: 2, Text: "i built a BRIDGE"}, {Turn: 4, Text: "it cost 40 millions"}, {Turn: 2, Text: "it held"}}) {
			t.Errorf("quotes %+v", q.Quotes)
		}
		if u := r.Questions[1]; !u.Unsure || u.Turn != 6 || u.Asked != "Why that one?" || u.Said != "" {
			t.Errorf("an answer that was not understood: %+v", u)
		}
	})
}

func TestAPartThatCannotBeWrittenLeavesTheRest(t *testing.T) {
	for name, c := range map[string]struct {
		critic critic
		errs   int
		judged bool
	}{
		"no report":         {critic{"report": {errors.New("broken")}, "review": {use("review", `{"answers":[{"number":1,"said":"A bridge."}]}`)}}, 1, false},
		"no review":         {critic{"report": {use("report", whole)}, "review": {errors.New("broken")}}, 1, true},
		"review of nothing": {critic{"report": {use("report", whole)}, "review": {use("review", `{"answers":{"1":"good"}}`)}}, 1, true},
		"review in words":   {critic{"report": {use("report", whole)}, "review": {"It was good."}}, 1, true},
		"nothing at all":    {critic{"report": {}, "review": {}}, 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				all, errs := feedback(t, c.critic, told())
				last := all[len(all)-1]
				if len(errs) != c.errs || (last.Summary != "") != c.judged || len(last.Questions) != 2 || len(last.Delivery) == 0 {
					t.Errorf("%+v, %v", last, errs)
				}
			})
		})
	}
}

func TestFeedbackThatNobodyWaitsForStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for range interviewer.New(load(t, "coach"), critic{"report": {use("report", whole)}}).Feedback(t.Context(), told()) {
			break
		}
		synctest.Wait()
	})
}

func TestWhatIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all, _ := feedback(t, critic{}, told())
		got := map[string]channel.Measure{}
		for _, m := range all[0].Delivery {
			got[m.Name] = m
		}
		for name, want := range map[string]float64{
			"pace": 92.3, "wait": 1.3, "pause": 2, "length": 4.3, "fillers": 10, "interruptions": 1, "share": 65,
		} {
			if m := got[name]; m.Value != want {
				t.Errorf("%s is %+v, want %v", name, m, want)
			}
		}
		if p := got["fillers"].Parts; !slices.Equal(p, []channel.Part{{Text: "um", Times: 1}, {Text: "you know", Times: 1}}) {
			t.Errorf("fillers %+v", p)
		}
		if e := got["length"].Each; !slices.Equal(e, []float64{6, 3, 4}) {
			t.Errorf("lengths %v", e)
		}
	})
}

func TestWithoutTimesNoTimeIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timeless := told()
		for i := range timeless {
			timeless[i].Began, timeless[i].Ended = time.Time{}, time.Time{}
		}
		all, _ := feedback(t, critic{}, timeless)
		var names []string
		for _, m := range all[0].Delivery {
			names = append(names, m.Name)
		}
		if strings.Join(names, " ") != "fillers interruptions" {
			t.Errorf("counted %v", names)
		}
	})
}

func TestAMalformedReviewIsReadAsFarAsItCanBe(t *testing.T) {
	for name, c := range map[string]struct {
		written string
		score   int
		quotes  int
	}{
		"as asked":         {`{"answers":[{"number":1,"said":"A bridge.","score":4,"quotes":["I built a bridge"]}]}`, 4, 1},
		"score in words":   {`{"answers":[{"number":"1","said":"A bridge.","score":"4 out of 5","quotes":["I built a bridge"]}]}`, 4, 1},
		"one quote alone":  {`{"answers":[{"number":1,"said":"A bridge.","score":4.2,"quotes":"I built a bridge"}]}`, 4, 1},
		"answers in text":  {`{"answers":"[{\"number\":1,\"said\":\"A bridge.\",\"score\":3}]"}`, 3, 0},
		"no number":        {`{"answers":[{"said":"A bridge.","rating":2}]}`, 2, 0},
		"one answer alone": {`{"number":1,"said":"A bridge.","score":-7}`, 0, 0},
		"cut off":          {`{"answers":[{"number":1,"said":"A bridge.","score":5,"quotes":["I built a bri`, 5, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for _, review := range [][]any{{use("review", c.written)}, {"Here it is: " + c.written}} {
					all, errs := feedback(t, critic{"report": {use("report", whole)}, "review": review}, told())
					q := all[len(all)-1].Questions[0]
					if len(errs) > 0 || q.Said != "A bridge." || q.Score != c.score || len(q.Quotes) != c.quotes {
						t.Errorf("%+v, %v", q, errs)
					}
				}
			})
		})
	}
}

func TestAQuestionOfTheirsIsNoAnswer(t *testing.T) {
	var history []interview.Turn
	for i, text := range []string{
		"Hello. What would you look at?", "Could you repeat that, please?", "Of course. What would you look at?", "At the costs, since they grow.",
		"I see. What does it tell you?", "Did the hours change in these years?", "In the second year every shop began to stay open until ten in the evening.", "Then the evenings cost too much.",
	} {
		history = append(history, interview.Turn{Number: i + 1, Role: []interview.Role{interview.Interviewer, interview.Candidate}[i%2], Text: text})
	}
	all, _ := feedback(t, critic{}, history)
	if q := all[0].Questions; len(q) != 2 || q[0].Asked != "What would you look at?" || q[0].Turn != 4 || q[1].Asked != "What does it tell you?" || q[1].Turn != 8 {
		t.Errorf("%+v", q)
	}
}
