package standin_test

import (
	"testing"

	"casey.internal/cdk/local/aws/control"
	"casey.internal/worker/bedrock"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/interviewer/modeltest"
)

// TestAModelThatWritesNonsense: the model of the stand-ins writes what it is told to,
// and the worker makes of it what it can, over the wire.
func TestAModelThatWritesNonsense(t *testing.T) {
	s := start(t, "-canned")
	client := bedrock.New(s.cfg, bedrock.Config{Model: "any"})
	modeltest.Malformed(t, func(t *testing.T, answers ...modeltest.Written) interviewer.Model {
		var f control.Fault
		for _, w := range answers {
			told := control.Written{Text: w.Text, Stop: w.Stop}
			for _, u := range w.Uses {
				told.Uses = append(told.Uses, control.WrittenUse(u))
			}
			f.Writes = append(f.Writes, told)
		}
		s.tell(t, control.Bedrock, f)
		return client.Model("s1", nil)
	})
	if left := s.state(t).Faults[control.Bedrock].Writes; len(left) > 0 {
		t.Errorf("not written: %+v", left)
	}
}
