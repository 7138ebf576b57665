package chaos

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"casey.internal/cdk/measure/report"
)

// Report is the outcomes of all faults.
type Report struct {
	Root     string // of the checkout
	Seed     uint64
	Sessions int
	outcomes []outcome
}

// Losses says, fault by fault, what must not have happened and did.
func (r Report) Losses() (losses []string) {
	for _, o := range r.outcomes {
		if o.lost+o.turnsLost+o.ghosts+o.leftover > 0 {
			losses = append(losses, fmt.Sprintf("%s: %d sessions and %d turns lost, %d ghosts, %d workers left over",
				o.fault, o.lost, o.turnsLost, o.ghosts, o.leftover))
		}
	}
	return losses
}

// Print writes the table for a person, a fault a line.
func (r Report) Print(w io.Writer) error {
	var text strings.Builder
	text.WriteString("fault\tsessions\tlost\tended\tturns\tlost\tghosts\trestored\tafter fault p50/p95\tafter notice p50/p95\tmoved\tgap p50/p95\n")
	for _, o := range r.outcomes {
		if o.stopped {
			fmt.Fprintf(&text, "%s\t%s\n", o.fault, o)
			continue
		}
		fmt.Fprintf(&text, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%d\t%s\n", o.fault, o.sessions, o.lost, o.ended, o.turns, o.turnsLost,
			o.ghosts, len(o.again), seconds(o.since), seconds(o.again), o.moved, milliseconds(o.gaps))
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := io.WriteString(out, text.String()); err != nil {
		return err
	}
	return out.Flush()
}

// String is the outcome in a line.
func (o outcome) String() string {
	if o.stopped {
		return "stopped"
	}
	return fmt.Sprintf("%d sessions, %d lost, %d ended with a reason; %d turns heard, %d lost; %d ghosts; "+
		"%d restored, after the fault %s, after it was noticed %s; %d moved, gap in %d replies %s",
		o.sessions, o.lost, o.ended, o.turns, o.turnsLost, o.ghosts,
		len(o.again), seconds(o.since), seconds(o.again), o.moved, len(o.gaps), milliseconds(o.gaps))
}

// print prints the outcome, and why it is not better.
func (o outcome) print(progress func(format string, args ...any)) {
	progress("  %s: %s", o.fault, o)
	for _, why := range o.why {
		progress("    %s", why)
	}
}

func seconds(times []time.Duration) string {
	if len(times) == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f / %.1f s", report.Percentile(times, 50)/1000, report.Percentile(times, 95)/1000)
}

func milliseconds(times []time.Duration) string {
	if len(times) == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f / %.0f ms", report.Percentile(times, 50), report.Percentile(times, 95))
}

// Table is the report as build/bench has it.
func (r Report) Table() *report.Table {
	t := report.NewTable("chaos", r.Root)
	t.Note("seed", float64(r.Seed), "")
	for _, o := range r.outcomes {
		o.write(t)
	}
	return t
}

// write adds what came of a fault to the table.
func (o outcome) write(t *report.Table) {
	name := func(metric string) string { return o.fault + ": " + metric }
	t.Note(name("sessions"), float64(o.sessions), "")
	t.AtMost(name("lost"), float64(o.lost), 0, "")
	t.Note(name("ended with a reason"), float64(o.ended), "")
	t.Note(name("turns heard"), float64(o.turns), "")
	t.AtMost(name("turns lost"), float64(o.turnsLost), 0, "")
	t.AtMost(name("ghosts"), float64(o.ghosts), 0, "")
	t.AtMost(name("workers left over"), float64(o.leftover), 0, "")
	t.Note(name("had to be restored"), float64(len(o.again)), "")
	if len(o.again) > 0 {
		t.Note(name("heard again after the fault, p50"), report.Percentile(o.since, 50), "ms")
		t.Note(name("heard again after the fault, p95"), report.Percentile(o.since, 95), "ms")
		t.Note(name("heard again after it was noticed, p50"), report.Percentile(o.again, 50), "ms")
		t.AtMost(name("heard again after it was noticed, p95"), report.Percentile(o.again, 95), 5000, "ms")
	}
	t.Note(name("moved"), float64(o.moved), "")
	if len(o.gaps) > 0 {
		t.Note(name("gap in a reply, p50"), report.Percentile(o.gaps, 50), "ms")
		t.AtMost(name("gap in a reply, p95"), report.Percentile(o.gaps, 95), 500, "ms")
	}
}
