package e2e

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/transcribestreaming"
	"github.com/aws/aws-sdk-go-v2/service/transcribestreaming/types"

	"casey.internal/cdk/local/aws/standin/standintest"
)

// nearest returns how far after at the nearest of the times is.
func nearest(times []float64, at float64) float64 {
	best := math.Inf(1)
	for _, x := range times {
		if math.Abs(x-at) < math.Abs(best) {
			best = x - at
		}
	}
	return best
}

// recogniser hears sounds by the stand-in: unless another engine is named, with a
// grammar of the sentences that it is given beside those of the stand-in.
type recogniser struct{ *transcribestreaming.Client }

func newRecogniser(t *testing.T, sentences []string, engine ...string) recogniser {
	t.Helper()
	p := standintest.Start(t, append(engine, "-sentences", writeLines(t, sentences))...)
	return recogniser{transcribestreaming.NewFromConfig(p.Config(t))}
}

// hear returns the words of a sound. Its grammar has all of a sentence or
// nothing: what it makes nothing of, it hears once more, at half the loudness.
func (r recogniser) hear(t *testing.T, s sound) string {
	t.Helper()
	words := r.listen(t, s)
	if words == "" && s.voiced() > 0 {
		softer := make(sound, len(s))
		for i, sample := range s {
			softer[i] = sample / 2
		}
		words = r.listen(t, append(quiet(330*time.Millisecond), softer...))
	}
	return words
}

// listen sends a sound whole, and returns the words of all that comes back.
func (r recogniser) listen(t *testing.T, s sound) string {
	t.Helper()
	out, err := r.StartStreamTranscription(t.Context(), &transcribestreaming.StartStreamTranscriptionInput{
		LanguageCode: types.LanguageCodeEnUs, MediaEncoding: types.MediaEncodingPcm, MediaSampleRateHertz: new(int32(16000)),
	})
	if err != nil {
		t.Fatal(err)
	}
	stream := out.GetStream()
	defer func() { _ = stream.Close() }() // Err tells
	s = append(append(quiet(500*time.Millisecond), s...), quiet(1500*time.Millisecond)...)
	for pcm := s.pcm(); len(pcm) > 0; {
		n := min(len(pcm), rate/5)
		if err := stream.Send(t.Context(), &types.AudioStreamMemberAudioEvent{Value: types.AudioEvent{AudioChunk: pcm[:n]}}); err != nil {
			t.Fatal(err)
		}
		pcm = pcm[n:]
	}
	if err := stream.Writer.Close(); err != nil { // half
		t.Fatal(err)
	}
	var words []string
	for event := range stream.Events() {
		for _, r := range event.(*types.TranscriptResultStreamMemberTranscriptEvent).Value.Transcript.Results {
			if !r.IsPartial {
				words = append(words, plain(*r.Alternatives[0].Transcript))
			}
		}
	}
	if err := stream.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(words, " ")
}

// common returns the number of words that two texts have in common, in the same
// order.
func common(x, y []string) int {
	before := make([]int, len(y)+1)
	for _, a := range x {
		row := make([]int, len(y)+1)
		for j, b := range y {
			if row[j+1] = max(row[j], before[j+1]); a == b {
				row[j+1] = before[j] + 1
			}
		}
		before = row
	}
	return before[len(y)]
}
