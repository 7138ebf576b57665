package speech_test

import (
	"testing"

	"casey.internal/worker/speech"
)

func TestSpeakable(t *testing.T) {
	for _, c := range []struct{ written, said string }{
		{"Plain words, 3.5 of them.", "Plain words, 3.5 of them."},
		{"**Bold** and *italic* and `code` and snake_case and _this_.", "Bold and italic and code and snake case and this."},
		{"# Title\n\n- one\n- two\n1. three", "Title one two three"},
		{"See [the page](https://example.com/x) or https://example.com.", "See the page or the link"},
		{"Great! 🎉👍🏽 Go on 🙂", "Great! Go on"},
		{"Tools, e.g. Go, i.e. not C, etc.", "Tools, for example Go, that is not C, and so on."},
		{"Ops etc. and more", "Ops and so on and more"},
		{"100% sure — really", "100 percent sure, really"},
		{"R & D vs. sales", "R and D versus sales"},
		{"Well… hm", "Well... hm"},
		{"a < b > c <break/> d", "a b c d"},
		{"```go\nfmt.Println()\n```Done.", "Done."},
		{"zero\u200bwidth\u0007", "zerowidth"},
		{"C'est déjà l'été, \"oui\".", "C'est déjà l'été, \"oui\"."},
		{"---", ""},
		{"🙂", ""},
		{"", ""},
	} {
		if got := speech.Speakable(c.written); got != c.said {
			t.Errorf("%q is said as %q, want %q", c.written, got, c.said)
		}
	}
}

// Nothing that is said is taken for markup by a synthesizer.
func FuzzSpeakable(f *testing.F) {
	f.Add("**x** [a](b) 🙂 e.g. 5%")
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range speech.Speakable(text) {
			if r == '<' || r == '*' || r == '`' || r < ' ' {
				t.Errorf("%q contains %q", text, r)
			}
		}
	})
}
