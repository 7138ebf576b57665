package golden_test

import (
	"fmt"
	"slices"
	"testing"

	"casey.internal/shared/golden"
)

// recorder is a test that goes on when it has failed.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

func TestWhatChangedFails(t *testing.T) {
	golden.JSON(t, "one", []byte(`{"a":1}`))
	r := &recorder{TB: t}
	golden.JSON(r, "one", []byte(`{"a":2}`))
	if want := []string{"testdata/one.json changed:\n got {\"a\":2}\n want {\"a\":1}\n"}; !slices.Equal(r.said, want) {
		t.Errorf("it said %q", r.said)
	}
}

func TestWhatNobodyKnowsFails(t *testing.T) {
	r := &recorder{TB: t}
	golden.NoneLeft(r, func(name string) bool { return name == "one" })
	if r.said != nil {
		t.Errorf("it said %q", r.said)
	}
	golden.NoneLeft(r, func(string) bool { return false })
	if want := []string{"testdata/one.json belongs to nothing"}; !slices.Equal(r.said, want) {
		t.Errorf("it said %q", r.said)
	}
}
