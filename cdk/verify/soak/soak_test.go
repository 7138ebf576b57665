package soak_test

import (
	"os"
	"testing"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/cdk/verify/soak"
)

// TestNothingIsLeft is the short form of `make soak`.
func TestNothingIsLeft(t *testing.T) {
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip("what processes hold is known on Linux alone")
	}
	root, err := local.Root()
	if err != nil {
		t.Fatal(err)
	}
	table, err := soak.Run(t.Context(), soak.Config{
		Root: root, Sessions: 40, Parallel: 20, Brief: true, Settle: time.Minute, Progress: t.Logf,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Print(t.Output()); err != nil {
		t.Fatal(err)
	}
	for _, row := range table.Missed() {
		t.Errorf("%s is %g %s, want %s", row.Metric, row.Value, row.Unit, row.Goal)
	}
}
