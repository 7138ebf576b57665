package downstream_test

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"casey.internal/worker/downstream/downstreamtest"
)

// anyTiming says some replies with times by chance.
func anyTiming(t *testing.T, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 7))
	upTo := func(d time.Duration) time.Duration { return time.Duration(random.Int64N(int64(d) + 1)) }
	size := []int{0, 8 << 10, 20 << 10, 64 << 10, 1 << 20}[random.IntN(5)]
	slow := []time.Duration{100 * time.Millisecond, second, 4 * second}[random.IntN(3)]
	s := newStage(size)
	s.polly.Audios = func(text string) (time.Duration, error) { return chance(seed, text, slow), nil }
	s.polly.Marked = func(text string) (time.Duration, error) { return chance(^seed, text, slow), nil }
	var want []string
	for reply := range 4 {
		var sentences []sentence
		for i := range 1 + random.IntN(4) {
			text := spoken(fmt.Sprintf("s%d-%d", reply, i), 1+random.IntN(20))
			sentences = append(sentences, sentence{upTo(slow), text})
			want = append(want, strings.Fields(text)...)
		}
		if told, err := s.say(t.Context(), sentences...); err != nil || len(told.heard) != len(sentences) {
			t.Errorf("%v, heard %q of %v", err, told.heard, sentences)
		}
		if s.page.Muted() {
			t.Error("the microphone is still off when the reply is over")
		}
		time.Sleep(upTo(second))
	}
	s.settle(t)
	var played []byte
	for i, r := range s.page.Replies() {
		played = append(played, r.Audio...)
		if n := len(binaries(r)); n > 2 {
			t.Errorf("reply %d has %d messages", i, n)
		}
	}
	if got := downstreamtest.Words(played); !slices.Equal(got, want) {
		t.Errorf("played %q\nwant   %q", got, want)
	}
}

// chance is a time by chance, always the same for a seed and a text.
func chance(seed uint64, text string, most time.Duration) time.Duration {
	h := fnv.New64a()
	_, _ = fmt.Fprint(h, seed, text)
	return time.Duration(h.Sum64() % uint64(most))
}
