package ears

import (
	"cmp"
	"fmt"
	"runtime"
	"strings"
	"time"

	"casey.internal/cdk/local/aws/polly"
	"casey.internal/cdk/local/aws/transcribe"
	"casey.internal/cdk/measure/report"
)

// Goals of the ear and the voice that casey uses first.
const (
	mostWrong, mostWrongInNoise = 8, 12 // words of 100
	latestPartial               = 700   // ms
	mostCPU                     = 0.6   // cores while somebody speaks
	voiceWrong                  = 3     // words of 100 that the ear makes of the voice
	voiceCPU                    = 100   // ms a sentence
)

// Bench is what is measured, and with what.
type Bench struct {
	// Recordings are of people.
	Recordings []Clip
	// Sentences are those that the voices say.
	Sentences []string
	// Moonshine and Open are the engines that hear free speech.
	Moonshine, Open transcribe.Engine
	// Hibari and Espeak speak.
	Hibari, Espeak polly.Engine
	// Model is pocketsphinx's folder, for the times of words.
	Model string
	// Progress is told of long work.
	Progress func(format string, args ...any)
}

// sum adds up what an engine heard.
type sum struct {
	wrong, words, denied      int
	first, stable, final, off []time.Duration
	cpu, spoken               time.Duration
}

// percent is how many of a hundred words are wrong.
func (s sum) percent() float64 { return 100 * float64(s.wrong) / float64(max(1, s.words)) }

// cores is how much of a processor hearing takes while somebody speaks.
func (s sum) cores() float64 { return s.cpu.Seconds() / max(1, s.spoken.Seconds()) }

// Run measures and fills a table.
func (b Bench) Run(t *report.Table) error {
	for _, step := range []func(*report.Table) error{b.people, b.open, b.voices} {
		if err := step(t); err != nil {
			return err
		}
	}
	return nil
}

// people has the engine that casey uses first hear recordings of people.
func (b Bench) people(t *report.Table) error {
	clean, err := b.hear(b.Moonshine, b.Recordings, 0)
	if err != nil {
		return err
	}
	noisy, err := b.hear(b.Moonshine, b.Recordings, 20)
	if err != nil {
		return err
	}
	noisier, err := b.hear(b.Moonshine, b.Recordings, 10)
	if err != nil {
		return err
	}
	t.AtMost("moonshine: words wrong, recordings of people", clean.percent(), mostWrong, "%")
	t.Note("  in pink noise at 20 dB", noisy.percent(), "%")
	t.AtMost("  in pink noise at 10 dB", noisier.percent(), mostWrongInNoise, "%")
	t.AtMost("  processor while somebody speaks", max(clean.cores(), noisier.cores()), mostCPU, "cores")
	t.AtMost("  first partial after the voice begins, p50", report.Percentile(clean.first, 50), latestPartial, "ms")
	t.Note("  p95", report.Percentile(clean.first, 95), "ms")
	for _, x := range []struct {
		what  string
		times []time.Duration
	}{
		{"a word stable after its end", clean.stable}, {"final after the voice ends", clean.final},
		{"a word's time from pocketsphinx' alignment", clean.off},
	} {
		t.Note("  "+x.what+", p50", report.Percentile(x.times, 50), "ms")
		t.Note("  p95", report.Percentile(x.times, 95), "ms")
	}
	t.Note("  recordings of which a stable word was denied", float64(clean.denied), "")
	return nil
}

// open has pocketsphinx hear the same.
func (b Bench) open(t *report.Table) error {
	for below, name := range []string{"pocketsphinx: words wrong, recordings of people", "  in pink noise at 10 dB"} {
		s, err := b.hear(b.Open, b.Recordings, 10*float64(below))
		if err != nil {
			return err
		}
		t.Note(name, s.percent(), "%")
		if below == 0 {
			t.Note("  processor while somebody speaks", s.cores(), "cores")
		}
	}
	return nil
}

// voices has the engine hear the voices of the local Polly.
func (b Bench) voices(t *report.Table) error {
	spoken, cost, err := b.speak(b.Hibari)
	if err != nil {
		return err
	}
	ours, err := b.hear(b.Moonshine, spoken, 0)
	if err != nil {
		return err
	}
	t.AtMost("hibari: words wrong, heard by moonshine", ours.percent(), voiceWrong, "%")
	t.AtMost("  processor for a sentence, p50", report.Percentile(cost, 50), voiceCPU, "ms")
	t.Note("  p95", report.Percentile(cost, 95), "ms")
	if spoken, _, err = b.speak(b.Espeak); err != nil {
		return err
	}
	other, err := b.hear(b.Moonshine, spoken, 0)
	if err != nil {
		return err
	}
	t.Note("espeak-ng: words wrong, heard by moonshine", other.percent(), "%")
	return nil
}

// hear has an engine hear clips, in noise that is so many dB below the voice; 0: in none.
func (b Bench) hear(engine transcribe.Engine, clips []Clip, below float64) (sum, error) {
	var s sum
	for _, clean := range clips {
		clip := clean.Around(500*time.Millisecond, 2500*time.Millisecond)
		if below > 0 {
			clip = clip.Noisy(below)
		}
		h, err := Hear(engine, clip)
		if err != nil {
			return s, err
		}
		said := Plain(clip.Words)
		wrong := Wrong(said, Plain(h.Text))
		b.Progress("%s: %d of %d words wrong: %s", clip.Name, wrong, len(said), h.Text)
		s.wrong, s.words = s.wrong+wrong, s.words+len(said)
		s.cpu, s.spoken = s.cpu+h.CPU, s.spoken+clip.Spoken()
		s.first, s.final = append(s.first, h.First), append(s.final, h.Final)
		s.stable = append(s.stable, h.Stable...)
		s.denied += min(1, h.Denied)
		if below == 0 && b.Model != "" && strings.Contains(clip.Name, ".") {
			words, err := Align(b.Model, clip)
			if err != nil {
				b.Progress("%v", err)
			}
			s.off = append(s.off, Off(words, h)...)
		}
	}
	return s, nil
}

// speak has an engine say the sentences, and returns what each cost.
func (b Bench) speak(engine polly.Engine) (clips []Clip, cost []time.Duration, err error) {
	runtime.LockOSThread() // whose time is measured
	defer runtime.UnlockOSThread()
	for i, sentence := range b.Sentences {
		began := cpu()
		s, err := engine.Speak(sentence, polly.Voice{Name: "Joanna", Engine: "en-us+f3", WordsPerMinute: 150, Pitch: 50}, false)
		if err != nil {
			return nil, nil, fmt.Errorf("say %q: %w", sentence, err)
		}
		cost = append(cost, cpu()-began)
		clips = append(clips, NewClip(fmt.Sprint("sentence ", i+1), sentence, resampled(s.Samples, s.Rate)))
	}
	return clips, cost, nil
}

// resampled is a sound at Rate, straight between its samples.
func resampled(samples []int16, rate int) []int16 {
	out := make([]int16, len(samples)*Rate/cmp.Or(rate, Rate))
	for i := range out {
		at := float64(i) * float64(rate) / Rate
		low := int(at)
		u := at - float64(low)
		out[i] = int16(float64(samples[low])*(1-u) + float64(samples[min(low+1, len(samples)-1)])*u)
	}
	return out
}
