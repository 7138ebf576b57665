package downstream_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/worker/downstream"
	"casey.internal/worker/downstream/downstreamtest"
)

// TestAnotherVoiceSaysWhatTheFirstCannot has the first voice fail for the second
// of three sentences: the page hears all of them.
func TestAnotherVoiceSaysWhatTheFirstCannot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, other := newStage(0), &downstreamtest.Synthesizer{}
		s.voice = downstream.New(downstream.Config{Synthesizer: s.polly, Fallback: other, Out: s.page})
		s.polly.Audios = func(text string) (time.Duration, error) {
			if text == spoken("two", 8) {
				return 200 * time.Millisecond, errors.New("throttled")
			}
			return 0, nil
		}
		told, err := s.say(t.Context(), at(0, "one", 8), at(0, "two", 8), at(0, "three", 8))
		s.settle(t)
		if err != nil || len(told.heard) != 3 || !slices.Equal(other.Texts(), []string{spoken("two", 8)}) {
			t.Errorf("%v, heard %q, the other voice was asked %q", err, told.heard, other.Texts())
		}
		if words := told.onsets[1].Words; len(words) != 8 {
			t.Errorf("words of the other voice: %v", words)
		}
		if got := s.page.Said(); len(got) != 1 || got[0] != spoken("one", 8)+" "+spoken("two", 8)+" "+spoken("three", 8) {
			t.Errorf("played %q", got)
		}
	})
}

// TestNoVoiceIsLeft has both fail: what was said before was heard, and the
// conversation is told.
func TestNoVoiceIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := errors.New("down")
		fails := func(string) (time.Duration, error) { return 0, down }
		s, other := newStage(0), &downstreamtest.Synthesizer{Audios: fails}
		s.voice = downstream.New(downstream.Config{Synthesizer: s.polly, Fallback: other, Out: s.page})
		s.polly.Audios = fails
		told, err := s.say(t.Context(), at(0, "one", 8))
		s.settle(t)
		if !errors.Is(err, down) || len(told.heard) != 0 || len(other.Texts()) != 1 {
			t.Errorf("%v, heard %q, the other voice was asked %q", err, told.heard, other.Texts())
		}
	})
}
