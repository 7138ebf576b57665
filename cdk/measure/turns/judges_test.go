package turns

import (
	"context"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/measure/judges"
	"casey.internal/cdk/measure/report"
	"casey.internal/worker/conversation"
	"casey.internal/worker/conversation/conversationtest"
	"casey.internal/worker/judge"
	"casey.internal/worker/turnend/answers"
)

// referee is a judge as it is published: how often it is right, and how soon.
type referee struct {
	name  string
	rates judge.Rates // as often as it says what
	trust judge.Rates // as often as the table says that it does
	delay time.Duration
	hard  bool // it errs on those who go on where the words look complete, and nowhere else
	marks bool // it is the interviewer's own model, by the marks of its drafts: delay is its own
}

// Of a published judge, TEN Turn Detection (its README, English: finished 90.6 %,
// unfinished 98.4 %), as if a thousand texts of each kind had been read.
var ten = judge.Rates{
	Whole: judge.Counts{conversation.Finished: 906, conversation.Unfinished: 94},
	Cut:   judge.Counts{conversation.Finished: 16, conversation.Unfinished: 984},
}

// hardTen errs as often as a fourth of the times that the words look complete.
var hardTen = judge.Rates{
	Whole: ten.Whole,
	Cut:   judge.Counts{conversation.Finished: 250, conversation.Unfinished: 750},
}

// coin says whatever it likes.
var coin = judge.Rates{
	Whole: judge.Counts{conversation.Finished: 500, conversation.Unfinished: 500},
	Cut:   judge.Counts{conversation.Finished: 500, conversation.Unfinished: 500},
}

// tail is the deviation of a delay's logarithm: of 250 ms at the median, 95 % come
// within 570 and 99 % within 800.
const tail = 0.5

// unanswered is the share of questions that a judge never answers.
const unanswered = 0.01

// judge has the judge read what is said in a script of one speech.
func (r *referee) judge(s *conversationtest.Script, speech answers.Speech, seed uint64) {
	if r == nil {
		return
	}
	var whole []string
	for _, p := range speech.Parts {
		whole = append(whole, p.Words...)
	}
	reads := simulated{r, speech.Question, strings.Join(whole, " "), seed}
	if !r.marks {
		s.Judge = reads
		return
	}
	s.Marks, s.Model.Delay = reads, s.Model.Delay-conversationtest.Between // a sentence comes that much after the mark
}

// simulated judges one speech; of the same words it always says the same.
type simulated struct {
	*referee
	question, whole string
	seed            uint64
}

// Judge implements conversation.Judge.
func (s simulated) Judge(ctx context.Context, _, text string) (conversation.Judgement, error) {
	random := s.random(text)
	delay := time.Duration(float64(s.delay) * math.Exp(tail*random.NormFloat64()))
	if random.Float64() < unanswered {
		delay = time.Hour
	}
	says := s.say(random, text)
	select {
	case <-time.After(delay):
		return conversation.Judgement{Says: says, Weight: s.trust.Weight(says)}, nil
	case <-ctx.Done():
		return conversation.Judgement{}, context.Cause(ctx)
	}
}

// random returns the random numbers of a text.
func (s simulated) random(text string) *rand.Rand {
	hash := fnv.New64a()
	hash.Write([]byte(text))
	return rand.New(rand.NewPCG(s.seed, hash.Sum64()))
}

// Mark implements conversationtest.Marker. A model leaves out as many marks as a judge
// leaves questions unanswered.
func (s simulated) Mark(text string) conversation.Opinion {
	random := s.random(text)
	if random.Float64() < unanswered {
		return ""
	}
	return s.say(random, text)
}

// Weight implements conversationtest.Marker.
func (s simulated) Weight(says conversation.Opinion) float64 { return s.trust.Weight(says) }

func (s simulated) say(random *rand.Rand, text string) conversation.Opinion {
	of := s.rates.Cut
	switch {
	case text == s.whole:
		of = s.rates.Whole
	case s.hard && !judges.LooksComplete(answers.Text{Question: s.question, Said: text}):
		of = judge.Counts{conversation.Unfinished: 1}
	}
	n, all := 0, []conversation.Opinion{conversation.Finished, conversation.Unfinished, conversation.Thinks, conversation.Asks}
	for _, o := range all {
		n += of[o]
	}
	i := random.IntN(n)
	for _, o := range all {
		if i -= of[o]; i < 0 {
			return o
		}
	}
	return ""
}

// arms are the judges that are tried: as published, and in ways in which they may be
// worse than published.
func arms(t *testing.T) []*referee {
	guessed, known := judge.RatesOf("amazon.nova-micro-v1:0")
	if !known {
		t.Fatal("nothing is known of nova-micro")
	}
	const quick, slow = 250 * time.Millisecond, 640 * time.Millisecond
	return []*referee{
		{"a judge like TEN, 250 ms", ten, ten, quick, false, false},
		{"a judge like TEN, 640 ms", ten, ten, slow, false, false},
		{"a judge like TEN that counts as nova-micro is guessed to, 250 ms", ten, guessed, quick, false, false},
		{"a judge that takes a fourth of complete clauses for the end, measured, 250 ms", hardTen, hardTen, quick, true, false},
		{"a judge that takes a fourth of complete clauses for the end, but counts as TEN does, 250 ms", hardTen, ten, quick, true, false},
		{"a useless judge, measured, 250 ms", coin, coin, quick, false, false},
		{"a useless judge that counts as nova-micro is guessed to, 250 ms", coin, guessed, quick, false, false},
		{"marks of the interviewer's own model, as it is (of no weight)", ten, judge.Rates{}, 0, false, true},
		{"marks like TEN, measured", ten, ten, 0, false, true},
		{"marks that take a fourth of complete clauses for the end, measured", hardTen, hardTen, 0, true, true},
		{"useless marks, as they are (of no weight)", coin, judge.Rates{}, 0, false, true},
		{"useless marks, measured", coin, coin, 0, false, true},
	}
}

// The goals with a judge, and of a reflective phase without.
const (
	goalPacket       = 900
	goalSpokenInto   = 2
	goalThrown       = 0.4
	goalJudgedMedian = 1500
	goalJudgedMean   = 2200
	goalUnjudgedMean = 3000
)

// withJudges adds what judges are good for: in answers that nothing was tuned on, in the
// whole loop. Only those that are as published have goals.
func withJudges(t *testing.T, table *report.Table, n int) {
	row := func(goal bool, metric string, value, most float64, unit string) {
		if goal {
			table.AtMost(metric, value, most, unit)
		} else {
			table.Note(metric, value, unit)
		}
	}
	for i, j := range append([]*referee{nil}, arms(t)...) {
		name, published := "no judge", i == 1 || i == 2
		if j != nil {
			name = j.name
		}
		w := judging(t, nil, j, held("conversational"), n)
		row(published, "conversational, "+name+": spoken into", w.cutShare(), goalSpokenInto, "%")
		row(published, "conversational, "+name+": mean wait for the first packet", report.Milliseconds(mean(w.waits)), goalPacket, "ms")
		row(published, "conversational, "+name+": replies thrown away for each answer", float64(w.thrown)/float64(w.answers), goalThrown, "")
		w = judging(t, nil, j, held("reflective"), n)
		row(published || j == nil, "reflective, "+name+": spoken into", w.cutShare(), goalReflective, "%")
		row(published, "reflective, "+name+": wait for the decision, p50", report.Percentile(w.decisions, 50), goalJudgedMedian, "ms")
		row(published, "reflective, "+name+": mean wait for the decision", report.Milliseconds(mean(w.decisions)), goalJudgedMean, "ms")
		if j == nil {
			table.AtMost("reflective, no judge: mean wait for the decision, the goal", report.Milliseconds(mean(w.decisions)), goalUnjudgedMean, "ms")
		}
		table.Note("reflective, "+name+": mean wait for the first packet", report.Milliseconds(mean(w.waits)), "ms")
		row(published, "reflective, "+name+": replies thrown away for each answer", float64(w.thrown)/float64(w.answers), goalThrown, "")
	}
	for _, j := range []*referee{nil, arms(t)[0]} {
		ofStrangers(t, table, "answers by other writers", answers.Others(), j, n)
		ofStrangers(t, table, "answers to short questions by two more", answers.Short(), j, n)
	}
	words, services := floor(n)
	table.Note("conversational: mean wait for the first packet of somebody who knows the end and needs but the last word", report.Milliseconds(words+services), "ms")
	table.Note("of it until the voice is known to be over and the last word is recognised", report.Milliseconds(words), "ms")
	table.Note("of it the model's first sentence, and its voice", report.Milliseconds(services), "ms")
}

// ofStrangers adds how the reflective phase does with answers by others than us, which no
// weight was tuned on; faults were found by Others and mended. They are less like ours than
// ours are like each other.
func ofStrangers(t *testing.T, table *report.Table, name string, set []answers.Answer, j *referee, n int) {
	who := "no judge"
	if j != nil {
		who = j.name
	}
	name = "reflective, " + name + ", " + who
	w := judging(t, nil, j, set, n)
	table.Note(name+": spoken into", w.cutShare(), "%")
	table.Note(name+": spoken into after less than 3 s of silence", 100*float64(w.hasty)/float64(max(1, w.answers)), "%")
	table.Note(name+": spoken into after 3 s of silence or more", 100*float64(w.cut-w.hasty)/float64(max(1, w.answers)), "%")
	table.Note(name+": wait for the decision, p50", report.Percentile(w.decisions, 50), "ms")
	table.Note(name+": mean wait for the decision", report.Milliseconds(mean(w.decisions)), "ms")
	table.Note(name+": replies thrown away for each answer", float64(w.thrown)/float64(w.answers), "")
}

// floor is the mean wait for the first packet if a reply were thought of as soon as the
// last word is recognised, and decided at once: for words, and for services. No end of turn
// comes below it. It is more than bench-voice's without a lag: there words are recognised at
// once, and the clock starts where the last sound fades, 0.17 s after its last word.
func floor(n int) (words, services time.Duration) {
	var waits []time.Duration
	set := held("conversational")
	for i := range n {
		r := rand.New(rand.NewPCG(answers.Seed, uint64(i)))
		speech := answers.NewPerson(r).Say(set[r.IntN(len(set))])
		s := script(speech)
		waits, services = append(waits, max(speech.Lag, conversation.Defaults().Hang)), s.Model.Delay+s.Voice.Delay
	}
	return mean(waits), services
}

// TestAJudgeHelpsAndAUselessOneDoesNoHarm: the same answers, with and without.
func TestAJudgeHelpsAndAUselessOneDoesNoHarm(t *testing.T) {
	const n = 150
	for _, profile := range []string{"conversational", "reflective"} {
		none := judging(t, nil, nil, held(profile), n)
		for _, j := range []*referee{
			{name: "as published", rates: ten, trust: ten, delay: 250 * time.Millisecond},
			{name: "useless", rates: coin, trust: coin, delay: 250 * time.Millisecond},
			{name: "by marks as published", rates: ten, trust: ten, marks: true},
			{name: "by marks that count nothing", rates: ten, marks: true},
			{name: "by useless marks", rates: coin, trust: coin, marks: true},
		} {
			w := judging(t, nil, j, held(profile), n)
			harm := mean(w.decisions) - mean(none.decisions)
			most, gain := 30*time.Millisecond, 100*time.Millisecond
			if j.marks { // they come with a draft, and so later
				most, gain = 60*time.Millisecond, 80*time.Millisecond
			}
			if w.cut > none.cut+3 || harm > most || j.trust.Weight(conversation.Finished) < -1 && harm > -gain {
				t.Errorf("%s: %v without a judge, with one %s %v", profile, none, j.name, w)
			}
		}
	}
}
