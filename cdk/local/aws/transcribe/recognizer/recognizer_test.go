package recognizer_test

import (
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/local/aws/polly"
	"casey.internal/cdk/local/aws/polly/espeak"
	"casey.internal/cdk/local/aws/transcribe"
	"casey.internal/cdk/local/aws/transcribe/recognizer"
	"casey.internal/cdk/local/aws/transcribe/sphinx"
	"casey.internal/cdk/local/aws/transcribe/transcript"
	"casey.internal/cdk/local/aws/transcribe/vocabulary"
)

const quiet = 1100 * time.Millisecond

// engine hears the sentences that casey ships.
func engine(t *testing.T) *recognizer.Engine {
	t.Helper()
	v := vocabulary.New()
	if err := v.Add(vocabulary.Interview()); err != nil {
		t.Fatal(err)
	}
	e, err := recognizer.NewEngine(sphinx.Config{Model: sphinx.DefaultModel, Quiet: quiet}, recognizer.Grammar, v,
		func() { t.Error("a stable word was denied") })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

// speech is text in a voice of espeak-ng, as samples and their rate.
func speech(t *testing.T, text, voice string) polly.Speech {
	t.Helper()
	s, err := espeak.New()
	if err != nil {
		t.Fatal(err)
	}
	spoken, err := s.Speak(text, polly.Voice{Engine: voice, WordsPerMinute: 150, Pitch: 50}, false)
	if err != nil {
		t.Fatal(err)
	}
	return spoken
}

// heard is a result, and how much of the stream had been heard when it came.
type heard struct {
	transcript.Result
	at time.Duration
}

// hear plays samples in pieces of 50 ms, with so much digital silence after.
func hear(t *testing.T, e *recognizer.Engine, s polly.Speech, after time.Duration) []heard {
	t.Helper()
	ear, err := e.Open(transcribe.Settings{Encoding: "pcm", Rate: s.Rate, Stability: "high"})
	if err != nil {
		t.Fatal(err)
	}
	defer ear.Close()
	samples := append(s.Samples, make([]int16, int(after.Seconds()*float64(s.Rate)))...)
	var all []heard
	for at := 0; at < len(samples); at += s.Rate / 20 {
		results, err := ear.Hear(bytesOf(samples[at:min(at+s.Rate/20, len(samples))]))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			all = append(all, heard{r, time.Duration(at+s.Rate/20) * time.Second / time.Duration(s.Rate)})
		}
	}
	for _, r := range ear.End() {
		all = append(all, heard{Result: r})
	}
	return all
}

func bytesOf(samples []int16) []byte {
	var b []byte
	for _, s := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}

func TestFinalComesLate(t *testing.T) {
	all := hear(t, engine(t), speech(t, "I made a mistake and deleted the wrong table.", "en-us"), 2*time.Second)
	last := all[len(all)-1]
	late := last.at - time.Duration(last.EndTime*float64(time.Second))
	if last.IsPartial || late < time.Second || late > quiet+400*time.Millisecond {
		t.Errorf("partial %v, %v after the last word", last.IsPartial, late)
	}
}

// TestAllIsStableSoonAfterTheLastWord is what an end of turn can rely on before the final result comes.
func TestAllIsStableSoonAfterTheLastWord(t *testing.T) {
	for _, h := range hear(t, engine(t), speech(t, "I read the logs and noticed a strange pattern.", "en-us"), 2*time.Second) {
		stable := 0
		for _, item := range h.Alternatives[0].Items {
			if item.Stable != nil && *item.Stable {
				stable++
			}
		}
		if h.IsPartial && stable == 9 {
			if late := h.at - time.Duration(h.EndTime*float64(time.Second)); late > 900*time.Millisecond {
				t.Errorf("stable %v after the last word", late)
			}
			return
		}
	}
	t.Error("no partial result was all stable")
}

func TestSilenceAndNoiseAreNothing(t *testing.T) {
	e := engine(t)
	if all := hear(t, e, polly.Speech{Rate: 16000}, 5*time.Second); len(all) > 0 {
		t.Errorf("silence: %+v", all)
	}
	for _, h := range hear(t, e, polly.Speech{Rate: 16000, Samples: make([]int16, 160)}, 5*time.Second) {
		t.Errorf("a click: %+v", h)
	}
}

// TestVoicesAndSentences says a part of the vocabulary in several voices, one after the other without a pause between decoders.
func TestVoicesAndSentences(t *testing.T) {
	e := engine(t)
	right, all := 0, 0
	for i, want := range sentences(t) {
		if i%4 != 0 {
			continue
		}
		voice := []string{"en-us", "en-us+f3", "en-us+m3", "en-us+f5"}[i/4%4]
		var got []string
		for _, h := range hear(t, e, speech(t, want, voice), 1500*time.Millisecond) {
			if !h.IsPartial {
				got = append(got, h.Alternatives[0].Transcript)
			}
		}
		all++
		if strings.Join(got, " ") == want {
			right++
		} else {
			t.Logf("%s said %q, heard %q", voice, want, got)
		}
	}
	t.Logf("%d of %d right", right, all)
	if 10*right < 9*all {
		t.Error("fewer than nine in ten")
	}
}

// sentences are those that casey ships.
func sentences(t *testing.T) []string {
	t.Helper()
	text, err := io.ReadAll(vocabulary.Interview())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}
