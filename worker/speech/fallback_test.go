package speech_test

import (
	"errors"
	"testing"
	"time"

	"casey.internal/worker/speech"
	"casey.internal/worker/speech/speechtest"
)

func TestAnotherVoiceSaysWhatTheFirstCannot(t *testing.T) {
	other := &speechtest.Synthesizer{Latency: 50 * time.Millisecond}
	speak(t, speech.Config{Fallback: other, Cache: speech.NewCache()}, func(t *testing.T, k *talk) {
		k.synthesizer.FailAudio(errors.New("throttled"))
		heard, began, err := play(t.Context(), k.Prepare(t.Context(), sentence))
		if err != nil || heard.Text != sentence || len(other.Texts()) != 1 {
			t.Errorf("heard %+v, %v; the other voice was asked %q", heard, err, other.Texts())
		}
		if len(began) != 1 || !began[0].Marked || len(began[0].Words) != 4 {
			t.Errorf("told %+v", began)
		}
		if _, _, err := play(t.Context(), k.Prepare(t.Context(), sentence)); err != nil || len(other.Texts()) != 1 {
			t.Errorf("%v; the other voice said %q although the first can again", err, other.Texts())
		}
	})
}

func TestAVoiceThatBreaksInMidSentenceIsNotReplaced(t *testing.T) {
	other := &speechtest.Synthesizer{}
	speak(t, speech.Config{Fallback: other}, func(t *testing.T, k *talk) {
		k.synthesizer.BreakAfter(500)
		heard, _, err := play(t.Context(), k.Prepare(t.Context(), sentence))
		if err == nil || !heard.Cut || len(other.Texts()) != 0 {
			t.Errorf("heard %+v, %v; the other voice was asked %q", heard, err, other.Texts())
		}
	})
}
