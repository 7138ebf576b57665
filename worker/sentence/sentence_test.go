package sentence_test

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"unicode"

	"casey.internal/worker/sentence"
)

func TestSplit(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"", nil},
		{"Hello", []string{"Hello"}},
		{"Good. Go on.", []string{"Good.", "Go on."}},
		{"How many? And why?", []string{"How many?", "And why?"}},
		{"It grew by 3.5 percent. Well done!", []string{"It grew by 3.5 percent.", "Well done!"}},
		{"Ask Dr. Jones. He knows.", []string{"Ask Dr. Jones.", "He knows."}},
		{"Use a tool, e.g. a saw. Then cut.", []string{"Use a tool, e.g. a saw.", "Then cut."}},
		{"J. R. Smith said so. Did I. Yes.", []string{"J. R. Smith said so.", "Did I.", "Yes."}},
		{"Well... I see. Yes.", []string{"Well...", "I see.", "Yes."}},
		{`She said "Stop." Then she left.`, []string{`She said "Stop."`, "Then she left."}},
		{"One line\nAnother line\n\n", []string{"One line", "Another line"}},
		{"1. First do this. 2. Then that.", []string{"1. First do this.", "2. Then that."}},
		{strings.Repeat("word, ", 60), []string{strings.TrimSpace(strings.Repeat("word, ", 50)), strings.TrimSpace(strings.Repeat("word, ", 10))}},
		{strings.Repeat("é", 200), []string{strings.Repeat("é", 150), strings.Repeat("é", 50)}},
	}
	for _, tt := range tests {
		for _, size := range []int{1, 3, 1000} {
			if got := all(t, tt.text, size); !slices.Equal(got, tt.want) {
				t.Errorf("%.40q in pieces of %d:\n got %q\nwant %q", tt.text, size, got, tt.want)
			}
		}
	}
}

func TestSplitSoon(t *testing.T) {
	next, stop := iter.Pull2(sentence.Split(pieces("How many?", "!", "And", " why. ", "Because", " I ask.")))
	defer stop()
	for _, want := range []string{"How many?", "And why.", "Because I ask."} {
		if got, err, ok := next(); got != want || err != nil || !ok {
			t.Fatalf("got %q, %v, %v; want %q", got, err, ok, want)
		}
	}
}

func TestSplitError(t *testing.T) {
	broken := errors.New("broken")
	var got []string
	var last error
	for s, err := range sentence.Split(func(yield func(string, error) bool) {
		_ = yield("Done. Not", nil) && yield("", broken)
	}) {
		got, last = append(got, s), err
	}
	if !slices.Equal(got, []string{"Done.", ""}) || !errors.Is(last, broken) {
		t.Errorf("got %q and %v", got, last)
	}
}

// FuzzSplit proves that no letter is lost.
func FuzzSplit(f *testing.F) {
	f.Add("Good. Go on. Dr. Who? \n1. Yes!", 3)
	f.Fuzz(func(t *testing.T, text string, size int) {
		joined := strings.Join(all(t, text, max(1, size%50)), "")
		if got, want := letters(joined), letters(text); got != want {
			t.Errorf("%q became %q", want, got)
		}
	})
}

func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}

func all(t *testing.T, text string, size int) (sentences []string) {
	t.Helper()
	var parts []string
	for ; len(text) > size; text = text[size:] {
		parts = append(parts, text[:size])
	}
	for s, err := range sentence.Split(pieces(append(parts, text)...)) {
		if err != nil {
			t.Fatal(err)
		}
		sentences = append(sentences, s)
	}
	return sentences
}

func pieces(parts ...string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, part := range parts {
			if !yield(part, nil) {
				return
			}
		}
	}
}
