package e2e

import (
	"math"
	"strings"
	"testing"
	"time"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"casey.internal/cdk/local/aws/standin/standintest"
	"casey.internal/worker/transcribe"
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

// recogniser hears sounds with a grammar of its own: the sentences that it is
// given beside those of the stand-in.
type recogniser struct{ *transcribe.Recognizer }

func newRecogniser(t *testing.T, sentences []string) recogniser {
	t.Helper()
	p := standintest.Start(t, "-sentences", writeLines(t, sentences))
	p.Setenv(t)
	cfg, err := awsconfig.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return recogniser{transcribe.New(cfg, transcribe.Config{Input: transcribe.PCM})}
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

func (r recogniser) listen(t *testing.T, s sound) string {
	t.Helper()
	stream, err := r.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stream.Close() }()
	s = append(append(quiet(500*time.Millisecond), s...), quiet(1500*time.Millisecond)...)
	for pcm := s.pcm(); len(pcm) > 0; {
		n := min(len(pcm), rate/5)
		if err := stream.Send(pcm[:n]); err != nil {
			t.Fatal(err)
		}
		pcm = pcm[n:]
	}
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
	var words []string
	for r, err := range stream.Results() {
		if err != nil {
			t.Fatal(err)
		}
		if !r.Partial {
			words = append(words, plain(r.Text))
		}
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
