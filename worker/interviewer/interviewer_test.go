package interviewer_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/price"
	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
)

// model answers with scripts, one a request, 10 ms between deltas.
type model struct {
	answers  [][]any // string, *interviewer.ToolUse or error
	requests []interviewer.Request
}

func (m *model) Converse(_ context.Context, r interviewer.Request) iter.Seq2[interviewer.Delta, error] {
	return func(yield func(interviewer.Delta, error) bool) {
		m.requests = append(m.requests, r)
		if len(m.requests) > len(m.answers) {
			yield(interviewer.Delta{}, errors.New("asked too often"))
			return
		}
		for _, piece := range m.answers[len(m.requests)-1] {
			time.Sleep(10 * time.Millisecond)
			var d interviewer.Delta
			switch piece := piece.(type) {
			case string:
				d.Text = piece
			case *interviewer.ToolUse:
				d.Tool = piece
			case error:
				yield(d, piece)
				return
			}
			if !yield(d, nil) {
				return
			}
		}
		yield(interviewer.Delta{Stop: interviewer.StopEnd, Usage: &price.Tokens{Input: 100, Output: 20}}, nil)
	}
}

func use(name, input string) *interviewer.ToolUse {
	return &interviewer.ToolUse{ID: "t1", Name: name, Input: json.RawMessage(input)}
}

func load(t *testing.T, name string) *interviewer.Interview {
	t.Helper()
	i, err := interviewer.BuiltIn().Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// reply collects what an interviewer says, and where it takes the interview.
func reply(t *testing.T, name string, m *model, a conversation.Ask) (said []string, end conversation.Progress, parts []conversation.Part, err error) {
	t.Helper()
	iv := interviewer.New(load(t, name), m)
	if a.Progress.Phase.Index == 0 {
		_, a.Progress = iv.Greeting(nil)
	}
	end = a.Progress
	for part, e := range iv.Reply(t.Context(), a) {
		if e != nil {
			return said, end, parts, e
		}
		parts = append(parts, part)
		if part.Text != "" {
			said = append(said, part.Text)
		}
		if part.Progress != nil {
			end = *part.Progress
		}
	}
	return said, end, parts, nil
}

var history = []interview.Turn{
	{Role: interview.Interviewer, Text: "What did you build?"},
	{Role: interview.Candidate, Text: "A bridge."},
	{Role: interview.Interviewer, Text: "And how long", Cut: true},
	{Role: interview.Candidate, Text: "Wait."},
	{Role: interview.Candidate, Text: "Two bridges."},
}

// TestARequestIsEstimatedAsItsModelReads: until the service has counted it.
func TestARequestIsEstimatedAsItsModelReads(t *testing.T) {
	estimate := func(name string) int {
		iv := interviewer.New(load(t, "coach"), &model{answers: [][]any{{"Yes."}}}).Named(name).Told(nil)
		for part := range iv.Reply(t.Context(), conversation.Ask{History: history}) {
			return part.Estimate.Input
		}
		return 0
	}
	if usual, newer := estimate("another"), estimate("us.anthropic.claude-haiku-5-5"); usual == 0 || newer*31/40 < usual-1 || newer*31/40 > usual {
		t.Errorf("%d tokens of the newer model, %d of another", newer, usual)
	}
}

func TestReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &model{answers: [][]any{{"Two ", "bridges. [interrupted] ", "How", " long did it take?"}}}
		began := time.Now()
		said, _, parts, err := reply(t, "coach", m, conversation.Ask{History: history})
		if want := []string{"Two bridges.", "How long did it take?"}; err != nil || !slices.Equal(said, want) {
			t.Errorf("said %q, %v; want %q", said, err, want)
		}
		if parts[0].Estimate.Input < 100 || parts[0].Text != "" {
			t.Errorf("begins with %+v", parts[0])
		}
		first := parts[1]
		if !first.Asked.Equal(began) || first.FirstToken.Sub(began) != 10*time.Millisecond || first.Completed.Sub(began) != 20*time.Millisecond {
			t.Errorf("asked %v, first token %v, completed %v", first.Asked.Sub(began), first.FirstToken.Sub(began), first.Completed.Sub(began))
		}
		if last := parts[len(parts)-1]; last.Cost.Input != 100 || last.Cost.Output != 20 {
			t.Errorf("cost %+v", last.Cost)
		}
		var got []string
		for _, msg := range m.requests[0].Messages {
			got = append(got, fmt.Sprintf("%s: %s", msg.Role, msg.Text))
		}
		want := []string{
			"user: (The candidate has joined and is listening.)", "assistant: What did you build?", "user: A bridge.",
			"assistant: And how long [interrupted]", "user: Wait.\nTwo bridges.",
		}
		if !slices.Equal(got, want) {
			t.Errorf("the model was told %q\nwant %q", got, want)
		}
	})
}

func TestReplyToSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &model{answers: [][]any{{"Take your time."}}}
		if _, _, _, err := reply(t, "coach", m, conversation.Ask{History: history[:1], Silent: true}); err != nil {
			t.Fatal(err)
		}
		last := m.requests[0].Messages[len(m.requests[0].Messages)-1]
		if last.Role != interviewer.User || !strings.Contains(last.Text, "says nothing") {
			t.Errorf("last message %+v", last)
		}
	})
}

func TestTools(t *testing.T) {
	last := conversation.Progress{}
	last.Phase.Index = 3
	tests := []struct {
		name      string
		interview string
		from      conversation.Progress
		answers   [][]any
		said      []string
		phase     int
		exhibit   int
		over      bool
		requests  int
	}{
		{"tool first, then talk", "coach", conversation.Progress{}, [][]any{{use("next_phase", "{}")}, {"What was hard?"}},
			[]string{"What was hard?"}, 2, 0, false, 2},
		{"talk, tool, question", "coach", conversation.Progress{}, [][]any{{"I see.", use("next_phase", "{}")}, {"What was hard?"}},
			[]string{"I see.", "What was hard?"}, 2, 0, false, 2},
		{"the question was asked before the tool", "coach", conversation.Progress{}, [][]any{{"What was hard?", use("next_phase", "{}")}},
			[]string{"What was hard?"}, 2, 0, false, 1},
		{"an exhibit", "case", conversation.Progress{}, [][]any{{"Look.", use("show_exhibit", `{"number":1}`)}, {"What do you see?"}},
			[]string{"Look.", "What do you see?"}, 1, 1, false, 2},
		{"an exhibit that is none", "case", conversation.Progress{}, [][]any{{use("show_exhibit", `{"number":7}`)}, {"Sorry. What now?"}},
			[]string{"Sorry.", "What now?"}, 1, 0, false, 2},
		{"input that is none", "case", conversation.Progress{}, [][]any{{use("show_exhibit", `[]`)}, {"Sorry. What now?"}},
			[]string{"Sorry.", "What now?"}, 1, 0, false, 2},
		{"a tool that is none", "coach", conversation.Progress{}, [][]any{{use("hire", `{}`)}, {"What now?"}},
			[]string{"What now?"}, 1, 0, false, 2},
		{"after the last phase", "coach", last, [][]any{{use("next_phase", "{}")}, {"Good answer."}},
			[]string{"Good answer."}, 3, 0, true, 2},
		{"the candidate wants to stop", "coach", conversation.Progress{}, [][]any{{use("end_interview", "{}")}, {"Good luck."}},
			[]string{"Good luck."}, 1, 0, true, 2},
		{"tools for ever", "coach", conversation.Progress{}, [][]any{{use("hire", "{}")}, {use("hire", "{}")}, {use("hire", "{}")}},
			nil, 1, 0, false, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &model{answers: tt.answers}
				said, end, _, err := reply(t, tt.interview, m, conversation.Ask{History: history, Progress: tt.from})
				if err != nil || !slices.Equal(said, tt.said) {
					t.Errorf("said %q, %v; want %q", said, err, tt.said)
				}
				exhibit := 0
				if end.Exhibit != nil {
					exhibit = end.Exhibit.Index
				}
				if end.Phase.Index != tt.phase || exhibit != tt.exhibit || end.Over != tt.over || len(m.requests) != tt.requests {
					t.Errorf("phase %d, exhibit %d, over %v after %d requests", end.Phase.Index, exhibit, end.Over, len(m.requests))
				}
			})
		})
	}
}

func TestToolResultsAnswerTheirUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &model{answers: [][]any{{"Look.", use("show_exhibit", `{"number":9}`)}, {"Sorry?"}}}
		if _, _, _, err := reply(t, "case", m, conversation.Ask{History: history}); err != nil {
			t.Fatal(err)
		}
		told := m.requests[1].Messages
		said, results := told[len(told)-2], told[len(told)-1].Results
		if said.Role != interviewer.Assistant || said.Text != "Look." || len(said.Uses) != 1 {
			t.Errorf("the model is told that it said %+v", said)
		}
		if len(results) != 1 || results[0].ID != "t1" || !results[0].Error {
			t.Errorf("results %+v", results)
		}
	})
}

func TestReplyFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken")
		said, _, _, err := reply(t, "coach", &model{answers: [][]any{{"One. Two", broken}}}, conversation.Ask{History: history})
		if !errors.Is(err, broken) || !slices.Equal(said, []string{"One."}) {
			t.Errorf("said %q, %v", said, err)
		}
	})
}

func TestReport(t *testing.T) {
	const good = `{"summary":"Well.","good":["Clear"],"better":["Numbers"],"scores":{
		"Evidence":{"score":9,"comment":"c"},"Structure":{"score":4,"comment":"s"},"Luck":{"score":1},"Listening":{"score":0}}}`
	synctest.Test(t, func(t *testing.T) {
		m := &model{answers: [][]any{{use("report", good)}, {"You did well."}, {}, {use("report", `"x"`)}, {errors.New("broken")}}}
		iv := interviewer.New(load(t, "coach"), m)
		r, err := iv.Report(t.Context(), history)
		if err != nil || r.Summary != "Well." || len(r.Scores) != 2 {
			t.Fatalf("report %+v, %v", r, err)
		}
		if s := r.Scores[0]; s.Name != "Structure" || s.Score != 4 || s.Of != 5 || r.Scores[1].Score != 5 {
			t.Errorf("scores %+v", r.Scores)
		}
		if r, err = iv.Report(t.Context(), history); err != nil || r.Summary != "You did well." {
			t.Errorf("report %+v, %v", r, err)
		}
		for range 3 {
			if r, err = iv.Report(t.Context(), history); err == nil {
				t.Errorf("report %+v of nothing", r)
			}
		}
	})
}

// prompted is all that a request tells besides what was said.
func prompted(r interviewer.Request) string { return r.System + "\n\n" + r.Notes }

func TestSystemPrompt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &model{answers: [][]any{{"Yes."}}}
		if _, _, _, err := reply(t, "case", m, conversation.Ask{History: history}); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"You are Robin", "coffee chain", "Phase 1 of 4: Structure", "staff 7, 9, 11", "one question at a time", "Give facts only"} {
			if !strings.Contains(strings.ToLower(prompted(m.requests[0])), strings.ToLower(part)) {
				t.Errorf("the prompt lacks %q:\n%s", part, prompted(m.requests[0]))
			}
		}
	})
}

// headings are the lines of a prompt that begin a section.
func headings(system string) (all []string) {
	for line := range strings.Lines(system) {
		if title, ok := strings.CutPrefix(line, "# "); ok {
			all = append(all, strings.TrimSpace(title))
		}
	}
	return all
}

func TestAPromptHasItsSectionsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &model{answers: [][]any{{"I see.", use("show_exhibit", `{"number":1}`)}, {"Well.", use("end_interview", "{}")}, {"Bye."}}}
		ask := conversation.Ask{History: history, CutIn: true, Left: 4 * time.Minute}
		if _, _, _, err := reply(t, "case", m, ask); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"Who you are", "What the interview is about", "How you speak", "How you lead the interview", "When something comes up",
			"Exhibits", "Facts, each given only when asked for", "Where you are", "Goals of this phase, for you alone",
			"Questions of this phase, to choose from, in your own words", "This reply",
		}
		if got := headings(prompted(m.requests[0])); !slices.Equal(got, want) {
			t.Errorf("sections %q", got)
		}
		if got := headings(prompted(m.requests[1])); !slices.Equal(got, want[:len(want)-1]) {
			t.Errorf("after the first sentence the sections are %q", got)
		}
		for n, part := range []string{"About 4 minutes are left", "The candidate sees exhibit 1.", "The interview is over"} {
			if !strings.Contains(m.requests[n].Notes, part) {
				t.Errorf("prompt %d lacks %q", n+1, part)
			}
		}
	})
}

func TestTimeIsTold(t *testing.T) {
	phase := func(n int) conversation.Progress {
		p := conversation.Progress{}
		p.Phase.Index = n
		return p
	}
	tests := []struct {
		name  string
		phase int
		left  time.Duration
		want  string // of case.json: 6, 10, 8 and 6 minutes
	}{
		{"at the beginning", 1, 30 * time.Minute, "About 30 minutes are left, about 6 of them for this phase."},
		{"on the way", 2, 20 * time.Minute, "About 20 minutes are left, about 6 of them for this phase."},
		{"who is quick has more", 2, 25 * time.Minute, "About 25 minutes are left, about 11 of them for this phase."},
		{"a phase is over", 2, 14*time.Minute + 20*time.Second, "About 14 minutes are left, and this phase has had its share"},
		{"a phase was over before it began", 3, 5 * time.Minute, "About 5 minutes are left, and this phase has had its share"},
		{"the last phase", 4, 5 * time.Minute, "About 5 minutes are left: see to it"},
		{"nobody counts", 1, 0, ""},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			m := &model{answers: [][]any{{"Yes?"}}}
			_, end, _, err := reply(t, "case", m, conversation.Ask{History: history, Left: tt.left, Progress: phase(tt.phase)})
			if err != nil {
				t.Fatal(err)
			}
			if system := m.requests[0].Notes; !strings.Contains(system, tt.want) || tt.want == "" && strings.Contains(system, "minutes are left") {
				t.Errorf("%s: %q is not in\n%s", tt.name, tt.want, system)
			}
			if end.Over {
				t.Errorf("%s: it is over", tt.name)
			}
		})
	}
}

func TestTheLastMinuteHasTheLastReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &model{answers: [][]any{{"Thank you for that."}}}
		said, end, _, err := reply(t, "case", m, conversation.Ask{History: history, Left: 50 * time.Second})
		if err != nil || !end.Over || len(said) != 1 || !strings.Contains(m.requests[0].Notes, "The interview is over") {
			t.Errorf("said %q, over %v, %v", said, end.Over, err)
		}
	})
}

func TestAnInterviewFitsIntoLessTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &model{answers: [][]any{{"Yes?"}, {"Thank you."}}}
		short := load(t, "case").Within(10 * time.Minute)
		if longer := short.Within(time.Hour); short.Length() != 10*time.Minute || longer.Length() != 10*time.Minute {
			t.Errorf("%v, %v", short.Length(), longer.Length())
		}
		iv := interviewer.New(short, m)
		_, progress := iv.Greeting(nil)
		for _, left := range []time.Duration{10 * time.Minute, 50 * time.Second} {
			for _, err := range iv.Reply(t.Context(), conversation.Ask{History: history, Left: left, Progress: progress}) {
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		for n, want := range []string{"About 10 minutes are left, about 2 of them for this phase.", "The interview is over"} {
			if !strings.Contains(m.requests[n].Notes, want) {
				t.Errorf("%q is not in\n%s", want, m.requests[n].Notes)
			}
		}
	})
}

func TestAReportIsToldHowTheySpoke(t *testing.T) {
	at := func(seconds int) time.Time { return time.Unix(1000, 0).Add(time.Duration(seconds) * time.Second) }
	timed := []interview.Turn{
		{Role: interview.Interviewer, Text: "What did you build?", Began: at(0), Ended: at(2)},
		{Role: interview.Candidate, Text: strings.Repeat("bridge ", 40), Began: at(3), Ended: at(23)},
		{Role: interview.Interviewer, Text: "And then?", Began: at(24), Ended: at(25)},
		{Role: interview.Candidate, Text: strings.Repeat("bridge ", 20), Began: at(30), Ended: at(40)},
		{Role: interview.Candidate, Text: "Yes.", Began: at(41), Ended: at(42)},
	}
	for name, c := range map[string]struct {
		history []interview.Turn
		want    []string
	}{
		"times are known": {timed, []string{"You spoke 120 words a minute.", "took 15 seconds on average, the longest 20 seconds.", "after 3 seconds on average, at the latest after 5 seconds."}},
		"none is known":   {history, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := &model{answers: [][]any{{"Well."}}}
			if _, err := interviewer.New(load(t, "coach"), m).Report(t.Context(), c.history); err != nil {
				t.Fatal(err)
			}
			system := m.requests[0].System
			if told := slices.Contains(headings(system), "How they spoke, counted from the recording"); told != (c.want != nil) {
				t.Errorf("%s: told %v", name, told)
			}
			for _, part := range c.want {
				if !strings.Contains(system, part) {
					t.Errorf("%s: %q is not in\n%s", name, part, system)
				}
			}
		})
	}
}
