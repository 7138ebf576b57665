package recognizer

import (
	"slices"
	"time"

	"casey.internal/cdk/local/aws/awswire"
	"casey.internal/cdk/local/aws/transcribe/sphinx"
)

const (
	// steady is for how many looks a word must not have changed before it can be called stable while somebody speaks:
	// the recogniser of a grammar changes its mind about the first words late. In the quiet after, steadyInQuiet do.
	steady        = 8
	steadyInQuiet = 4
	// settled is how long it has to be quiet before the last words can be.
	settled = 400 * time.Millisecond
)

// trailing is how many words at the end may still change, by the level of stabilisation
// (Transcribe developer guide, "Partial-result stabilization").
var trailing = map[string]int{"high": 2, "medium": 3, "low": 5}

// utterance follows what the recogniser thinks was said, from look to look, and decides which words are not going to change.
type utterance struct {
	id     string
	lag    int
	stable []sphinx.Word
	last   []string
	same   []int
}

func newUtterance(stability string) *utterance {
	lag, ok := trailing[stability]
	if !ok {
		lag = trailing["high"]
	}
	return &utterance{id: awswire.NewID(), lag: lag}
}

// look takes the words as understood at the time now and returns them with the stable ones as they were.
// The first len(u.stable) of them are stable.
func (u *utterance) look(now time.Duration, words []sphinx.Word) []sphinx.Word {
	words = u.keep(words)
	u.compare(words)
	free, looks := len(words)-u.lag, steady
	if n := len(words); n > 0 && now-words[n-1].End >= settled {
		free, looks = n, steadyInQuiet
	}
	for i := len(u.stable); i < free && u.same[i] >= looks; i++ {
		u.stable = append(u.stable, words[i])
	}
	return words
}

// compare counts for how many looks each word has been the same.
func (u *utterance) compare(words []sphinx.Word) {
	same := make([]int, len(words))
	texts := texts(words)
	for i, text := range texts {
		if i < len(u.last) && u.last[i] == text {
			same[i] = u.same[i] + 1
		}
	}
	u.last, u.same = texts, same
}

// keep puts the stable words back where a later thought would deny them.
func (u *utterance) keep(words []sphinx.Word) []sphinx.Word {
	n := len(u.stable)
	if n == 0 || len(words) >= n && slices.Equal(texts(words[:n]), texts(u.stable)) {
		return words
	}
	end := u.stable[n-1].End
	kept := slices.Clone(u.stable)
	for _, w := range words {
		if (w.Start+w.End)/2 > end {
			kept = append(kept, w)
		}
	}
	return kept
}

// final returns the words for good, none where the recogniser has come to think that nothing was said, and whether
// it denied a stable word.
func (u *utterance) final(words []sphinx.Word) (kept []sphinx.Word, denied bool) {
	if len(words) == 0 {
		return nil, len(u.stable) > 0
	}
	kept = u.keep(words)
	return kept, !slices.Equal(texts(kept), texts(words))
}

func texts(words []sphinx.Word) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.Text
	}
	return out
}
