package hibari

import (
	"cmp"
	"math"
	"slices"
	"time"

	"casey.internal/cdk/local/aws/polly"
)

const (
	// shortest is the shortest pause: closures of plosives are shorter.
	shortest = 120 * time.Millisecond
	// silent is how much quieter than the loudest 10 ms a pause is, as a factor.
	silent = 1.0 / 64
	// look is the samples of 10 ms.
	look = Rate / 100
)

// pause is a stretch of samples in which nothing is heard.
type pause struct{ from, to int }

// pauses returns those between the sounds of a wave.
func pauses(wave []float64) []pause {
	levels := make([]float64, 0, len(wave)/look)
	for piece := range slices.Chunk(wave, look) {
		sum := 0.0
		for _, x := range piece {
			sum += x * x
		}
		levels = append(levels, math.Sqrt(sum/float64(len(piece))))
	}
	loudest := 0.0
	if len(levels) > 0 {
		loudest = slices.Max(levels)
	}
	var all []pause
	begins := -1 // nothing was heard yet
	for i, l := range levels {
		if l < loudest*silent {
			continue
		}
		if p := (pause{begins * look, i * look}); begins >= 0 && p.to-p.from >= int(shortest*Rate/time.Second) {
			all = append(all, p)
		}
		begins = i + 1
	}
	return all
}

// settle puts events where pauses say that they are: the model counts the pause at a comma to the
// sounds around it. What begins in the first half of a pause began before it, in the second after.
func settle(events []polly.Event, all []pause) []polly.Event {
	for _, p := range all {
		for i, e := range events {
			switch {
			case e.Sample < p.from || e.Sample >= p.to:
			case e.Sample < (p.from+p.to)/2:
				events[i].Sample = p.from
			default:
				events[i].Sample = p.to
			}
		}
		events = append(events, polly.Event{Kind: polly.SoundBegins, Sample: p.from, Name: "_"})
		slices.SortStableFunc(events, func(a, b polly.Event) int { return cmp.Compare(a.Sample, b.Sample) })
	}
	return events
}
