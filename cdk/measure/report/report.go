// Package report is a table of figures with goals: printed for a person, and
// written to build/bench/NAME.json. The tools of verify and measure share it; a
// goal is no test.
package report

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Row is one figure with its goal.
type Row struct {
	Metric string  `json:"metric"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Goal   string  `json:"goal"`
	OK     bool    `json:"ok"`
}

// Table is the figures of one run, as build/bench/NAME.json has them.
type Table struct {
	Name   string `json:"name"`
	Commit string `json:"commit"`
	CPU    string `json:"cpu"`
	Rows   []Row  `json:"rows"`
}

// NewTable names the commit of root and this machine's processor.
func NewTable(name, root string) *Table {
	return &Table{Name: name, Commit: commit(root), CPU: cpu()}
}

// AtMost adds a figure that should not be above goal.
func (t *Table) AtMost(metric string, value, goal float64, unit string) {
	t.Rows = append(t.Rows, Row{metric, value, unit, fmt.Sprintf("<= %g", goal), value <= goal})
}

// Note adds a figure without a goal.
func (t *Table) Note(metric string, value float64, unit string) {
	t.Rows = append(t.Rows, Row{metric, value, unit, "", true})
}

// Missed returns the figures that missed their goal.
func (t *Table) Missed() []Row {
	return slices.DeleteFunc(slices.Clone(t.Rows), func(r Row) bool { return r.OK })
}

// Print writes the table for a person.
func (t *Table) Print(w io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%s at %s on %s\n", t.Name, t.Commit, t.CPU)
	text.WriteString("metric\tvalue\tunit\tgoal\tok\n")
	for _, r := range t.Rows {
		fmt.Fprintf(&text, "%s\t%.2f\t%s\t%s\t%s\n", r.Metric, r.Value, r.Unit, r.Goal, mark(r))
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := io.WriteString(out, text.String()); err != nil {
		return err
	}
	return out.Flush()
}

func mark(r Row) string {
	switch {
	case r.Goal == "":
		return ""
	case r.OK:
		return "yes"
	}
	return "NO"
}

// Write stores the table as folder/NAME.json.
func (t *Table) Write(folder string) error {
	data, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return fmt.Errorf("bench %s: %w", t.Name, err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("bench %s: %w", t.Name, err)
	}
	return os.WriteFile(filepath.Join(folder, t.Name+".json"), append(data, '\n'), 0o644)
}

// Publish prints the table on standard output and stores it as folder/NAME.json.
func (t *Table) Publish(folder string) error {
	return errors.Join(t.Print(os.Stdout), t.Write(folder))
}

// Illustrate stores a picture of the table as folder/NAME.svg; the folder is there.
func (t *Table) Illustrate(folder, svg string) error {
	return os.WriteFile(filepath.Join(folder, t.Name+".svg"), []byte(svg), 0o644)
}

// Percentile returns the p-th percentile (0 to 100) of the times in ms, 0 of none.
func Percentile(times []time.Duration, p int) float64 {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return Milliseconds(sorted[(len(sorted)-1)*p/100])
}

// Milliseconds is d in ms with its fraction.
func Milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func commit(root string) string {
	out, err := exec.CommandContext(context.Background(), "git", "-C", root, "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

// cpu names the processor as Linux does, elsewhere its architecture.
func cpu() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(info)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			name = strings.TrimSpace(strings.TrimLeft(name, "\t :"))
			return fmt.Sprintf("%s, %d cores", cmp.Or(name, runtime.GOARCH), runtime.NumCPU())
		}
	}
	return runtime.GOARCH
}
