package canned_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/local/aws/canned"
	"casey.internal/cdk/local/aws/transcribe"
)

func TestPartialsComeAsOftenAndAsLateAsTheyAreToldTo(t *testing.T) {
	heard, err := canned.Utterances(strings.NewReader("to@200ms be@400ms ill@600ms\n\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, try := range []struct {
		every, lag, phase time.Duration
		want              []string
	}{
		{0, 0, 0, []string{"0.2 to", "0.4 to be", "0.6 to be ill", "1.6 to be ill."}},
		{250 * time.Millisecond, 0, 0, []string{"0.26 to", "0.52 to be", "0.78 to be ill", "1.6 to be ill."}},
		{250 * time.Millisecond, 0, 100 * time.Millisecond, []string{"0.2 to", "0.46 to be", "0.72 to be ill", "1.6 to be ill."}},
		{250 * time.Millisecond, 400 * time.Millisecond, 0, []string{"0.6 to", "0.86 to be", "1.12 to be ill", "1.6 to be ill."}},
		{0, 2 * time.Second, 0, []string{"1.6 to be ill."}},
	} {
		ear, err := canned.Engine{
			Quiet: time.Second, Every: try.every, Lag: try.lag, Phase: func() time.Duration { return try.phase }, Hears: heard,
		}.Open(transcribe.Settings{Encoding: "pcm", Rate: 16000})
		if err != nil {
			t.Fatal(err)
		}
		if got := listen(t, ear); !slices.Equal(got, try.want) {
			t.Errorf("every %v after %v, %v late: heard %q, want %q", try.every, try.phase, try.lag, got, try.want)
		}
	}
}

// listen has an ear hear 0.6 s of voice and silence, and returns its results with their times; a final one ends in a full stop.
func listen(t *testing.T, ear transcribe.Ear) (all []string) {
	for at := 20 * time.Millisecond; at <= 2*time.Second; at += 20 * time.Millisecond {
		chunk := make([]byte, 2*320)
		if at <= 600*time.Millisecond {
			chunk = []byte(strings.Repeat("\x00\x20", 320))
		}
		results, err := ear.Hear(chunk)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			line := fmt.Sprint(at.Seconds(), " ", r.Alternatives[0].Transcript)
			if !r.IsPartial {
				line += "."
			}
			all = append(all, line)
		}
	}
	return all
}

func TestWhatIsHeardHasToMakeSense(t *testing.T) {
	for _, wrong := range []string{"", "\n", "a@b", "a@1s b@1s", "a@0s"} {
		if heard, err := canned.Utterances(strings.NewReader(wrong)); err == nil {
			t.Errorf("%q is taken for %v", wrong, heard)
		}
	}
}
