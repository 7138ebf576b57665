package turns

import (
	"flag"
	"testing"
	"time"

	"casey.internal/cdk/measure/report"
	"casey.internal/worker/conversation"
	"casey.internal/worker/turnend"
	"casey.internal/worker/turnend/answers"
)

// out makes the test a benchmark: `make bench-turns`. It is a test because only
// those have a fake clock.
var out = flag.String("out", "", "write turns.json and turns.svg into this folder, and measure with many more answers")

// The other goals of the benchmark, in percent and ms.
const (
	goalWait       = 600 * time.Millisecond
	goalReflective = 1
	goalBargeIn    = 200
)

func TestTurns(t *testing.T) {
	n := 200
	if *out != "" {
		n = 4000
	}
	table := report.NewTable("turns", "../../..")
	curves := []Curve{model("conversational", n), silence("conversational", n), levelless("conversational", n)}
	figures(table, curves, n)
	reflective := loop(t, table, n/4)
	if *out == "" {
		check(t, table, curves, reflective)
		return
	}
	withJudges(t, table, n/4)
	if err := publish(table, curves); err != nil {
		t.Fatal(err)
	}
}

// figures adds what the end of turn does by itself.
func figures(table *report.Table, curves []Curve, n int) {
	ours, plain := curves[0], curves[1]
	settings := turnend.New(turnend.Defaults())
	usual := point(settings, "conversational", n)
	table.AtMost("pauses taken for the end at 600 ms mean wait", ours.at(goalWait), goalCut, "%")
	table.Note("the same, silence alone", plain.at(goalWait), "%")
	table.Note("the same, by words and silence, without the voice's level", curves[2].at(goalWait), "%")
	table.AtMost("answers cut off at 600 ms mean wait", ours.byAnswers().at(goalWait), goalCut, "%")
	table.Note("the same, silence alone", plain.byAnswers().at(goalWait), "%")
	table.Note("mean wait where 5 % of pauses are taken for the end", report.Milliseconds(ours.patience()), "ms")
	table.Note("the same, silence alone", report.Milliseconds(plain.patience()), "ms")
	table.Note("the same, without the voice's level", report.Milliseconds(curves[2].patience()), "ms")
	table.Note("mean wait where 5 % of answers are cut off", report.Milliseconds(ours.byAnswers().patience()), "ms")
	table.Note("the same, silence alone", report.Milliseconds(plain.byAnswers().patience()), "ms")
	table.Note("pauses taken for the end by 0.7 s of silence", plain.at(700*time.Millisecond), "%")
	table.Note("as it is set, conversational: pauses taken for the end", usual.Cut, "%")
	table.Note("as it is set, conversational: answers cut off", usual.Answers, "%")
	table.Note("as it is set, conversational: mean wait", report.Milliseconds(usual.Wait), "ms")
	thinking := point(settings, "reflective", n)
	table.AtMost("as it is set, reflective: answers cut off", thinking.Answers, goalReflective, "%")
	table.Note("as it is set, reflective: mean wait", report.Milliseconds(thinking.Wait), "ms")
	others := answers.Run(settings, answers.Others(), n, answers.Seed)
	table.Note("as it is set, reflective, answers by other writers: answers cut off", others.CutShare(), "%")
	table.Note("as it is set, reflective, answers by other writers: mean wait", report.Milliseconds(others.MeanWait()), "ms")
	for _, peer := range peers() {
		table.Note(peer.Name+", pauses taken for the end at 600 ms", peer.at(goalWait), "%")
		table.Note(peer.Name+", mean wait where 5 % are", report.Milliseconds(peer.patience()), "ms")
	}
}

// loop adds what the whole loop does, with services of a usual quickness.
func loop(t *testing.T, table *report.Table, n int) whole {
	var ours, plainly []conversation.EndOfTurn
	for _, seconds := range interruptions {
		ours = append(ours, sparing(seconds, "conversational"))
	}
	for _, ms := range silences {
		plainly = append(plainly, plain(time.Duration(ms)*time.Millisecond))
	}
	decision, first := ofLoop(t, ours, n)
	plainDecision, plainFirst := ofLoop(t, plainly, n)
	table.AtMost("whole loop: spoken into at 600 ms mean wait for the decision", decision.at(goalWait), goalCut, "%")
	table.Note("the same, silence alone", plainDecision.at(goalWait), "%")
	table.Note("whole loop: mean wait for the decision where 5 % are spoken into", report.Milliseconds(decision.patience()), "ms")
	table.Note("the same, silence alone", report.Milliseconds(plainDecision.patience()), "ms")
	table.Note("whole loop: mean wait for the first packet where 5 % are spoken into", report.Milliseconds(first.patience()), "ms")
	table.Note("the same, silence alone", report.Milliseconds(plainFirst.patience()), "ms")
	w := answering(t, nil, "conversational", n)
	table.Note("whole loop: spoken into before the answer was over", w.cutShare(), "%")
	table.Note("whole loop: mean wait for the decision", report.Milliseconds(mean(w.decisions)), "ms")
	table.Note("whole loop: mean wait for the first packet", report.Milliseconds(mean(w.waits)), "ms")
	table.Note("whole loop: replies thought of before the turn was over", 100*float64(w.drafted)/float64(max(1, len(w.waits))), "%")
	table.Note("whole loop: replies thrown away for each answer", float64(w.thrown)/float64(w.answers), "")
	reflective := answering(t, nil, "reflective", n)
	table.AtMost("whole loop, reflective: spoken into", reflective.cutShare(), goalReflective, "%")
	yielded, missed := interrupting(t, &w, n, false)
	table.AtMost("interruption: voice until the reply is silent, p95", report.Percentile(yielded, 95)+packet, goalBargeIn, "ms")
	early, missedEarly := interrupting(t, &w, n, true)
	table.Note("the same in the first 12 s, while it may be an echo, p95", report.Percentile(early, 95)+packet, "ms")
	table.Note("interruptions that stopped nothing then", float64(missedEarly), "")
	table.AtMost("interruptions that stopped nothing", float64(missed), 0, "")
	table.AtMost("coughs and nods that ended the reply", float64(disturbances(t, &w, n)), 0, "")
	table.AtMost("words on record that were not heard, or the reverse", float64(w.unheard+reflective.unheard), 0, "")
	table.AtMost("conversations with two interviewers at once", float64(w.doubled+reflective.doubled), 0, "")
	return reflective
}

// packet is the length of the packet that may be on its way at a pause, in ms.
const packet = 20

// check holds the figures against what may not get worse.
func check(t *testing.T, table *report.Table, curves []Curve, reflective whole) {
	for _, row := range table.Missed() {
		if row.Unit == "%" {
			continue // of few answers
		}
		t.Errorf("%s: %g %s, goal %s", row.Metric, row.Value, row.Unit, row.Goal)
	}
	if ours, plain := curves[0].patience(), curves[1].patience(); ours > plain {
		t.Errorf("5 %% are cut off after %v, with silence alone after %v", ours, plain)
	}
	if reflective.cut > 2 {
		t.Errorf("reflective: %v", reflective)
	}
}

func publish(table *report.Table, curves []Curve) error {
	if err := table.Publish(*out); err != nil {
		return err
	}
	picture := Picture("How often a pause is taken for the end, and how long the end is waited for", append(curves, peers()...))
	return table.Illustrate(*out, picture)
}
