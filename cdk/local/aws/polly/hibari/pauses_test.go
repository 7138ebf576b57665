package hibari

import (
	"math"
	"slices"
	"testing"
	"time"

	"casey.internal/cdk/local/aws/polly"
)

// TestTheMouthOpensWhereSoundBegins looks at every pause of 150 ms or more, as the page's own check does.
func TestTheMouthOpensWhereSoundBegins(t *testing.T) {
	e := engine(t)
	var off []time.Duration
	for _, text := range []string{
		"I understand, the report is a good example. What are you working on at the moment?",
		"Thank you, that was very interesting. We have five minutes left.",
		"Hello, I am your interviewer today. Could you tell me a little about yourself?",
		"How did you decide that, and what happened next?", "Good. What did you change afterwards?",
		"Profit fell; sales rose. First, look at the table: what, if anything, do you see?",
	} {
		s := speak(t, e, text, false)
		var opens []int
		last := "_"
		for _, x := range of(s, polly.SoundBegins) {
			if x.Name != "_" && last == "_" {
				opens = append(opens, x.Sample)
			}
			last = x.Name
		}
		for _, at := range onsets(s.Samples) {
			best := len(s.Samples)
			for _, o := range opens {
				best = min(best, max(o-at, at-o))
			}
			off = append(off, time.Duration(best)*time.Second/Rate)
		}
	}
	slices.Sort(off)
	p95 := off[len(off)*95/100]
	t.Logf("%d pauses, off by %v at most, 95 of 100 by %v", len(off), off[len(off)-1], p95)
	if len(off) < 15 || p95 > 40*time.Millisecond {
		t.Errorf("%d, p95 %v", len(off), p95)
	}
}

// onsets are the samples at which sound begins after 150 ms without.
func onsets(samples []int16) []int {
	var all []int
	last := -Rate
	for i, x := range samples {
		if math.Abs(float64(x)) < 0.004*(1<<15) {
			continue
		}
		if i-last > Rate*15/100 {
			all = append(all, i)
		}
		last = i
	}
	return all
}

func TestEventsInAPauseGoToItsEnds(t *testing.T) {
	sound := func(at int, name string) polly.Event {
		return polly.Event{Kind: polly.SoundBegins, Sample: at, Name: name}
	}
	word := polly.Event{Kind: polly.WordBegins, Sample: 190}
	got := settle([]polly.Event{sound(10, "n"), sound(110, "d"), word, sound(190, "ð"), sound(230, "ə")}, []pause{{100, 200}})
	word.Sample = 200
	if want := []polly.Event{sound(10, "n"), sound(100, "d"), sound(100, "_"), word, sound(200, "ð"), sound(230, "ə")}; !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	wave := make([]float64, Rate)
	for i := range wave {
		if at := i * 1000 / Rate; at >= 100 && at < 300 || at >= 350 && at < 500 || at >= 700 && at < 800 {
			wave[i] = float64(i%2) - 0.5
		}
	}
	if got := pauses(wave); !slices.Equal(got, []pause{{Rate / 2, Rate * 7 / 10}}) {
		t.Errorf("pauses %+v", got)
	}
}
