package ears

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/local/aws/transcribe"
	"casey.internal/cdk/local/aws/transcribe/sphinx"
	"casey.internal/cdk/local/aws/transcribe/transcript"
)

func TestWordsAreComparedAsTheyAreSpoken(t *testing.T) {
	for _, try := range []struct {
		said, heard string
		wrong       int
	}{
		{"go forward ten meters", "Go forward 10 metres.", 0},
		{"he was not an ill disposed young man", "He was not an ill-disposed young man,", 0},
		{"I am 112 and you're 45", "I'm one hundred twelve and you are forty-five!", 0},
		{"ten of clubs", "Ten of", 1},
		{"ten of clubs", "Ten of the clubs", 1},
		{"ten of clubs", "", 3},
		{"", "what", 1},
		{"in 2024", "in two zero two four", 0},
	} {
		if got := Wrong(Plain(try.said), Plain(try.heard)); got != try.wrong {
			t.Errorf("%q for %q: %d wrong, want %d", try.heard, try.said, got, try.wrong)
		}
	}
}

// tone is a second of quiet, one of a tone, one of quiet.
func tone() []int16 {
	samples := make([]int16, 3*Rate)
	for i := Rate; i < 2*Rate; i++ {
		samples[i] = int16(8000 * math.Sin(2*math.Pi*440*float64(i)/Rate))
	}
	return samples
}

func TestTheVoiceOfAClipIsFound(t *testing.T) {
	c := NewClip("tone", "beep", tone()).Around(500*time.Millisecond, 0)
	if c.Starts != 1500*time.Millisecond || c.Ends != 2500*time.Millisecond || c.Spoken() != time.Second {
		t.Errorf("from %v to %v", c.Starts, c.Ends)
	}
}

func TestNoiseIsAsLoudAsIsAskedForAndPink(t *testing.T) {
	clean := NewClip("tone", "beep", tone())
	for _, below := range []float64{20, 10} {
		noisy := clean.Noisy(below)
		got := 10 * math.Log10(power(clean.Samples[Rate:2*Rate])/power(noisy.Samples[:Rate]))
		if math.Abs(got-below) > 1 {
			t.Errorf("noise is %.1f dB below, want %.0f", got, below)
		}
	}
	noise := pinkNoise(4 * Rate)
	slow, fast := 0.0, 0.0 // what is left of means of 16, and what they take away
	for block := range slices.Chunk(noise, 16) {
		mean := 0.0
		for _, x := range block {
			mean += x / 16
		}
		for _, x := range block {
			slow, fast = slow+mean*mean, fast+(x-mean)*(x-mean)
		}
	}
	if slow < fast {
		t.Errorf("it has %.0f below 1 kHz and %.0f above", slow, fast)
	}
}

func TestRecordingsAreReadByTheirManifest(t *testing.T) {
	folder := t.TempDir()
	for name, data := range map[string]string{
		"MANIFEST.md": "# Speech\n\n| file | rate | exact words |\n|---|---|---|\n| a.raw | 16000 | ten of clubs |\n",
		"a.raw":       strings.Repeat("\x00\x10\x00\xf0", Rate/2),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	clips, err := Recordings(t.Context(), folder)
	if err != nil || len(clips) != 1 || clips[0].Words != "ten of clubs" || len(clips[0].Samples) != Rate {
		t.Errorf("%d clips, %v", len(clips), err)
	}
	if _, err := Recordings(t.Context(), t.TempDir()); err == nil {
		t.Error("no manifest is missed")
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Recordings(canceled, folder); err == nil {
		t.Error("what sox did not read is missed by nobody")
	}
}

// parrot hears "ten", stable after 1.2 seconds, final after 1.6 and "hen" then.
type parrot struct{ at time.Duration }

func (p *parrot) Open(transcribe.Settings) (transcribe.Ear, error) { return &parrot{}, nil }
func (p *parrot) End() []transcript.Result                         { return nil }
func (p *parrot) Foreign() int                                     { return 0 }
func (p *parrot) Close()                                           {}

func (p *parrot) Hear(chunk []byte) ([]transcript.Result, error) {
	p.at += time.Duration(len(chunk)/2) * time.Second / Rate
	word := transcript.Word{Written: "ten", Start: 1, End: 1.1, Stable: p.at > time.Second}
	switch p.at {
	case 800 * time.Millisecond, 1200 * time.Millisecond:
		return []transcript.Result{transcript.Compose("1", []transcript.Word{word}, true, true)}, nil
	case 1600 * time.Millisecond:
		word.Written = "hen"
		return []transcript.Result{transcript.Compose("1", []transcript.Word{word}, false, true)}, nil
	}
	return nil, nil
}

func TestDelaysAreTakenFromTheVoice(t *testing.T) {
	c := Clip{Name: "ten", Samples: make([]int16, 2*Rate), Starts: 500 * time.Millisecond, Ends: 1100 * time.Millisecond}
	h, err := Hear(&parrot{}, c)
	if err != nil {
		t.Fatal(err)
	}
	round := func(d time.Duration) time.Duration { return d.Round(50 * time.Millisecond) }
	if round(h.First) != 300*time.Millisecond || round(h.Stable[0]) != 100*time.Millisecond || round(h.Final) != 500*time.Millisecond {
		t.Errorf("first %v, stable %v, final %v", h.First, h.Stable, h.Final)
	}
	if h.Text != "hen" || h.Partials != 2 || h.Denied != 1 {
		t.Errorf("%+v", h)
	}
	off := Off([]sphinx.Word{{Text: "a"}, {Text: "hen", Start: time.Second, End: 1300 * time.Millisecond}}, h)
	slices.Sort(off)
	if len(off) != 2 || off[0] != 0 || off[1].Round(time.Millisecond) != 200*time.Millisecond {
		t.Errorf("words are off by %v", off)
	}
}
