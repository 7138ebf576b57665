package cost_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/cdk/measure/cost"
	"casey.internal/cdk/measure/ears"
	"casey.internal/cdk/measure/report"
	"casey.internal/shared/interview"
	"casey.internal/shared/price"
)

// out makes the test a benchmark: `make bench-cost`. It is a test because only those
// have a fake clock.
var out = flag.String("out", "", "write cost.json and the usage lines into this folder")

// goal is what half an hour may cost, in dollars.
const goal = 0.75

func TestCost(t *testing.T) {
	table := report.NewTable("cost", "../../..")
	standard := hold(t, cost.Standard())
	spoken := cost.PerHalfHour(standard, standard.Services()) + cost.Slot(cost.HalfHour)
	table.AtMost("half an hour, all in, at the prices of "+price.Date, spoken, goal, "$")
	figures(table, standard)
	without(t, table)
	kinds(t, table)
	choices(table, standard)
	if *out != "" {
		listening(t, table)
		if err := publish(table, standard); err != nil {
			t.Fatal(err)
		}
	}
	for _, missed := range table.Missed() {
		t.Errorf("%s: %.3f %s, goal %s", missed.Metric, missed.Value, missed.Unit, missed.Goal)
	}
	shares(t, standard)
}

// shares holds the estimate of a deployment against what was measured.
func shares(t *testing.T, h cost.Held) {
	t.Helper()
	k := cost.Standard()
	estimate := price.Interview(cost.HalfHour, k.Engine, k.Model, false)
	if measured := cost.PerHalfHour(h, h.Services()); estimate < 0.9*measured || estimate > 1.15*measured {
		t.Errorf("half an hour is estimated at $%.3f, and measured at $%.3f", estimate, measured)
	}
}

// figures adds what the standard interview is made of.
func figures(table *report.Table, h cost.Held) {
	per := func(dollars float64) float64 { return cost.PerHalfHour(h, dollars) }
	table.Note("  Transcribe", per(h.Dollars("transcribe", "")), "$")
	table.Note("  Polly, audio", per(h.Dollars("polly", "SynthesizeSpeech ogg_opus")), "$")
	table.Note("  Polly, marks", per(h.Dollars("polly", "SynthesizeSpeech json")), "$")
	table.Note("  Bedrock", per(h.Dollars("bedrock", "")), "$")
	table.Note("  a slot of a task, messages, rows", cost.Slot(cost.HalfHour), "$")
	table.Note("the interviewer speaks", h.Share(h.Interviewer), "% of the time")
	table.Note("words of the candidate", h.Share(h.Candidate), "% of the time")
	table.Note("sent to Transcribe", h.Share(h.Sent()), "% of the time")
	table.Note("characters said in a minute", float64(h.Characters("SynthesizeSpeech ogg_opus"))/h.Length.Minutes(), "")
	table.Note("tokens read in a minute", float64(h.Tokens(true))/h.Length.Minutes(), "")
	table.Note("tokens written in a minute", float64(h.Tokens(false))/h.Length.Minutes(), "")
	table.Note("replies begun before the turn was over", 100*float64(h.Drafted)/float64(max(1, len(h.Waits))), "%")
	table.Note("replies thrown away for each that was heard", float64(h.Thrown)/float64(max(1, len(h.Waits))), "")
	table.Note("mean wait for a reply", report.Milliseconds(mean(h.Waits)), "ms")
	table.AtMost("words on record that were not said, or the reverse", float64(wrong(h)), 0, "")
}

// without adds what each saving saves, and its other side.
func without(t *testing.T, table *report.Table) {
	t.Helper()
	for _, saving := range []struct {
		name string
		off  func(*cost.Kind)
	}{
		{"all silence sent", func(k *cost.Kind) { k.Silence = nil }},
		{"nothing remembered that was said before", func(k *cost.Kind) { k.Cache = false }},
		{"no replies begun early", func(k *cost.Kind) { k.Drafts = 0 }},
	} {
		k := cost.Standard()
		saving.off(&k)
		h := hold(t, k)
		table.Note("with "+saving.name, cost.PerHalfHour(h, h.Services())+cost.Slot(cost.HalfHour), "$")
		table.Note("  mean wait for a reply", report.Milliseconds(mean(h.Waits)), "ms")
		table.Note("  words on record that were not said, or the reverse", float64(wrong(h)), "")
	}
}

// kinds adds interviews of other shares.
func kinds(t *testing.T, table *report.Table) {
	t.Helper()
	for _, other := range []struct {
		name    string
		answers int
	}{{"where answers are half as long", 1}, {"where answers are twice as long", 4}} {
		k := cost.Standard()
		k.Answers = other.answers
		h := hold(t, k)
		table.Note(other.name, cost.PerHalfHour(h, h.Services())+cost.Slot(cost.HalfHour), "$")
		table.Note("  the interviewer speaks", h.Share(h.Interviewer), "% of the time")
		table.Note("  sent to Transcribe", h.Share(h.Sent()), "% of the time")
	}
}

// choices adds what another voice or model would cost for the same calls.
func choices(table *report.Table, h cost.Held) {
	base := h.Services() - h.Dollars("polly", "")
	for _, engine := range []string{"standard", "generative"} {
		voice := price.Voice(engine, h.Characters("SynthesizeSpeech ogg_opus"))
		table.Note("with Polly's "+engine+" voices", cost.PerHalfHour(h, base+voice)+cost.Slot(cost.HalfHour), "$")
	}
	base = h.Services() - h.Dollars("bedrock", "")
	for _, model := range []string{"amazon.nova-micro-v1:0", "us.anthropic.claude-haiku-4-5-20251001-v1:0", "us.anthropic.claude-sonnet-5-5"} {
		table.Note("with "+model, cost.PerHalfHour(h, base+price.Bedrock(model, h.Tokens(true), h.Tokens(false)))+cost.Slot(cost.HalfHour), "$")
	}
}

func publish(table *report.Table, h cost.Held) error {
	if err := table.Publish(*out); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(*out, "cost-usage.jsonl"), h.Raw, 0o644)
}

// hold holds interviews of a kind with several people, and returns them as one.
func hold(t *testing.T, k cost.Kind) (all cost.Held) {
	t.Helper()
	people := uint64(1)
	if *out != "" {
		people = 4
	}
	for k.Person = range people {
		synctest.Test(t, func(t *testing.T) {
			h, err := cost.Hold(t.Context(), k)
			if err != nil {
				t.Fatal(err)
			}
			all = all.And(h)
		})
	}
	return all
}

// wrong counts the words on record that the candidate did not say, and those that they
// said and that are not.
func wrong(h cost.Held) int {
	var recorded []string
	for _, turn := range h.Turns {
		if turn.Role == interview.Candidate {
			recorded = append(recorded, strings.Fields(turn.Text)...)
		}
	}
	return ears.Wrong(h.Said, recorded)
}

func mean(times []time.Duration) (sum time.Duration) {
	for _, t := range times {
		sum += t
	}
	return sum / time.Duration(max(1, len(times)))
}
