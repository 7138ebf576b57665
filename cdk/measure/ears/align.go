package ears

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"casey.internal/cdk/local/aws/transcribe/sphinx"
)

// Align returns where the words of a clip are, as pocketsphinx finds them that knows what was said;
// nil where it does not find them or knows one of them not.
func Align(model string, c Clip) ([]sphinx.Word, error) {
	said := strings.Join(Spoken(c.Words), " ")
	decoder, err := sphinx.New(sphinx.Config{
		Model: model, Quiet: 3 * time.Second, Grammar: "#JSGF V1.0;\ngrammar said;\npublic <said> = " + said + ";\n",
	})
	if err != nil {
		return nil, fmt.Errorf("align %s: %w", c.Name, err)
	}
	defer decoder.Close()
	const lead = Rate / 2 // from which it learns what quiet is
	random := rand.New(rand.NewPCG(1, 2))
	samples := slices.Concat(make([]int16, lead), c.Samples, make([]int16, lead))
	for i := range samples {
		samples[i] = int16(max(-1<<15, min(1<<15-1, float64(samples[i])+30*random.NormFloat64())))
	}
	decoder.StartStream()
	decoder.StartUtterance()
	decoder.Feed(samples)
	decoder.EndUtterance()
	words, _ := decoder.Words()
	for i := range words {
		words[i].Start -= lead * time.Second / Rate
		words[i].End -= lead * time.Second / Rate
	}
	if len(words) != len(strings.Fields(said)) {
		return nil, nil
	}
	return words, nil
}

// Off returns by how much the words of an ear begin and end elsewhere than they should, of those
// that both have, in order.
func Off(words []sphinx.Word, h Heard) []time.Duration {
	var off []time.Duration
	for _, w := range h.Words {
		text := strings.Join(Plain(w.Content), "")
		i := slices.IndexFunc(words, func(x sphinx.Word) bool { return x.Text == text })
		if i < 0 || i > 3 {
			continue // not the next one: it was misunderstood
		}
		for at, real := range map[float64]time.Duration{w.StartTime: words[i].Start, w.EndTime: words[i].End} {
			off = append(off, (time.Duration(at*float64(time.Second)) - real).Abs())
		}
		words = words[i+1:]
	}
	return off
}
