package thoughts_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"casey.internal/shared/thoughts"
)

// said gives an answer to a filter in pieces of some runes.
func said(f *thoughts.Filter, answer string, size int) string {
	var b strings.Builder
	for rest := []rune(answer); len(rest) > 0; rest = rest[min(size, len(rest)):] {
		b.WriteString(f.Add(string(rest[:min(size, len(rest))])))
	}
	return b.String() + f.End()
}

func TestFilter(t *testing.T) {
	for _, c := range []struct{ answer, want string }{
		{"Plain words.", "Plain words."},
		{"<think>Hm.</think>Hello.", "Hello."},
		{"Well. <thinking>Hm.\n\n</thinking> Hello.", "Well.  Hello."},
		{"<think>Hm.</thinking>Hello.", "Hello."},
		{"<reasoning>Hm.</reason>Hello.", "Hello."},
		{"<THINKING>Hm.</THINKING>Hello.", "Hello."},
		{"<thinking>Hm.</thinking>Hello.", "Hello."},
		{"<thinking time=\"5 s\">Hm.</thinking>Hello.", "Hello."},
		{"<scratchpad>Hm.</scratchpad>Hello.", "Hello."},
		{"<thinking>a<reflection>b</reflection>c</thinking>Hello.", "Hello."},
		{"<think>of the tag <think> here</think>Hello.", "Hello."},
		{"[THINK]Hm.[/THINK]Hello.", "Hello."},
		{"◁think▷Hm.◁/think▷Hello.", "Hello."},
		{"<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Hello.<|return|>", "Hello."},
		{"<|channel|>commentary to=functions.x <|message|>{}<|end|>Hello.", "Hello."},
		{"<tool_call>{\"name\":\"x\"}</tool_call>Hello.", "Hello."},
		{"Hello.<function_calls><invoke name=\"x\"></invoke></function_calls>", "Hello."},
		{"<function=next_phase>{}</function>Hello.", "Hello."},
		{"<answer>Hello.</answer>", "Hello."},
		{"<think/>Hello.", "Hello."},
		{"<think></think>Hello.", "Hello."},
		{"<think>never ends", ""},
		{"Hello.</think>", "Hello."},
		{"A List<Analysis> and a Map<K, V>.", "A List<Analysis> and a Map<K, V>."},
		{"p95 < 200, a <- b, array[i], x << 2, <", "p95 < 200, a <- b, array[i], x << 2, <"},
		{"a <b of many words that is no tag at all, which goes on for longer than any tag would ever be", "a <b of many words that is no tag at all, which goes on for longer than any tag would ever be"},
	} {
		for _, size := range []int{1, 2, 3, 7, 1000} {
			if got := said(new(thoughts.Filter), c.answer, size); got != c.want {
				t.Errorf("%q in pieces of %d: said %q, want %q", c.answer, size, got, c.want)
			}
		}
	}
}

func TestWhatWasBegunByTheTemplate(t *testing.T) {
	f := thoughts.New(true)
	if got := said(f, "Hm.</think>Hello.", 3); got != "Hello." || f.Unopened() {
		t.Errorf("said %q, unopened %v", got, f.Unopened())
	}
	f = thoughts.New(false)
	if got := said(f, "Hm.</think>Hello.", 3); got != "Hm.Hello." || !f.Unopened() {
		t.Errorf("said %q, unopened %v", got, f.Unopened())
	}
}

// FuzzFilter cuts an answer anywhere: no thought is said, and nothing else is lost.
func FuzzFilter(f *testing.F) {
	f.Add("before ", "a thought < b", "after", 1)
	f.Add("3 < 4 <", "</b>", "<", 2)
	f.Add("<|channel|>x[", "<|", "◁/th", 1)
	f.Fuzz(func(t *testing.T, before, thought, after string, size int) {
		all := before + "|" + thought + "|" + after
		if size < 1 || !utf8.ValidString(all) || strings.ContainsAny(all, "<[◁") && said(new(thoughts.Filter), all, 1000) != all {
			t.Skip("tags of its own")
		}
		if strings.ContainsAny(thought+after, ">]▷/=") {
			t.Skip("with what is before it a tag")
		}
		got := said(new(thoughts.Filter), before+" <think> "+thought+" </think> "+after, size)
		if want := before + "  " + after; got != want {
			t.Errorf("said %q of %q and %q", got, before, after)
		}
	})
}
