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
		{"You asked for $60k, or $1.5M over 2-3 years.", "You asked for 60 thousand dollars, or 1.5 million dollars over 2 to 3 years."},
		{"It cost €1,200, then £5.", "It cost 1,200 euros, then 5 pounds."},
		{"10x faster, 5k users, 10-15% of $3bn.", "10 times faster, 5 thousand users, 10 to 15 percent of 3 billion dollars."},
		{"Call 555-1234 on 2026-03-01, approx. noon w/ me and/or her.", "Call 555-1234 on 2026-03-01, approximately noon with me or her."},
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
