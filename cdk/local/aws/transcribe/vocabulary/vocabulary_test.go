package vocabulary_test

import (
	"slices"
	"strings"
	"testing"

	"casey.internal/cdk/local/aws/transcribe/vocabulary"
)

func of(t *testing.T, lines ...string) *vocabulary.Vocabulary {
	t.Helper()
	v := vocabulary.New()
	if err := v.Add(strings.NewReader(strings.Join(lines, "\n"))); err != nil {
		t.Fatal(err)
	}
	return v
}

// written joins what Write returns.
func written(v *vocabulary.Vocabulary, text string, complete bool) string {
	words, marks := v.Write(strings.Fields(text), complete)
	for i := range words {
		words[i] += marks[i]
	}
	return strings.Join(words, " ")
}

func TestWrite(t *testing.T) {
	v := of(t, "Yes, I am ready.", "Could you repeat that?", "I studied in Chicago.")
	for _, c := range []struct {
		words    string
		complete bool
		want     string
	}{
		{"yes i am ready could you repeat that", true, "Yes, I am ready. Could you repeat that?"},
		{"yes", false, "Yes"},
		{"yes i", false, "Yes, I"},
		{"i studied in chicago could you", false, "I studied in Chicago. Could you"},
		{"i studied in", true, "I studied in."},
		{"how do i do", true, "How do I do?"},
	} {
		if got := written(v, c.words, c.complete); got != c.want {
			t.Errorf("%q is written %q, want %q", c.words, got, c.want)
		}
	}
}

func TestTrim(t *testing.T) {
	v := of(t, "Seven of clubs.", "That is a good question.")
	for words, want := range map[string]string{
		"seven of clubs that":           "seven of clubs",
		"seven of clubs that is a good": "seven of clubs that is a good",
		"that is":                       "that is",
		"seven of clubs":                "seven of clubs",
	} {
		if got := strings.Join(v.Trim(strings.Fields(words)), " "); got != want {
			t.Errorf("%q is trimmed to %q", words, got)
		}
	}
}

func TestKnownLeavesOutWhatCannotBePronounced(t *testing.T) {
	v := of(t, "# a comment", "Yes, I am.", "I am Xyzzy.", "yes i am")
	known, dropped, err := v.Known(strings.NewReader("yes Y EH S\ni AY\nam AE M\nam(2) AH M\n"))
	if err != nil || known.Len() != 1 || !slices.Equal(dropped, []string{"i am xyzzy"}) {
		t.Errorf("%d known, dropped %q, %v", known.Len(), dropped, err)
	}
	if g := known.Grammar(); !strings.Contains(g, "<sentence> = yes i am;") {
		t.Errorf("grammar %s", g)
	}
}

func TestInterviewHasSixtySentences(t *testing.T) {
	v := vocabulary.New()
	if err := v.Add(vocabulary.Interview()); err != nil || v.Len() < 60 {
		t.Errorf("%d sentences, %v", v.Len(), err)
	}
}
