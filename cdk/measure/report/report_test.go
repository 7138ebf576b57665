package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/measure/report"
)

func TestTable(t *testing.T) {
	table := &report.Table{Name: "reply", Commit: "abc", CPU: "test"}
	table.AtMost("met", 9, 10, "ms")
	table.AtMost("missed", 11, 10, "ms")
	table.Note("noted", 5, "MB")
	if missed := table.Missed(); len(missed) != 1 || missed[0].Metric != "missed" {
		t.Errorf("missed %v, want the one over its goal", missed)
	}
	var out bytes.Buffer
	if err := table.Print(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"9.00   ms    <= 10  yes", "11.00  ms    <= 10  NO", "reply at abc on test"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	folder := filepath.Join(t.TempDir(), "bench")
	if err := table.Write(folder); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(folder, "reply.json"))
	if err != nil {
		t.Fatal(err)
	}
	var read report.Table
	if err := json.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	if len(read.Rows) != 3 || read.Rows[1] != table.Rows[1] {
		t.Errorf("read %+v, want what was written", read)
	}
}

func TestPercentile(t *testing.T) {
	times := []time.Duration{5 * time.Millisecond, time.Millisecond, 3 * time.Millisecond, 4 * time.Millisecond, 2 * time.Millisecond}
	for p, want := range map[int]float64{0: 1, 50: 3, 100: 5} {
		if got := report.Percentile(times, p); got != want {
			t.Errorf("percentile %d is %g, want %g", p, got, want)
		}
	}
	if got := report.Percentile(nil, 50); got != 0 {
		t.Errorf("percentile of nothing is %g, want 0", got)
	}
}
