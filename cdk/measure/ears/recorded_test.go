package ears

import (
	"strings"
	"testing"

	"casey.internal/cdk/local/aws/transcribe/keep"
)

func TestOnlyWhatWasCorrectedCounts(t *testing.T) {
	var b strings.Builder
	if err := TellRecorded(&b, "/r", []keep.Recording{
		{Name: "a", Heard: "I build ridges, and 3 towers.", Said: "I build bridges and three towers", Corrected: true},
		{Name: "b", Heard: "x y", Said: "x y"},
	}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"a  1 of 6 words wrong", "b  not corrected yet", "words wrong: 16.7 % (1 of 6)", "1 of 2 are left", "in /r"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
}
