package moonshine

import (
	"math"
	"slices"
	"time"
)

const (
	// frame is the step of the loudness that tells speech from pauses.
	frame = 10 * time.Millisecond
	// perFrame is its samples.
	perFrame = Rate / 100
	// closure is the longest quiet within a word, before a plosive.
	closure = 12
	// voiced is how far up from the quiet to the loud, in dB, a frame is speech.
	voiced = 0.5
	// least and most are between what the distance of quiet and loud counts, in dB: digital silence is
	// not how quiet a room is.
	least, most = 10, 40
)

// loudness is the level of each frame since the start of a stream, in dB.
type loudness struct {
	levels  []float64
	pending []float32
}

// add takes the next samples.
func (l *loudness) add(samples []float32) {
	l.pending = append(l.pending, samples...)
	for len(l.pending) >= perFrame {
		sum := 1e-9
		for _, s := range l.pending[:perFrame] {
			sum += float64(s) * float64(s)
		}
		l.levels = append(l.levels, 10*math.Log10(sum/perFrame))
		l.pending = l.pending[perFrame:]
	}
}

// run is a stretch of frames in which somebody speaks.
type run struct{ from, to int }

// length returns the frames of a run.
func (r run) length() int { return r.to - r.from }

// runs returns where between two times somebody speaks, without the pauses that are longer than a
// plosive's closure.
func (l *loudness) runs(from, to time.Duration) []run {
	first := max(0, min(int(from/frame), len(l.levels)))
	last := max(first, min(int(to/frame), len(l.levels)))
	threshold := l.threshold(first, last)
	var all []run
	for i := first; i < last; i++ {
		switch n := len(all); {
		case l.levels[i] < threshold:
		case n > 0 && i-all[n-1].to <= closure:
			all[n-1].to = i + 1
		default:
			all = append(all, run{i, i + 1})
		}
	}
	return slices.DeleteFunc(all, func(r run) bool { return r.length() < 3 }) // a click
}

// threshold is the level above which frames are speech. What quiet is, the half second before
// tells.
func (l *loudness) threshold(first, last int) float64 {
	sorted := slices.Sorted(slices.Values(l.levels[max(0, first-50):last]))
	if len(sorted) == 0 {
		return 0
	}
	quiet, loud := sorted[len(sorted)/20], sorted[len(sorted)*19/20]
	return loud - max(least, min(most, loud-quiet))*(1-voiced)
}

// spread gives each word of a line its share of the time in which somebody spoke, by its weight, so
// that longer pauses fall between words: at the one that is nearest, a mark counting for nearer.
func spread(words []word, runs []run) {
	if len(words) == 0 || len(runs) == 0 {
		return
	}
	total, ends := 0.0, make([]float64, len(words))
	for i, w := range words {
		total += w.weight()
		ends[i] = total
	}
	spoken := 0
	for _, r := range runs {
		spoken += r.length()
	}
	first, done := 0, 0
	for i, r := range runs {
		done += r.length()
		next := len(words)
		if i < len(runs)-1 {
			next = border(words, ends, first, total*float64(done)/float64(spoken))
		}
		if next > first {
			share(words[first:next], r)
			first = next
		}
	}
}

// border returns how many words end before a pause that comes after so much of the weight.
func border(words []word, ends []float64, first int, at float64) int {
	best, distance := first, math.Inf(1)
	for i := first; i < len(words)-1; i++ {
		d := math.Abs(ends[i] - at)
		if words[i].mark != "" {
			d /= 3
		}
		if d < distance {
			best, distance = i+1, d
		}
	}
	if first > 0 && math.Abs(ends[first-1]-at) < distance {
		return first // a pause within a word, or a noise
	}
	return best
}

// share divides a run among words.
func share(words []word, r run) {
	total := 0.0
	for _, w := range words {
		total += w.weight()
	}
	at := time.Duration(r.from) * frame
	length := time.Duration(r.length()) * frame
	for i := range words {
		words[i].start = at
		at += time.Duration(float64(length) * words[i].weight() / total)
		words[i].end = at
	}
}
