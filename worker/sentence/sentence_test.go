package sentence_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"casey.internal/worker/sentence"
)

// split gives text to a Splitter in pieces of a size and returns the sentences.
func split(text string, size int) (got []string) {
	for s, err := range sentence.Split(func(yield func(string, error) bool) {
		for piece := range slices.Chunk([]byte(text), size) {
			if !yield(string(piece), nil) {
				return
			}
		}
	}) {
		if err != nil {
			panic(err)
		}
		got = append(got, s)
	}
	return got
}

func TestSentences(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Hello. How are you?", "Hello.|How are you?"},
		{"One", "One"},
		{"", ""},
		{"Really?! Yes!! Good.", "Really?!|Yes!!|Good."},
		{"It took 3.5 seconds. Then 4.", "It took 3.5 seconds.|Then 4."},
		{"Dr. Smith met Mr. J. Jones. They talked.", "Dr. Smith met Mr. J. Jones.|They talked."},
		{"Use a tool, e.g. Go. It is fast.", "Use a tool, e.g. Go.|It is fast."},
		{"Come at 5 p.m. tomorrow. At 5 p.m. It is late.", "Come at 5 p.m. tomorrow.|At 5 p.m.|It is late."},
		{"Go, Rust, etc. are fine. Pick one.", "Go, Rust, etc. are fine.|Pick one."},
		{"Well... let me see. Hm... Right.", "Well... let me see.|Hm...|Right."},
		{"Well… I see.", "Well…|I see."},
		{"She said \"Go on.\" Then she left.", "She said \"Go on.\"|Then she left."},
		{"“Why?” I asked. (Really.) Yes.", "“Why?”|I asked.|(Really.)|Yes."},
		{"See example.com for more. Thanks.", "See example.com for more.|Thanks."},
		{"First line\nSecond line\n\nThird.", "First line|Second line|Third."},
		{"1. First. 2. Second.", "1. First.|2. Second."},
		{"So did I. Then?", "So did I.|Then?"},
		{"Tell me, what did you do? and why", "Tell me, what did you do?|and why"},
		{"Version 2.0. Next.", "Version 2.0.|Next."},
		{"I use C#, .NET and Node.js. Good. .NET is fine.", "I use C#, .NET and Node.js.|Good.|.NET is fine."},
		{"My answer is no. Next. It is no. 5 of fig. 2. Yes.", "My answer is no.|Next.|It is no. 5 of fig. 2.|Yes."},
		{"On Jan. 5 at 3:30. We met at 1e6 v2.1. It ran.", "On Jan. 5 at 3:30.|We met at 1e6 v2.1.|It ran."},
		{"Is x != y? Is i/o slow? Then x ? y : z is it.", "Is x != y?|Is i/o slow?|Then x ? y : z is it."},
		{"Use e.g. array[0]. See https://example.com/a?b=c.d. Ok.", "Use e.g. array[0].|See https://example.com/a?b=c.d.|Ok."},
		{"Mail a.b@example.com. It costs $1.2M. Or p95 < 200. Yes.", "Mail a.b@example.com.|It costs $1.2M.|Or p95 < 200.|Yes."},
	} {
		for _, size := range []int{1, 2, 5, 1000} {
			if got := strings.Join(split(c.text, size), "|"); got != c.want {
				t.Errorf("%q in pieces of %d: %q, want %q", c.text, size, got, c.want)
			}
		}
	}
}

func TestASentenceIsGivenAwayWhenTheNextBegins(t *testing.T) {
	var s sentence.Splitter
	s.Write("That is fine. N")
	if got := slices.Collect(s.Complete()); !slices.Equal(got, []string{"That is fine."}) {
		t.Errorf("complete: %q", got)
	}
	s.Write("ow you")
	if got := slices.Collect(s.Complete()); len(got) != 0 {
		t.Errorf("complete: %q", got)
	}
	if rest := s.Rest(); rest != "Now you" {
		t.Errorf("rest: %q", rest)
	}
}

func TestALongFirstSentenceBeginsEarly(t *testing.T) {
	text := "Thank you for telling me about that, it sounds like a hard time for the whole team, and I would like to hear more of it."
	got := split(text, 4)
	if len(got) != 2 || !strings.HasSuffix(got[0], ",") || len(got[0]) > 90 {
		t.Errorf("%q", got)
	}
	generic := "Then tell me what is wrong with a function that takes a Map<String, Integer> of all the users"
	if got := split(generic, 4); len(got) != 1 {
		t.Errorf("%q", got)
	}
	// Only the first: later ones are ready before they are needed.
	if got := split("Good. "+text, 4); len(got) != 2 {
		t.Errorf("%q", got)
	}
}

func TestNothingIsTooLongToSay(t *testing.T) {
	for name, text := range map[string]string{
		"words":       strings.Repeat("word ", 500),
		"clauses":     strings.Repeat("a clause of some length, ", 100),
		"no space":    strings.Repeat("x", 2000),
		"wide runes":  strings.Repeat("日", 2000),
		"dots inside": strings.Repeat("a.b", 700),
	} {
		got := split(text, 7)
		got = append(got, split(text, 5000)...)
		text += text
		for _, s := range got {
			if len(s) > sentence.Longest {
				t.Errorf("%s: a sentence of %d bytes", name, len(s))
			}
		}
		if squeeze(strings.Join(got, " ")) != squeeze(text) {
			t.Errorf("%s: text was lost", name)
		}
	}
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

func TestAnErrorEndsTheSentences(t *testing.T) {
	broken := errors.New("broken")
	var got []string
	var last error
	for s, err := range sentence.Split(func(yield func(string, error) bool) {
		_ = yield("One. Two. Thr", nil) && yield("", broken)
	}) {
		if err != nil {
			last = err
			continue
		}
		got = append(got, s)
	}
	if !slices.Equal(got, []string{"One.", "Two."}) || !errors.Is(last, broken) {
		t.Errorf("%q, then %v", got, last)
	}
}

// Whatever the text and its pieces: nothing but space is lost, and no sentence
// is too long.
func FuzzSplit(f *testing.F) {
	f.Add("Dr. Who? \"No.\" 3.5… Well, then.\nYes", 3)
	f.Fuzz(func(t *testing.T, text string, size int) {
		got := split(text, max(1, size%50))
		if squeeze(strings.Join(got, " ")) != squeeze(text) {
			t.Errorf("%q became %q", text, got)
		}
		for _, s := range got {
			if len(s) > sentence.Longest {
				t.Errorf("a sentence of %d bytes", len(s))
			}
		}
	})
}
