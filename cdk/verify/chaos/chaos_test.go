package chaos_test

import (
	"testing"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/cdk/verify/chaos"
)

// seed of the minute's chaos: who speaks when, and which AI service fails how.
const seed = 1

// TestAMinuteOfChaos is the short form of `make chaos`: few people who suffer
// all, short outages, and of the faults those that say most.
func TestAMinuteOfChaos(t *testing.T) {
	root, err := local.Root()
	if err != nil {
		t.Fatal(err)
	}
	report, err := chaos.Run(t.Context(), chaos.Config{
		Root: root, Workers: 2, Sessions: 8, Seed: seed, Talk: 4 * time.Second, Away: 4 * time.Second, Together: true, Progress: t.Logf,
		Only: append(chaos.Some(seed, 2), "kill -9 of a worker", "late queue and SIGTERM", "DynamoDB away"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Print(t.Output()); err != nil {
		t.Fatal(err)
	}
	for _, loss := range report.Losses() {
		t.Error(loss)
	}
}
