package rules_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"casey.internal/cdk/local/aws/bedrock/converse"
	"casey.internal/cdk/local/aws/bedrock/rules"
	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
)

// model has the worker's own interviewer ask the rules, without a network.
type model struct {
	mu    sync.Mutex
	asked []converse.Request
}

// Converse implements interviewer.Model.
func (m *model) Converse(_ context.Context, r interviewer.Request) iter.Seq2[interviewer.Delta, error] {
	return func(yield func(interviewer.Delta, error) bool) {
		in := converse.Request{System: r.System, MaxTokens: r.MaxTokens}
		for _, msg := range r.Messages {
			out := converse.Message{Role: string(msg.Role), Text: msg.Text}
			for _, u := range msg.Uses {
				out.Uses = append(out.Uses, converse.Use{ID: u.ID, Name: u.Name})
			}
			for _, result := range msg.Results {
				out.Results = append(out.Results, converse.Result{ID: result.ID, Text: result.Text, Error: result.Error})
			}
			in.Messages = append(in.Messages, out)
		}
		last := &in.Messages[len(in.Messages)-1]
		last.Text = strings.TrimSpace(last.Text + "\n\n" + r.Notes)
		for _, tool := range r.Tools {
			t := converse.Tool{Name: tool.Name}
			if err := json.Unmarshal(tool.Schema, &t.Schema); err != nil {
				yield(interviewer.Delta{}, err)
				return
			}
			in.Tools = append(in.Tools, t)
		}
		m.mu.Lock()
		m.asked = append(m.asked, in)
		m.mu.Unlock()
		reply := rules.Answer(in)
		if !yield(interviewer.Delta{Text: reply.Text}, nil) {
			return
		}
		stop := interviewer.StopEnd
		if reply.Use != nil {
			input, err := json.Marshal(reply.Use.Input)
			if !yield(interviewer.Delta{Tool: &interviewer.ToolUse{ID: "t", Name: reply.Use.Name, Input: input}}, err) {
				return
			}
			stop = interviewer.StopToolUse
		}
		yield(interviewer.Delta{Stop: stop}, nil)
	}
}

// room is an interview being held.
type room struct {
	t        *testing.T
	file     *interviewer.Interview
	model    *model
	iv       *interviewer.Interviewer
	history  []interview.Turn
	progress conversation.Progress
	ask      conversation.Ask // what is set beside history and progress
}

func enter(t *testing.T, file *interviewer.Interview) *room {
	t.Helper()
	m := new(model)
	r := &room{t: t, file: file, model: m, iv: interviewer.New(file, m)}
	lines, progress := r.iv.Greeting(nil)
	r.progress = progress
	r.hear(interview.Interviewer, strings.Join(lines, " "))
	return r
}

func load(t *testing.T, name string) *interviewer.Interview {
	t.Helper()
	file, err := interviewer.BuiltIn().Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func (r *room) hear(role interview.Role, text string) {
	r.history = append(r.history, interview.Turn{Role: role, Text: text})
}

// say is the candidate's turn; the reply is sentence by sentence. Nothing said
// has the interviewer go on.
func (r *room) say(text string) []string {
	r.t.Helper()
	ask := r.ask
	if ask.Silent = text == ""; !ask.Silent {
		r.hear(interview.Candidate, text)
	}
	ask.History, ask.Progress = r.history, r.progress
	var said []string
	for part, err := range r.iv.Reply(r.t.Context(), ask) {
		if err != nil {
			r.t.Fatal(err)
		}
		if part.Text != "" {
			said = append(said, part.Text)
		}
		if part.Progress != nil {
			r.progress = *part.Progress
		}
	}
	r.hear(interview.Interviewer, strings.Join(said, " "))
	r.t.Logf("- %s\n  + %s (phase %d, exhibit %v, over %v)", text, strings.Join(said, " "), r.progress.Phase.Index, r.progress.Exhibit != nil, r.progress.Over)
	return said
}

// theirs are candidates: each gives their answers in turn, over and over.
var theirs = map[string][]string{
	"one who tells": {
		"Last year I was working on a payment service for a bank, and when I measured the requests I found that the database was slow, so I moved the reports to a queue. " +
			"As a result each request took 20 percent less time, and the customers noticed.",
		"I would look at the sales of each shop first, and then at the cost of staff and rent, because profit is what is left of both.",
		"Staff went from 7 to 11 million dollars, which is 4 million more, while sales grew only by 4.",
		"I convinced my colleague by showing him the numbers. In the end he agreed, and we shipped it two weeks later.",
	},
	"one who is brief": {"A bridge.", "It went well.", "My manager did it.", "The budget.", "Fewer meetings."},
	"one who says we": {
		"We had a problem with the release and we fixed our tests and we told our customers about the delay.",
		"We split the work and our team wrote the new parser together, and we were happy with it.",
	},
	"one without an answer": {"I don't know.", "I have no idea."},
}

// asked are the questions in sentences.
func asked(sentences []string) (all []string) {
	for _, s := range sentences {
		if strings.HasSuffix(s, "?") {
			all = append(all, s)
		}
	}
	return all
}

// mostAnswers is how long an interview of three phases may be.
const mostAnswers = 25

func TestEveryInterviewIsHeldByItsFile(t *testing.T) {
	for _, name := range interviewer.BuiltIn().Names() {
		for who, answers := range theirs {
			t.Run(name+" with "+who, func(t *testing.T) {
				r := enter(t, load(t, name))
				shown := map[int]bool{}
				put := map[string]int{}
				for n := 0; !r.progress.Over; n++ {
					if n == mostAnswers {
						t.Fatalf("not over after %d answers, in phase %d", n, r.progress.Phase.Index)
					}
					before := r.progress
					r.check(answers[n%len(answers)], put)
					if e := r.progress.Exhibit; e != nil && !shown[e.Index] {
						shown[e.Index] = true
						r.checkExhibit(e.Index)
					}
					if step := r.progress.Phase.Index - before.Phase.Index; step < 0 || step > 1 {
						t.Errorf("from phase %d to %d", before.Phase.Index, r.progress.Phase.Index)
					}
				}
				if r.progress.Phase.Index != len(r.file.Phases) || len(shown) != len(r.file.Exhibits) {
					t.Errorf("over in phase %d, %d exhibits shown", r.progress.Phase.Index, len(shown))
				}
				r.checkReport()
			})
		}
	}
}

// TestEveryInterviewEndsInTime holds each with somebody whose answers take two
// minutes, whatever is asked: each phase is come to, and nothing is asked so late
// that there is less than a minute for the answer.
func TestEveryInterviewEndsInTime(t *testing.T) {
	for _, name := range interviewer.BuiltIn().Names() {
		t.Run(name, func(t *testing.T) {
			r := enter(t, load(t, name))
			r.ask.Left = r.file.Length()
			for n := 0; !r.progress.Over; n++ {
				if r.ask.Left -= 2 * time.Minute; r.ask.Left <= 0 {
					break // the conversation says goodbye when they have answered
				}
				before := r.progress.Phase.Index
				r.say(fmt.Sprintf("I would like to go on about bridge number %d for long, since there are always more of them to build.", n))
				if !r.progress.Over && r.ask.Left < time.Minute {
					t.Errorf("a question with %v left", r.ask.Left)
				}
				if r.progress.Phase.Index > before+1 {
					t.Errorf("from phase %d to %d", before, r.progress.Phase.Index)
				}
			}
			if r.progress.Phase.Index != len(r.file.Phases) {
				t.Errorf("over in phase %d", r.progress.Phase.Index)
			}
		})
	}
}

// check hears an answer and checks the reply: it takes up a word, and what it
// asks is in the file, and new.
func (r *room) check(answer string, put map[string]int) {
	r.t.Helper()
	said := r.say(answer)
	if len(said) == 0 {
		r.t.Fatal("nothing is said")
	}
	text := strings.Join(said, " ")
	if !strings.Contains(answer, "don't know") && !strings.Contains(answer, "no idea") && !takenUp(text, answer) {
		r.t.Errorf("to %q nothing is taken up in %q", answer, text)
	}
	phase := r.file.Phases[r.progress.Phase.Index-1]
	for _, q := range asked(said) {
		if !slices.ContainsFunc(phase.Questions, func(of string) bool { return strings.HasSuffix(of, q) }) && !slices.Contains(rules.FollowUps, q) {
			r.t.Errorf("%q is no question of phase %q", q, phase.Name)
		}
		if put[q]++; put[q] > 1 && !slices.Contains(rules.FollowUps, q) {
			r.t.Errorf("%q is asked again", q)
		}
	}
	if r.progress.Over && len(asked(said)) > 0 {
		r.t.Errorf("the last reply asks: %q", said)
	}
	for _, f := range r.file.Facts {
		if strings.Contains(text, f.Fact[1:len(f.Fact)-1]) {
			r.t.Errorf("%q gives away %q, which nobody asked for", text, f.Fact)
		}
	}
	r.checkSecrets(text)
}

// takenUp reports whether a reply has a word of content of an answer.
func takenUp(reply, answer string) bool {
	words := strings.FieldsFunc(strings.ToLower(reply), func(c rune) bool { return strings.ContainsRune(" ,.?!", c) })
	for w := range strings.FieldsSeq(strings.ToLower(answer)) {
		if w = strings.Trim(w, ".,"); len(w) > 2 && !slices.Contains(strings.Fields("the and that was what all for you not"), w) && slices.Contains(words, w) {
			return true
		}
	}
	return false
}

// checkSecrets finds what is for the interviewer alone.
func (r *room) checkSecrets(text string) {
	r.t.Helper()
	var secrets []string
	for _, p := range r.file.Phases {
		secrets = append(secrets, p.Goals...)
	}
	secrets = append(secrets, r.file.Guidance...)
	for _, more := range r.file.Levels {
		secrets = append(secrets, more...)
	}
	for _, c := range r.file.Rubric {
		secrets = append(secrets, c.LooksFor)
	}
	for _, s := range secrets {
		if strings.Contains(strings.ToLower(text), strings.ToLower(strings.TrimSuffix(s, "."))) {
			r.t.Errorf("%q gives away %q", text, s)
		}
	}
}

func (r *room) checkExhibit(n int) {
	r.t.Helper()
	goals := strings.Join(r.file.Phases[r.progress.Phase.Index-1].Goals, " ")
	if !regexp.MustCompile(`(?i)exhibit `+string(rune('0'+n))).MatchString(goals) && strings.Contains(goals, "xhibit") {
		r.t.Errorf("exhibit %d is shown in phase %d", n, r.progress.Phase.Index)
	}
	if !strings.Contains(strings.ToLower(goals), "exhibit") {
		r.t.Errorf("exhibit %d is shown in phase %d, which names none", n, r.progress.Phase.Index)
	}
}

var quoted = regexp.MustCompile(`“([^”]*)”`)

// checkReport wants a report that says what it is, judges nothing, and quotes
// the candidate's very words for all that it says.
func (r *room) checkReport() {
	r.t.Helper()
	report, err := r.iv.Report(r.t.Context(), r.history)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Logf("report: %+v", report)
	if !strings.Contains(report.Summary, "No language model read this interview") || len(report.Scores) > 0 {
		r.t.Errorf("report %+v", report)
	}
	var answers []string
	for _, turn := range r.history {
		if turn.Role == interview.Candidate {
			answers = append(answers, turn.Text)
		}
	}
	points := slices.Concat(report.Good, report.Better)
	if len(points) == 0 {
		r.t.Error("the report has nothing to say")
	}
	for _, point := range points {
		m := quoted.FindStringSubmatch(point)
		if m == nil || m[1] == "" || !slices.ContainsFunc(answers, func(a string) bool { return strings.Contains(a, m[1]) }) {
			r.t.Errorf("no true quote in %q", point)
		}
	}
}

func TestTheReportTellsWhatWasMeasured(t *testing.T) {
	r := second(t)
	at := time.Unix(1000, 0)
	for n := range r.history {
		r.history[n].Began, r.history[n].Ended = at, at.Add(6*time.Second)
		at = at.Add(8 * time.Second)
	}
	report, err := r.iv.Report(t.Context(), r.history)
	if err != nil || !strings.Contains(report.Summary, "words a minute. An answer took 6 seconds on average") {
		t.Errorf("%+v, %v", report, err)
	}
}

// silentFile is an interview whose file lists no questions at all.
const silentFile = `{"title":"T","goodFor":"G","interviewer":{"name":"Ada"},"minutes":20,"persona":"You are Ada.","brief":"B.","greeting":["Hi, I am Ada.","What is new?"],"welcome":["Hi."],"closing":["Bye."],
	"phases":[{"name":"N","profile":"reflective","goals":["G"]},{"name":"M","profile":"reflective","goals":["H"]}],"rubric":[{"name":"R","looksFor":"L"}]}`

func TestAFileWithoutQuestionsIsAskedNone(t *testing.T) {
	file, err := interviewer.Read(fstest.MapFS{"x.json": {Data: []byte(silentFile)}}, "x")
	if err != nil {
		t.Fatal(err)
	}
	r := enter(t, file)
	for n := 0; !r.progress.Over; n++ {
		if said := r.say("I painted a large house with two friends."); len(asked(said)) > 0 || n > mostAnswers {
			t.Fatalf("answer %d: %q", n, said)
		}
	}
}
