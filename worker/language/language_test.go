package language_test

import (
	"testing"

	"casey.internal/worker/language"
)

func TestOf(t *testing.T) {
	for tag, want := range map[string]struct {
		name  string
		known bool
	}{
		"": {"English", true}, "en-GB": {"English", true}, "de-DE": {"German", true}, "ES-us": {"Spanish", true}, "fr-CA": {"French", false}, "xx": {"xx", false},
	} {
		if l := language.Of(tag); l.Name() != want.name || l.Known() != want.known {
			t.Errorf("%q is %s, known: %v", tag, l.Name(), l.Known())
		}
	}
}
