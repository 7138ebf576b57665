package talk_test

import (
	"context"
	"testing"

	"casey.internal/cdk/local/aws/standin/standintest"
	"casey.internal/cdk/measure/talk"
	"casey.internal/worker/bedrock"
	"casey.internal/worker/interviewer/awkward"
)

// TestTheRulesOverTheWire asks as a worker asks Bedrock, and has the rules of the
// stand-in pass every line.
func TestTheRulesOverTheWire(t *testing.T) {
	cfg := standintest.Start(t, "-first-token", "0s", "-tokens-per-second", "0").Config(t)
	lines, err := awkward.All()
	if err != nil {
		t.Fatal(err)
	}
	model := bedrock.New(cfg, bedrock.Config{Model: "m"}).Model("talk", nil)
	results, err := talk.Measure(t.Context(), model, lines, 2)
	if err != nil || len(results) != len(lines) {
		t.Fatalf("%d results, %v", len(results), err)
	}
	for _, r := range results {
		for _, fault := range r.Faults {
			t.Errorf("%s, %q: %q: %s", r.Line.Scene(), r.Line.Said, r.Reply.Text, fault)
		}
		if r.Reply.Cost.Input == 0 || r.Took == 0 {
			t.Errorf("%q cost %+v and took %v", r.Line.Said, r.Reply.Cost, r.Took)
		}
	}

	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := talk.Measure(gone, model, lines, 2); err == nil {
		t.Error("nobody missed the end")
	}
}
