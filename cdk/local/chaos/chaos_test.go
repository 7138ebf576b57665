package chaos_test

import (
	"testing"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/cdk/local/chaos"
)

// TestAMinuteOfChaos is the short form of `make chaos`: services are away for
// 4 s instead of 30, one worker is told to stop instead of each, and the sweep
// comes every 2 s instead of every minute.
func TestAMinuteOfChaos(t *testing.T) {
	root, err := local.Root()
	if err != nil {
		t.Fatal(err)
	}
	table, err := chaos.Run(t.Context(), chaos.Config{
		Root: root, Workers: 2, Sessions: 8, Seed: 1, Talk: 3 * time.Second, Away: 4 * time.Second, Progress: t.Logf,
		Only: []string{"kill -9 of a worker", "queue messages twice and late", "DynamoDB away"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Print(t.Output()); err != nil {
		t.Fatal(err)
	}
	for _, row := range table.Missed() {
		if row.Unit == "" { // how long it takes is told; a busy machine decides that
			t.Errorf("%s is %g, want %s", row.Metric, row.Value, row.Goal)
		}
	}
}
