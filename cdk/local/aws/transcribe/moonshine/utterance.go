package moonshine

import (
	"time"

	"casey.internal/cdk/local/aws/awswire"
)

// trailing is how many words at the end of what is being said may still change, by the level of
// stabilisation (Transcribe developer guide, "Partial-result stabilization").
var trailing = map[string]int{"high": 1, "medium": 2, "low": 4}

// settled is how much has to be said after a word for it to be stable: what the library makes of
// the first second of a line it often takes back, two looks in a row or not.
const settled = time.Second

// utterance follows what was understood from look to look. A word is stable when its line is over,
// or when two looks in a row agree on it and on all before it and enough was said after it.
type utterance struct {
	id     string
	lag    int
	stable []word
	last   []word
	// denied counts stable words that a later look would not have had.
	denied int
}

func newUtterance(stability string) *utterance {
	lag, ok := trailing[stability]
	if !ok {
		lag = trailing["high"]
	}
	return &utterance{id: awswire.NewID(), lag: lag}
}

// look takes the words as understood now, of which the first so many are of lines that are over,
// and returns them with the stable ones, u.stable, as they were.
func (u *utterance) look(words []word, over int) []word {
	agreed := u.agree(words)
	kept, shift := u.keep(words)
	for i := len(u.stable); i < len(kept); i++ {
		at := i - shift
		if at >= over && (at >= agreed || at >= len(words)-u.lag || words[len(words)-1].end-words[at].end < settled) {
			break
		}
		u.stable = append(u.stable, kept[i])
	}
	return kept
}

// agree counts for how many looks each word has stood where it stands, and returns how many words
// from the start have for two.
func (u *utterance) agree(words []word) int {
	agreed := 0
	for i := range words {
		words[i].looks = 1
		if i < len(u.last) && same(u.last[i], words[i]) {
			words[i].looks += u.last[i].looks
			if agreed == i {
				agreed++
			}
		}
	}
	u.last = words
	return agreed
}

// keep returns the words with the stable ones in place of those that are nearest to them, and by
// how many the others moved for that.
func (u *utterance) keep(words []word) (kept []word, shift int) {
	n, distance := nearest(u.stable, words)
	u.denied = distance
	kept = append(kept, u.stable...)
	if n == len(u.stable) { // as many as there are now: their times are better
		for i := range kept {
			kept[i].start, kept[i].end = words[i].start, words[i].end
			if distance == 0 {
				kept[i].mark, kept[i].looks = words[i].mark, words[i].looks
			}
		}
	}
	kept = append(kept, words[n:]...)
	for i := 1; i < len(kept); i++ { // of words from different looks
		before := &kept[i-1]
		kept[i].start = max(kept[i].start, before.start)
		kept[i].end = max(kept[i].end, kept[i].start)
		before.end = min(before.end, kept[i].start)
	}
	return kept, len(u.stable) - n
}

// nearest returns how many words from the start are nearest to what is stable, and how many edits
// they are away from it.
func nearest(stable, words []word) (n, distance int) {
	row := make([]int, len(words)+1)
	for j := range row {
		row[j] = j
	}
	for i, s := range stable {
		diagonal := row[0]
		row[0] = i + 1
		for j, w := range words {
			edit := diagonal
			if !same(s, w) {
				edit++
			}
			diagonal = row[j+1]
			row[j+1] = min(edit, row[j]+1, row[j+1]+1)
		}
	}
	for j := range row {
		if better := row[j] - row[n]; better < 0 || better == 0 && j <= len(stable) {
			n = j
		}
	}
	return n, row[n]
}
