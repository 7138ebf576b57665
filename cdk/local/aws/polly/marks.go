package polly

import (
	"cmp"
	"slices"
	"strings"
)

// Mark is one line of a speech mark stream (Polly developer guide, "Speech mark output").
type Mark struct {
	// Time is in milliseconds from the start of the audio.
	Time int    `json:"time"`
	Type string `json:"type"`
	// Start and End are offsets in bytes of the input text; visemes have none.
	Start *int   `json:"start,omitempty"`
	End   *int   `json:"end,omitempty"`
	Value string `json:"value"`
}

// order is how marks of one time follow each other.
var order = []string{"sentence", "ssml", "word", "viseme"}

// marks returns the marks of speech that are wanted, by time.
func marks(text string, s Speech, wanted []string) []Mark {
	m := marker{text: text, offsets: offsets(text), rate: s.Rate}
	var all []Mark
	all = append(all, m.sentences(s.Events)...)
	all = append(all, m.words(s.Events)...)
	all = append(all, m.visemes(s.Events, len(s.Samples))...)
	all = append(all, m.named(s.Events)...)
	all = slices.DeleteFunc(all, func(m Mark) bool { return !slices.Contains(wanted, m.Type) })
	slices.SortStableFunc(all, func(a, b Mark) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(slices.Index(order, a.Type), slices.Index(order, b.Type)))
	})
	return all
}

// offsets returns the byte offset of every character of text, and of its end.
func offsets(text string) []int {
	out := make([]int, 0, len(text)+1)
	for i := range text {
		out = append(out, i)
	}
	return append(out, len(text))
}

type marker struct {
	text    string
	offsets []int
	rate    int
}

func (m marker) offset(character int) int {
	return m.offsets[max(0, min(character, len(m.offsets)-1))]
}

// span is a mark of text[start:end] without the white space around it; false where nothing is left.
func (m marker) span(kind string, sample, start, end int) (Mark, bool) {
	value := strings.TrimSpace(m.text[start:max(start, end)])
	if value == "" {
		return Mark{}, false
	}
	start += strings.Index(m.text[start:], value)
	return Mark{Time: m.time(sample), Type: kind, Start: new(start), End: new(start + len(value)), Value: value}, true
}

func (m marker) time(sample int) int { return sample * 1000 / m.rate }

// sentences go on to where the next one begins.
func (m marker) sentences(events []Event) []Mark {
	var out []Mark
	begun := slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return e.Kind != SentenceBegins })
	for i, e := range begun {
		end := len(m.text)
		if i+1 < len(begun) {
			end = m.offset(begun[i+1].Character)
		}
		if mark, ok := m.span("sentence", e.Sample, m.offset(e.Character), end); ok {
			out = append(out, mark)
		}
	}
	return out
}

// words are merged where they overlap: the engine tells of "25" as of "25" and "5 ".
func (m marker) words(events []Event) []Mark {
	var out []Mark
	for _, e := range events {
		if e.Kind != WordBegins || e.Characters == 0 {
			continue
		}
		start, end := m.offset(e.Character), m.offset(e.Character+e.Characters)
		sample := e.Sample
		if n := len(out); n > 0 && start < *out[n-1].End {
			start, end = *out[n-1].Start, max(end, *out[n-1].End)
			sample = out[n-1].Time * m.rate / 1000
			out = out[:n-1]
		}
		if mark, ok := m.span("word", sample, start, end); ok {
			out = append(out, mark)
		}
	}
	return out
}

// visemes end with silence; one silence does not follow another.
func (m marker) visemes(events []Event, samples int) []Mark {
	var out []Mark
	last := ""
	for _, e := range append(slices.Clone(events), Event{Kind: SoundBegins, Sample: samples}) {
		if e.Kind != SoundBegins {
			continue
		}
		v := viseme(e.Name)
		if v == "" || v == silence && last == silence {
			continue
		}
		out = append(out, Mark{Time: m.time(e.Sample), Type: "viseme", Value: v})
		last = v
	}
	return out
}

func (m marker) named(events []Event) []Mark {
	var out []Mark
	for _, e := range events {
		if e.Kind == MarkReached {
			at := m.offset(e.Character)
			out = append(out, Mark{Time: m.time(e.Sample), Type: "ssml", Start: &at, End: &at, Value: e.Name})
		}
	}
	return out
}
