package moonshine

import (
	"strings"
	"testing"
	"time"
)

// timed are the words of a text, each of a third of a second.
func timed(text string) []word {
	words := split(text)
	for i := range words {
		words[i].start = time.Duration(i) * time.Second / 3
		words[i].end = words[i].start + time.Second/3
	}
	return words
}

func texts(words []word) string {
	var all []string
	for _, w := range words {
		all = append(all, w.text+w.mark)
	}
	return strings.Join(all, " ")
}

func TestAWordIsStableWhenTwoLooksAgree(t *testing.T) {
	for _, try := range []struct {
		level, looks, stable, shown string
		over                        int
	}{
		{"high", "we had a problem with the|we had a problem with the data", "we had a", "we had a problem with the data", 0},
		{"medium", "we had a problem with the|we had a problem with the data", "we had a", "we had a problem with the data", 0},
		{"low", "we had a problem with the|we had a problem with the data", "we had", "we had a problem with the data", 0},
		{"high", "we had a problem", "", "we had a problem", 0},                                                                             // one look
		{"high", "be had a problem with|we had a problem with", "", "we had a problem with", 0},                                             // the first word changed
		{"high", "We had|we, had a big problem", "we", "we, had a big problem", 0},                                                          // how it is written does not count
		{"high", "we had a problem.", "we had a problem.", "we had a problem.", 4},                                                          // its line is over
		{"high", "we had. Then we|we had. Then we went", "we had.", "we had. Then we went", 2},                                              // one line is over
		{"high", "we had a problem|we had a problem with it all|he had problem with it", "we had a problem", "we had a problem with it", 4}, // no word is taken back
	} {
		u := newUtterance(try.level)
		var shown []word
		for look := range strings.SplitSeq(try.looks, "|") {
			shown = u.look(timed(look), min(try.over, len(split(look))))
		}
		if got := texts(u.stable); !strings.HasPrefix(got, try.stable) || texts(shown) != try.shown {
			t.Errorf("%s, %q: stable %q, shown %q; want %q, %q", try.level, try.looks, got, texts(shown), try.stable, try.shown)
		}
	}
}

func TestLinesAreTakenApart(t *testing.T) {
	for line, want := range map[string]string{
		"He was not an ill-disposed young man,": "He|was|not|an|ill-disposed|young|man+,",
		"\"Wait — what?\" I said…":              "Wait|what+?|I|said",
		"It's 3.5 times 60, isn't it!":          "It's|3.5|times|60+,|isn't|it+!",
		" - . … ":                               "",
		"":                                      "",
	} {
		var got []string
		for _, w := range split(line) {
			if w.mark != "" {
				w.text += "+" + w.mark
			}
			got = append(got, w.text)
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q: %q", line, got)
		}
	}
}

func TestWordsFillTheTimeInWhichSomebodySpoke(t *testing.T) {
	runs := []run{{100, 150}, {200, 260}}
	words := split("Well, yes we did that")
	spread(words, runs)
	at := time.Second
	for i, w := range words {
		if w.start < at || w.end <= w.start {
			t.Errorf("%s is from %v to %v, after %v", w.text, w.start, w.end, at)
		}
		at = w.end
		inPause := w.end > 1500*time.Millisecond && w.start < 2*time.Second
		if inPause || i == 0 && w.start != time.Second {
			t.Errorf("%s is from %v to %v", w.text, w.start, w.end)
		}
	}
	if words[len(words)-1].end.Round(time.Millisecond) != 2600*time.Millisecond {
		t.Errorf("the last word ends %v", words[len(words)-1].end)
	}
	for _, n := range []int{0, 1, 2, 3, 9} { // more pauses than words, and none
		few := split("one two")
		many := make([]run, n)
		for i := range many {
			many[i] = run{100 * i, 100*i + 50}
		}
		spread(few, many)
		if few[1].start < few[0].start || n > 0 && few[1].end == 0 {
			t.Errorf("%d runs: %+v", n, few)
		}
	}
}

func FuzzUtterance(f *testing.F) {
	f.Add("we had a|we had a problem|he had problems", byte(2))
	f.Add("|a b|", byte(0))
	f.Fuzz(func(t *testing.T, looks string, over byte) {
		u := newUtterance("high")
		for look := range strings.SplitSeq(looks, "|") {
			before := u.stable
			words := timed(look)
			shown := u.look(words, min(int(over), len(words)))
			if len(u.stable) < len(before) || len(shown) < len(u.stable) {
				t.Fatalf("%d words were stable, now %d of %d", len(before), len(u.stable), len(shown))
			}
			for i := range before {
				if !same(before[i], shown[i]) {
					t.Fatalf("%q was stable, now %q", before[i].text, shown[i].text)
				}
			}
		}
	})
}
