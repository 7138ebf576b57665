package cost_test

import (
	"cmp"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/cdk/measure/cost"
	"casey.internal/cdk/measure/ears"
	"casey.internal/cdk/measure/report"
	"casey.internal/shared/interview"
	"casey.internal/shared/price"
	"casey.internal/worker/speech"
)

// out makes the test a benchmark: `make bench-cost`. It is a test because only those
// have a fake clock.
var out = flag.String("out", "", "write cost.json and the usage lines into this folder")

// recordings has an ear of the local stack hear recordings with and without silence, which
// takes most of the time.
var recordings = flag.Bool("recordings", true, "with -out: hear recordings with silence withheld and sent")

// stranger is nobody who is held an interview with otherwise.
const stranger = 1000

// goal is what half an hour may cost, in dollars.
const goal = 0.75

func TestCost(t *testing.T) {
	table := report.NewTable("cost", "../../..")
	standard := hold(t, cost.Standard())
	bills := []cost.Named{{"as casey is set", standard.Bill()}}
	table.AtMost("half an hour, all in, at the prices of "+price.Date, standard.Bill().Sum(), goal, "$")
	figures(table, standard)
	bills = append(bills, without(t, table, standard)...)
	kinds(t, table)
	if *out != "" {
		bills = append(bills, choices(t, table, standard)...)
		if *recordings {
			listening(t, table)
		}
		if err := publish(table, standard, bills); err != nil {
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
	estimate := price.Interview(cost.HalfHour, price.Services{Engine: k.Engine, Model: k.Model, Marks: true})
	if measured := cost.PerHalfHour(h, h.Services()); estimate < 0.9*measured || estimate > 1.15*measured {
		t.Errorf("half an hour is estimated at $%.3f, and measured at $%.3f", estimate, measured)
	}
}

// figures adds what the standard interview is made of.
func figures(table *report.Table, h cost.Held) {
	bill := h.Bill()
	table.Note("  Transcribe", bill.Transcribe, "$")
	table.Note("  Polly, audio", bill.Audio, "$")
	table.Note("  Polly, marks", bill.Marks, "$")
	table.Note("  Bedrock", bill.Bedrock, "$")
	table.Note("  a slot of a task, messages, rows", bill.Slot, "$")
	table.Note("the interviewer speaks", h.Share(h.Interviewer), "% of the time")
	table.Note("words of the candidate", h.Share(h.Candidate), "% of the time")
	table.Note("sent to Transcribe", h.Share(h.Sent()), "% of the time")
	table.Note("characters said in a minute", float64(h.Characters())/h.Length.Minutes(), "")
	used := h.Tokens()
	table.Note("tokens read in a minute", float64(used.All())/h.Length.Minutes(), "")
	table.Note("  of them from a cache", 100*float64(used.CacheRead)/float64(used.All()), "%")
	table.Note("  written to it", 100*float64(used.CacheWrite)/float64(used.All()), "%")
	table.Note("tokens written in a minute", float64(used.Output)/h.Length.Minutes(), "")
	table.Note("replies begun before the turn was over", 100*float64(h.Drafted)/float64(max(1, len(h.Waits))), "%")
	table.Note("replies thrown away for each that was heard", float64(h.Thrown)/float64(max(1, len(h.Waits))), "")
	table.Note("mean wait for a reply", report.Milliseconds(mean(h.Waits)), "ms")
	table.AtMost("words on record that were not said, or the reverse", float64(wrong(h)), 0, "")
}

// without adds what each saving saves, and its other side.
func without(t *testing.T, table *report.Table, standard cost.Held) (bills []cost.Named) {
	t.Helper()
	for _, saving := range []struct {
		name string
		off  func(*cost.Kind)
	}{
		{"all silence sent", func(k *cost.Kind) { k.Silence = nil }},
		{"nothing said before remembered", func(k *cost.Kind) { k.Cache = false }},
		{"no replies begun early", func(k *cost.Kind) { k.Drafts = 0 }},
	} {
		k := cost.Standard()
		saving.off(&k)
		h := hold(t, k)
		bills = append(bills, cost.Named{Name: saving.name, Bill: h.Bill()})
		table.Note("with "+saving.name, h.Bill().Sum(), "$")
		table.Note("  mean wait for a reply", report.Milliseconds(mean(h.Waits)), "ms")
		table.Note("  words on record that were not said, or the reverse", float64(wrong(h)), "")
	}
	known := cost.Standard()
	known.Said = speech.NewCache()
	known.Person = stranger
	synctest.Test(t, func(t *testing.T) {
		if _, err := cost.Hold(t.Context(), known); err != nil {
			t.Fatal(err)
		}
	})
	again := hold(t, known)
	table.Note("in a worker that has held such an interview before", again.Bill().Sum(), "$")
	table.Note("  characters that it need not pay for again", 100*(1-float64(again.Characters())/again.Length.Minutes()/(float64(standard.Characters())/standard.Length.Minutes())), "%")
	bill := uncached(standard, cost.Standard().Model)
	table.Note("with no cache points", bill.Sum(), "$")
	table.Note("  Bedrock", bill.Bedrock, "$")
	return append(bills, cost.Named{Name: "no cache points", Bill: bill})
}

// uncached is the bill of the same calls if the model had no cache.
func uncached(h cost.Held, model string) cost.Bill {
	bill, used := h.Bill(), h.Tokens()
	bill.Bedrock = cost.PerHalfHour(h, price.Bedrock(model, price.Tokens{Input: used.All(), Output: used.Output}))
	return bill
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
		table.Note(other.name, h.Bill().Sum(), "$")
		table.Note("  the interviewer speaks", h.Share(h.Interviewer), "% of the time")
		table.Note("  sent to Transcribe", h.Share(h.Sent()), "% of the time")
	}
}

// choices adds what another voice or model would cost.
func choices(t *testing.T, table *report.Table, h cost.Held) (bills []cost.Named) {
	t.Helper()
	for _, engine := range []string{"standard", "generative"} {
		bill, said := h.Bill(), h.Characters()
		bill.Audio = cost.PerHalfHour(h, price.Polly(engine, said))
		bill.Marks = cost.PerHalfHour(h, price.Voice(engine, true, said)) - bill.Audio
		bills = append(bills, cost.Named{Name: engine + " voice", Bill: bill})
	}
	unmarked := h.Bill()
	unmarked.Marks = 0
	bills = append(bills, cost.Named{Name: "no marks", Bill: unmarked})
	for name, model := range models {
		k := cost.Standard()
		k.Model = model
		h := hold(t, k)
		bills = append(bills, cost.Named{Name: name, Bill: h.Bill()})
		table.Note("with "+model+", no cache points", uncached(h, model).Sum(), "$")
	}
	slices.SortFunc(bills, func(a, b cost.Named) int { return cmp.Compare(a.Sum(), b.Sum()) })
	for _, b := range bills {
		table.Note("with "+b.Name, b.Sum(), "$")
	}
	return bills
}

// models are others that may be chosen, by how people call them.
var models = map[string]string{
	"Nova Micro": "us.amazon.nova-micro-v1:0", "Nova Lite": "us.amazon.nova-lite-v1:0", "Nova Pro": "us.amazon.nova-pro-v1:0",
	"Claude Haiku 4.5": "us.anthropic.claude-haiku-4-5-20251001-v1:0", "Claude Sonnet 5.5": "us.anthropic.claude-sonnet-5-5",
}

func publish(table *report.Table, h cost.Held, bills []cost.Named) error {
	picture := cost.Picture("Dollars for half an hour, with each saving off, and with other voices and models", bills)
	if err := errors.Join(table.Publish(*out), table.Illustrate(*out, picture)); err != nil {
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
