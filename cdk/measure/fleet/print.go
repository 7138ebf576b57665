package fleet

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// PrintResults writes a table of results. Unsaid is the share of speech that is
// over Polly's quota.
func PrintResults(w io.Writer, results []Result) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	lines := []string{"scenario\tarrived\tserved\trefused\twaiting\tat once\tp50\tp95\tp99\tmost workers\ttask-hours\tof ideal\tworkers cost\tservices cost\tunsaid\t"}
	for _, r := range results {
		lines = append(lines, fmt.Sprintf("%s\t%d\t%d\t%d\t%d\t%.1f %%\t%s\t%s\t%s\t%d\t%.1f\t× %.2f\t$%.2f\t$%.0f\t%.0f %%\t",
			r.Title, r.Arrived, r.Served, r.Refused, r.Waiting, 100*r.AtOnce, seconds(r.WaitP50), seconds(r.WaitP95), seconds(r.WaitP99),
			r.MostWorkers, r.TaskHours, r.TaskHours/r.IdealHours, r.Workers, r.Services, 100*r.OverSpeech))
	}
	return flush(out, lines)
}

// PrintKnobs writes a table of what was tried, and what was picked.
func PrintKnobs(w io.Writer, knobs []Knob) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	lines := []string{"default\talternative\tburst p95\tclass p99\tday at once\tworkers $ a month\t"}
	for _, k := range knobs {
		name := k.Name
		for _, c := range k.Alternatives {
			lines = append(lines, fmt.Sprintf("%s\t%s\t%s\t%s\t%.1f %%\t%.2f\t%s", name, c.Value, seconds(c.Burst), seconds(c.Class), 100*c.AtOnce, c.Dollars, k.fate(c)))
			name = ""
		}
	}
	return flush(out, lines)
}

// fate says what became of an alternative.
func (k *Knob) fate(c Alternative) string {
	switch {
	case c.Value == k.Picked && c.Value == k.Shipped:
		return "picked, and shipped"
	case c.Value == k.Picked:
		return "picked"
	case c.Value == k.Shipped:
		return "shipped; " + c.Fails
	}
	return c.Fails
}

func seconds(s float64) string {
	d := time.Duration(s * float64(time.Second))
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(100 * time.Millisecond).String()
}

func flush(out *tabwriter.Writer, lines []string) error {
	if _, err := io.WriteString(out, strings.Join(lines, "\n")+"\n"); err != nil {
		return err
	}
	return out.Flush()
}
