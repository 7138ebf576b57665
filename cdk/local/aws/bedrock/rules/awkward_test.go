package rules_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/interviewer/awkward"
)

// question is what the candidates are asked when they say these things.
const question = "Tell me about a project that you are proud of."

// behaviours is what has to follow a kind of line: how the reply begins, whether
// it asks the same again, and whether the interview has gone on.
var behaviours = map[string]struct {
	begins       string
	again, moved bool
}{
	"repeat":     {`^Of course\.`, true, false},
	"explain":    {`^Let me say it in another way\. I mean one thing that really happened`, true, false},
	"move-on":    {`^All right, let us go on\. What was hardest about it`, false, true},
	"time":       {`^This is part 2 of 3\.`, true, false},
	"stop":       {`^Of course\. Shall I end the interview here\?$`, false, false},
	"distress":   {`^I am sorry that this is hard\..* or stop`, false, false},
	"danger":     {`local emergency number`, false, false},
	"foreign":    {`in English`, true, false},
	"insult":     {`^Let us stay with the interview\.`, true, false},
	"instruct":   {`^I will stay with the interview\.`, true, false},
	"peek":       {`^That I keep to myself\.`, true, false},
	"think":      {`^Of course, take your time\.$`, false, false},
	"name":       {`^I am sorry that I had your name wrong\.`, true, false},
	"who":        {`^I am Casey, an AI interviewer`, true, false},
	"hear":       {`^Yes, I hear you\.`, true, false},
	"lost":       {`^That is fine\. What was hardest about it`, false, true},
	"permission": {`^That is up to you\.`, true, false},
	"ask":        {`I only practise with you`, true, false},
	"answer":     {`\. (?:What was hardest about it, and what did you do|Can you give me an example, or a number)\?$`, false, true},
}

// second enters the coach's second phase, where the question is put.
func second(t *testing.T) *room {
	r := enter(t, load(t, "coach"))
	r.say("I would like to become a software engineer at a large bank.")
	r.say("I like to build things that many people use every day.")
	if last := r.history[len(r.history)-1].Text; !strings.HasSuffix(last, question) || r.progress.Phase.Index != 2 {
		t.Fatalf("asked %q in phase %d", last, r.progress.Phase.Index)
	}
	return r
}

// TestAwkwardLines holds the rules to what anybody in an interviewer's place is
// held to.
func TestAwkwardLines(t *testing.T) {
	for _, l := range lines(t) {
		t.Run(l.Scene()+"/"+l.Kind+" "+l.Said, func(t *testing.T) {
			r, err := l.Ask(t.Context(), new(model))
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range l.Faults(r) {
				t.Errorf("%q: %s", r.Text, fault)
			}
		})
	}
}

func lines(t *testing.T) []awkward.Line {
	t.Helper()
	all, err := awkward.All()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestAwkwardLinesLeaveTheInterviewWhereItStood wants the rules' own words, and the
// next question after the next answer.
func TestAwkwardLinesLeaveTheInterviewWhereItStood(t *testing.T) {
	for _, l := range lines(t) {
		want, ok := behaviours[l.Kind]
		if !ok || l.Scene() != "coach, the second question" {
			continue
		}
		t.Run(l.Kind+" "+l.Said, func(t *testing.T) {
			r := second(t)
			text := strings.Join(r.say(l.Said), " ")
			if !regexp.MustCompile(want.begins).MatchString(text) {
				t.Errorf("%q follows; want %s", text, want.begins)
			}
			if strings.Contains(text, question) != want.again {
				t.Errorf("the question is asked again: %v", !want.again)
			}
			if r.progress.Phase.Index != 2 || r.progress.Over {
				t.Errorf("phase %d, over %v", r.progress.Phase.Index, r.progress.Over)
			}
			if want.moved {
				return
			}
			r.say("I built a compiler for a small language with two friends, and 30 people used it.")
			if got := r.history[len(r.history)-1].Text; !strings.HasSuffix(got, "What was hardest about it, and what did you do?") {
				t.Errorf("after it the interview goes on with %q", got)
			}
		})
	}
}

func TestAWishToStopIsConfirmed(t *testing.T) {
	for answer, over := range map[string]bool{
		"Yes, please.": true, "yes": true, "Stop now.": true, "I want to stop.": true,
		"No, let us go on.": false, "No.": false, "I built a compiler for a small language with two friends.": false,
	} {
		r := second(t)
		r.say("I want to stop.")
		said := strings.Join(r.say(answer), " ")
		if r.progress.Over != over || over && (strings.Contains(said, "?") || !strings.Contains(said, "let us stop here")) {
			t.Errorf("after %q: over %v, %q", answer, r.progress.Over, said)
		}
	}
}

func TestSilence(t *testing.T) {
	r := second(t)
	if first := strings.Join(r.say(""), " "); first != "There is no hurry. "+question {
		t.Errorf("at first %q", first)
	}
	if then := strings.Join(r.say(""), " "); then != "Let us leave that one. What was hardest about it, and what did you do?" {
		t.Errorf("then %q", then)
	}
}

func TestAnInterruptionIsGoneOnFrom(t *testing.T) {
	r := second(t)
	last := &r.history[len(r.history)-1]
	last.Text, last.Cut = "I see. Tell me about", true
	if said := strings.Join(r.say(""), " "); said != question {
		t.Errorf("goes on with %q", said)
	}
}

func TestAWrongNameIsSetRightOnce(t *testing.T) {
	r := second(t)
	said := strings.Join(r.say("Thank you, Sarah. I built a compiler for a small language with two friends."), " ")
	if !strings.HasPrefix(said, "My name is Casey, by the way. ") || !strings.Contains(said, "compiler") {
		t.Errorf("%q", said)
	}
	if said = strings.Join(r.say("Hello Sarah, the parser was hard, and I wrote it three times."), " "); strings.Contains(said, "My name") {
		t.Errorf("again: %q", said)
	}
	for _, own := range []string{"Thank you, Casey. I built a compiler.", "Yes, I built a compiler.", "Well, We built a compiler."} {
		if said := strings.Join(second(t).say(own), " "); strings.Contains(said, "My name") {
			t.Errorf("to %q: %q", own, said)
		}
	}
}

func TestInsultsAreGivenAWayOut(t *testing.T) {
	r := second(t)
	r.say("You are stupid.")
	if said := strings.Join(r.say("You are an idiot."), " "); !strings.Contains(said, "stop here whenever you say so") {
		t.Errorf("%q", said)
	}
}

func TestFactsAreGivenWhenAskedFor(t *testing.T) {
	for ask, want := range map[string]string{
		"How did the cost of staff develop?":       `staff 7, 9, 11`,
		"what about the rent":                      `rent and others 5, 5, 5`,
		"Did anything change in opening hours?":    `stay open until ten in the evening instead of seven`,
		"How many shops are there?":                `forty shops`,
		"What do the competitors do?":              `[Nn]o competitor has opened or closed nearby`,
		"Can you tell me what the goods cost?":     `goods 6, 6\.5, 7`,
		"And how is the weather where you are?":    `no figures on that`,
		"What did the candidate before me answer?": `no figures on that|keep to myself`,
	} {
		r := enter(t, load(t, "case"))
		said := strings.Join(r.say(ask), " ")
		if strings.Contains(said, "Wages have not risen") || !regexp.MustCompile(want).MatchString(said) || r.progress.Phase.Index != 1 {
			t.Errorf("to %q: %q", ask, said)
		}
		r.checkSecrets(said)
	}
}

func TestEveryFactIsGivenToWhoAsks(t *testing.T) {
	for _, name := range interviewer.BuiltIn().Names() {
		for _, f := range load(t, name).Facts {
			about, _, _ := strings.Cut(f.About, ",")
			said := strings.Join(enter(t, load(t, name)).say("What can you tell me about "+about+"?"), " ")
			if fact := strings.TrimSuffix(f.Fact, "."); !strings.Contains(said, fact[1:]) {
				t.Errorf("%s, asked about %s: %q; want %q", name, about, said, fact)
			}
		}
	}
}

func TestItWrapsUpWhenTimeRunsOut(t *testing.T) {
	r := second(t)
	r.ask.Left = time.Minute
	for n := 0; !r.progress.Over; n++ {
		if n == 2 {
			t.Fatal("it goes on and on")
		}
		r.say("I built a compiler for a small language with two friends, and 30 people used it.")
	}
	r = second(t)
	r.ask.Left = 7 * time.Minute
	if said := strings.Join(r.say("How much time is left?"), " "); !strings.Contains(said, "About 7 minutes are left.") {
		t.Errorf("%q", said)
	}
}

func TestALongAnswerIsCutInto(t *testing.T) {
	r := second(t)
	r.ask = conversation.Ask{CutIn: true}
	if said := strings.Join(r.say(strings.Repeat("I built a compiler for a small language. ", 60)), " "); !strings.HasPrefix(said, "Thank you, that gives me a good picture") {
		t.Errorf("%q", said)
	}
}

func TestTheCandidatesOwnQuestionsAreAnswered(t *testing.T) {
	r := enter(t, load(t, "coach"))
	for n := 0; !strings.Contains(r.history[len(r.history)-1].Text, "What would you like to ask me?"); n++ {
		if n > mostAnswers {
			t.Fatal("they are never asked for")
		}
		r.say("I built a compiler for a small language with two friends, and 30 people used it.")
	}
	said := strings.Join(r.say("What does a day in this team look like?"), " ")
	if !strings.Contains(said, "I only practise with you") && !r.progress.Over {
		t.Errorf("%q, over %v", said, r.progress.Over)
	}
}

// TestAMistakeOfRecognitionIsNoLanguage has what an ear on a busy machine made of "did
// the opening hours" while it was being said.
func TestAMistakeOfRecognitionIsNoLanguage(t *testing.T) {
	if said := strings.Join(second(t).say("Do thee, o"), " "); strings.Contains(said, "in English") {
		t.Errorf("%q", said)
	}
}
