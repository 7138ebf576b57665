package answers

import "testing"

func TestAPauseBeforeTheFirstWordIsNone(t *testing.T) {
	all := read("q reflective: Why?\na: ||| okay | yes\na: || \na: okay | yes |\n")
	if len(all) != 2 || all[0].String() != "okay | yes" || all[1].String() != "okay | yes" {
		t.Errorf("read %q", all)
	}
}
