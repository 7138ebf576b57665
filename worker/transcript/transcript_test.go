package transcript_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"casey.internal/worker/transcript"
)

func at(seconds float64) time.Time {
	return time.UnixMilli(1_000_000).Add(time.Duration(seconds * float64(time.Second)))
}

// hearing is words of half a second each, from a time on.
func hearing(id string, final bool, from float64, text string) transcript.Hearing {
	h := transcript.Hearing{ID: id, Final: final}
	for i, w := range strings.Fields(text) {
		start := from + float64(i)/2
		h.Words = append(h.Words, transcript.Word{
			Text: w, Start: at(start), End: at(start + 0.4), Stable: final, Punctuation: w == "." || w == ",",
		})
	}
	return h
}

// show is a transcript as "number: text" of each closed turn, and what is open.
func show(t *transcript.Transcript) string {
	var all []string
	for number, said := range t.Closed() {
		all = append(all, fmt.Sprintf("%d: %s", number, said.Text))
	}
	return strings.Join(append(all, "open: "+t.Open().Text), "; ")
}

func TestTimeDividesWordsIntoTurns(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(t *transcript.Transcript)
		want string
	}{
		"in order of time, not of arrival": {func(t *transcript.Transcript) {
			t.Add(hearing("b", true, 5, "to you"))
			t.Add(hearing("a", true, 1, "good morning"))
		}, "open: good morning to you"},
		"the same stretch again": {func(t *transcript.Transcript) {
			t.Add(hearing("a", false, 1, "could"))
			t.Add(hearing("a", true, 1, "good morning"))
		}, "open: good morning"},
		"the same stretch on another stream": {func(t *transcript.Transcript) {
			t.Add(hearing("a", false, 1, "could morn"))
			t.Add(hearing("b", true, 1.2, "good morning"))
		}, "open: good morning"},
		"a final stretch stays": {func(t *transcript.Transcript) {
			t.Add(hearing("a", true, 1, "good morning"))
			t.Add(hearing("b", true, 1.2, "to you"))
		}, "open: good morning to you"},
		"a line, and a correction across it": {func(t *transcript.Transcript) {
			t.Add(hearing("a", false, 1, "yes"))
			t.Close(7, at(3), at(4))
			t.Add(hearing("a", true, 1, "yes , I do . and so on"))
		}, "7: yes, I do; open: and so on"},
		"words recognised late": {func(t *transcript.Transcript) {
			t.Add(hearing("a", true, 1, "yes"))
			t.Close(7, at(2), at(4))
			t.Add(hearing("b", true, 3, "please"))
			t.Absorb()
		}, "7: yes please; open: "},
		"words of which some are new": {func(t *transcript.Transcript) {
			t.Add(hearing("a", true, 1, "yes"))
			t.Close(7, at(2), at(4))
			t.Add(hearing("b", true, 3, "please go on"))
			t.Absorb()
		}, "7: yes; open: please go on"},
		"a line that is moved": {func(t *transcript.Transcript) {
			t.Add(hearing("a", true, 1, "yes"))
			t.Close(7, at(2), at(4))
			t.Add(hearing("b", true, 5, "and also"))
			t.Extend(at(6))
		}, "7: yes and also; open: "},
		"a line that is taken back": {func(t *transcript.Transcript) {
			t.Add(hearing("a", true, 1, "yes"))
			t.Close(7, at(2), at(4))
			t.Add(hearing("b", true, 5, "and also"))
			t.Reopen()
		}, "open: yes and also"},
		"nothing to move or to absorb": {func(t *transcript.Transcript) {
			t.Extend(at(6))
			t.Absorb()
			t.Add(hearing("a", true, 1, "yes"))
		}, "open: yes"},
		"only the last turns are corrected": {func(t *transcript.Transcript) {
			for i := range 6 {
				t.Add(hearing(fmt.Sprint(i), true, float64(2*i), fmt.Sprint("word", i)))
				t.Close(i+1, at(float64(2*i+1)), at(float64(2*i+1)))
			}
		}, "3: word2; 4: word3; 5: word4; 6: word5; open: "},
	} {
		var got transcript.Transcript
		if c.do(&got); show(&got) != c.want {
			t.Errorf("%s: %q, want %q", name, show(&got), c.want)
		}
	}
}

func TestOpen(t *testing.T) {
	var empty transcript.Transcript
	if got := empty.Open(); got != (transcript.Said{Stable: true}) || empty.Last() != 0 {
		t.Errorf("nothing was said: %+v, after turn %d", got, empty.Last())
	}
	var s transcript.Transcript
	s.Add(hearing("a", true, 1, "yes"))
	s.Close(3, at(2), at(2))
	s.Add(hearing("b", true, 3, "well ."))
	doubtful := hearing("c", false, 5, "I do")
	doubtful.Words[1].Unsure = true
	s.Add(doubtful)
	want := transcript.Said{Text: "well. I do", Began: at(3), Ended: at(5.9), Unsure: 1, Pause: 1600 * time.Millisecond}
	if got := s.Open(); got != want || s.Last() != 3 {
		t.Errorf("%+v after turn %d, want %+v", got, s.Last(), want)
	}
}

func TestWords(t *testing.T) {
	if got := transcript.Words(" Don't, Mr. O'Neil -- 42%!"); !slices.Equal(got, []string{"don't", "mr", "o'neil", "42"}) {
		t.Errorf("%q", got)
	}
}
