package contracts

import (
	"strings"
	"testing"

	"casey.internal/worker/language"
	"casey.internal/worker/polly"
	"casey.internal/worker/speakable"
	"casey.internal/worker/speech"
)

// TestTheWordsAreThoseOfTheCaption: whatever the voice says of what was written, its words
// are found in the caption, in order, and all of the caption is in them but for signs.
func TestTheWordsAreThoseOfTheCaption(t *testing.T) {
	_, cfg := standins(t)
	voice := polly.New(cfg, polly.Config{}).Voice("s1", nil)
	for _, c := range []struct{ written, words string }{
		{"Tell me about it.", "Tell me about it"},
		{"I know C#, C++ and Node.js well.", "I know C# C++ and Node.js well"},
		{"You pay $1.2M, or 60k, for 15% of it.", "You pay $1.2M or 60k for 15% of it"},
		{"Keep p95 < 200 ms at 10-20 req/s.", "Keep p95 < 200 ms at 10-20 req/s"},
		{"Is **List<String>** slower than array[0]?", "Is List<String> slower than array[0]"},
		{"Mail john.doe@example.com by 3:30, e.g. now.", "Mail john.doe@example.com by 3:30 e.g now"},
		{"Then 2 * 3 = 6 — right?", "Then 2 * 3 = 6 right"},
		{"In 2½ weeks at 25°C, v2.1 is out.", "In 2½ weeks at 25°C v2.1 is out"},
	} {
		l := speakable.Of(c.written, language.English)
		said, err := voice.Marks(t.Context(), l.Said)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		rest := l.Written
		for _, m := range speech.Written(l, said) {
			if m.Kind != speech.WordMark {
				continue
			}
			// As the page does: a word goes on to the next blank.
			_, after, found := strings.Cut(rest, m.Value)
			if !found {
				t.Errorf("%q: the word %q is not in %q", c.written, m.Value, rest)
				continue
			}
			end, next, _ := strings.Cut(after, " ")
			got, rest = append(got, strings.TrimRight(m.Value+end, ",.?")), next
		}
		if got := strings.Join(got, " "); got != c.words {
			t.Errorf("%q is said as %q: the words are %q", c.written, l.Said, got)
		}
	}
}
