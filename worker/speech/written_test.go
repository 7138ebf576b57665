package speech_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"casey.internal/worker/language"
	"casey.internal/worker/speakable"
	"casey.internal/worker/speech"
	"casey.internal/worker/speech/speechtest"
)

// TestTheCaptionIsAsWritten: the voice says "C sharp at 60 thousand dollars", and caption,
// words and record have what was written.
func TestTheCaptionIsAsWritten(t *testing.T) {
	const written, said = "I pay $60k for **C#** experts.", "I pay 60 thousand dollars for C sharp experts."
	const shown = "I pay $60k for C# experts."
	speak(t, speech.Config{Cache: speech.NewCache()}, func(t *testing.T, k *talk) {
		for range 2 { // the second time from the cache
			heard, began, err := play(t.Context(), k.Prepare(t.Context(), written))
			if err != nil || heard.Text != shown || heard.Words != 6 {
				t.Errorf("heard %+v, %v", heard, err)
			}
			var words []string
			for _, w := range began[0].Words {
				words = append(words, w.Text)
			}
			if want := []string{"I", "pay", "$60k", "for", "C", "experts."}; began[0].Text != shown || !slices.Equal(words, want) {
				t.Errorf("shown %q with the words %q", began[0].Text, words)
			}
			if w := began[0].Words; w[3].At-w[2].At != 3*speechtest.Word { // 60 thousand dollars
				t.Errorf("times %+v", w)
			}
		}
		if got := k.synthesizer.Texts(); !slices.Equal(got, []string{said}) {
			t.Errorf("the voice was asked for %q", got)
		}
	})
}

// TestTheRecordOfACutIsAsWritten: cut off within what several words say, or after it.
func TestTheRecordOfACutIsAsWritten(t *testing.T) {
	for after, want := range map[time.Duration]string{
		2 * speechtest.Word: "I pay", 4 * speechtest.Word: "I pay $60k", 6 * speechtest.Word: "I pay $60k for",
	} {
		speak(t, speech.Config{}, func(t *testing.T, k *talk) {
			ctx, cut := context.WithCancelCause(t.Context())
			u := k.Prepare(t.Context(), "I pay $60k for C# experts.")
			timer := time.AfterFunc(100*time.Millisecond+after, func() { cut(errors.New("cut")) })
			defer timer.Stop()
			if heard, _, _ := play(ctx, u); heard.Text != want || !heard.Cut {
				t.Errorf("after %v heard %q, want %q", after, heard.Text, want)
			}
		})
	}
}

// TestMarksThatAreNoPlaces: what a synthesizer says of no place in the text is kept.
func TestMarksThatAreNoPlaces(t *testing.T) {
	said := []speech.Mark{
		{Kind: speech.WordMark, Value: "C", Start: 0, End: 1}, {Kind: speech.WordMark, Value: "x", Start: 90, End: 99},
		{Kind: speech.VisemeMark, Value: "k"}, {Kind: speech.SentenceMark, Value: "C sharp", Start: 0, End: 7},
	}
	got := speech.Written(speakable.Of("C#", language.English), said)
	if len(got) != 4 || got[0].Value != "C" || got[1] != said[1] || got[2] != said[2] || got[3].Value != "C#" {
		t.Errorf("marks %+v", got)
	}
}
