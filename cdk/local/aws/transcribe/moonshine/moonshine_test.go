package moonshine

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"casey.internal/cdk/local/aws/engines"
	"casey.internal/cdk/local/aws/transcribe"
	"casey.internal/cdk/local/aws/transcribe/transcript"
)

const quiet = 1100 * time.Millisecond

// wheel is the unpacked wheel, without which there is nothing to test.
func wheel(t *testing.T) string {
	t.Helper()
	folder, err := engines.Folder()
	if err != nil {
		t.Skip(err)
	}
	place, err := engines.Moonshine.In(folder)
	if err != nil {
		t.Skip(err)
	}
	return place
}

// engine hears on a machine to which hearing is nothing, so that it hears the same each time.
func engine(t *testing.T, quiet time.Duration) *Engine {
	t.Helper()
	e, err := NewEngine(Config{
		Wheel: wheel(t), Quiet: quiet, Denied: func() {}, Behind: func(by time.Duration) { t.Error("behind by", by) },
		Failed: func(err error) { t.Log(err) }, Now: func() time.Time { return time.Unix(0, 0) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

// speech is text in espeak-ng's voice, at Rate.
func speech(t *testing.T, text string) []int16 {
	t.Helper()
	wav, err := exec.CommandContext(t.Context(), "espeak-ng", "-v", "en-us", "-s", "140", "--stdout", text).Output()
	if err != nil {
		t.Fatal(err)
	}
	sox := exec.CommandContext(t.Context(), "sox", strings.Fields("-R -t wav - -t raw -r 16000 -e signed -b 16 -c 1 -")...)
	sox.Stdin = strings.NewReader(string(wav))
	raw, err := sox.Output()
	if err != nil {
		t.Fatal(err)
	}
	samples := make([]int16, len(raw)/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(raw[2*i:]))
	}
	return samples
}

// silence is so much digital silence.
func silence(d time.Duration) []int16 { return make([]int16, d*Rate/time.Second) }

// heard is a result, and how much of the audio had been heard when it came.
type heard struct {
	transcript.Result
	at time.Duration
}

// hear plays samples in pieces of 50 ms.
func hear(t *testing.T, e *Engine, samples []int16) []heard {
	t.Helper()
	ear, err := e.Open(transcribe.Settings{Encoding: "pcm", Rate: Rate, Stability: "high"})
	if err != nil {
		t.Fatal(err)
	}
	defer ear.Close()
	var all []heard
	at := time.Duration(0)
	for piece := range slices.Chunk(samples, Rate/20) {
		var b []byte
		for _, s := range piece {
			b = binary.LittleEndian.AppendUint16(b, uint16(s))
		}
		at += time.Duration(len(piece)) * time.Second / Rate
		results, err := ear.Hear(b)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			all = append(all, heard{r, at})
		}
	}
	for _, r := range ear.End() {
		all = append(all, heard{r, at})
	}
	return all
}

// finals are the texts of what is final, in small letters and without marks.
func finals(all []heard) []string {
	var texts []string
	for _, h := range all {
		if !h.IsPartial {
			var words []string
			for _, w := range split(h.Alternatives[0].Transcript) {
				words = append(words, w.plain())
			}
			texts = append(texts, strings.Join(words, " "))
		}
	}
	return texts
}

func TestTwoSentencesAreTwoResults(t *testing.T) {
	const one, other = "We measured how long each request was taking.", "I made a mistake and deleted the wrong table."
	all := hear(t, engine(t, quiet), slices.Concat(silence(500*time.Millisecond), speech(t, one), silence(2*time.Second), speech(t, other), silence(2*time.Second)))
	got := finals(all)
	want := []string{"we measured how long each request was taking", "i made a mistake and deleted the wrong table"}
	if len(got) != 2 || distance(got[0], want[0]) > espeaks || distance(got[1], want[1]) > espeaks {
		t.Errorf("heard %q", got)
	}
	promises(t, all)
}

// espeaks is how many words of a sentence may be wrong: espeak-ng's voice is hard to understand.
// How well people are understood, `make bench-ears` measures.
const espeaks = 4

// distance is how many words differ.
func distance(a, b string) int {
	_, d := nearest(split(a), append(split(b), split(strings.Repeat("end ", 3))...))
	return d
}

// promises are what clients of Transcribe rely on, whatever was said.
func promises(t *testing.T, all []heard) {
	t.Helper()
	stable, last := map[string][]string{}, time.Duration(-1)
	for _, h := range all {
		if h.IsPartial {
			if h.at-last < step {
				t.Errorf("partial results %v and %v", last, h.at)
			}
			last = h.at
		}
		at := 0.0
		var words []string
		for _, item := range h.Alternatives[0].Items {
			if item.StartTime < at-1e-6 || item.EndTime < item.StartTime || item.EndTime > h.at.Seconds() {
				t.Errorf("%v: %s is from %.2f to %.2f, after %.2f", h.at, item.Content, item.StartTime, item.EndTime, at)
			}
			at = item.StartTime
			if item.Type == transcript.Pronunciation && *item.Stable {
				words = append(words, item.Content)
			}
		}
		if before := stable[h.ResultID]; len(words) < len(before) || !slices.Equal(before, words[:len(before)]) {
			t.Errorf("%v: %q were stable, now %q", h.at, before, words)
		}
		stable[h.ResultID] = words
	}
}

func TestFinalsComeAsLateAsIsAskedFor(t *testing.T) {
	for _, delay := range []time.Duration{100 * time.Millisecond, quiet, 2 * time.Second} {
		all := hear(t, engine(t, delay), slices.Concat(silence(time.Second), speech(t, "I read the logs and noticed a strange pattern."), silence(3*time.Second)))
		if len(all) == 0 || all[len(all)-1].IsPartial {
			t.Fatalf("%v: heard %+v", delay, all)
		}
		last := all[len(all)-1]
		late := last.at - time.Duration(last.EndTime*float64(time.Second))
		// The library itself waits for as long as half a second, and is asked every 300 ms.
		if late < delay || late > max(delay, 600*time.Millisecond)+600*time.Millisecond {
			t.Errorf("final %v after the last word, want %v", late, delay)
		}
	}
}

func TestSilenceAndNoisesAreNothing(t *testing.T) {
	e := engine(t, quiet)
	random := rand.New(rand.NewPCG(1, 2))
	hiss := silence(6 * time.Second)
	for i := range hiss {
		hiss[i] = int16(300 * random.NormFloat64())
	}
	clicks := silence(6 * time.Second)
	for at := Rate; at < len(clicks); at += Rate {
		for i := range Rate / 20 {
			clicks[at+i] = int16(8000 * random.NormFloat64() * float64(Rate/20-i) / (Rate / 20))
		}
	}
	for name, samples := range map[string][]int16{"silence": silence(40 * time.Second), "hiss": hiss, "clicks": clicks} {
		for _, h := range hear(t, e, samples) {
			t.Errorf("%s: %+v", name, h)
		}
	}
}

// TestSeveralSpeakAtTheSameTime hears different people at once, each in a stream of its own.
func TestSeveralSpeakAtTheSameTime(t *testing.T) {
	e := engine(t, quiet)
	said := []string{"the database was too slow", "i made a mistake and deleted the wrong table", "we had three other people in the team"}
	sounds := make([][]int16, len(said))
	for i, text := range said {
		sounds[i] = slices.Concat(silence(500*time.Millisecond), speech(t, text), silence(2*time.Second))
	}
	var all sync.WaitGroup
	for i, text := range said {
		all.Go(func() {
			got := strings.Join(finals(hear(t, e, sounds[i])), " ")
			if distance(got, text) > espeaks {
				t.Errorf("heard %q for %q", got, text)
			}
		})
	}
	all.Wait()
}

// TestAMachineThatIsTooSlowSaysSo has an ear that comes later and later, and then has nothing to
// do.
func TestAMachineThatIsTooSlowSaysSo(t *testing.T) {
	var p pace
	at := time.Unix(0, 0)
	var told []time.Duration
	hears := func(took, waits time.Duration) {
		came := at.Add(waits)
		p.came(came)
		at = came.Add(took)
		if by := p.done(came, at, 100*time.Millisecond); by > 0 {
			told = append(told, by)
		}
	}
	for range 10 {
		hears(90*time.Millisecond, 0)
	}
	if p.behind() || len(told) > 0 {
		t.Errorf("behind %v, told %v while it keeps up", p.debt, told)
	}
	for range 30 {
		hears(200*time.Millisecond, 0)
	}
	if !p.behind() || len(told) != 1 || told[0] < alarming {
		t.Errorf("behind %v, told %v", p.debt, told)
	}
	p.looked(time.Second, 10*time.Millisecond)
	if p.next < time.Second+alarming {
		t.Errorf("looks at %v again", p.next)
	}
	hears(50*time.Millisecond, 50*time.Millisecond)
	if p.behind() {
		t.Errorf("behind %v although it waited", p.debt)
	}
	p.looked(10*time.Second, 400*time.Millisecond)
	if p.next != 10*time.Second+800*time.Millisecond {
		t.Errorf("looks at %v after a look of 400 ms", p.next)
	}
}

// TestBrokenWheels has what is refused in a sentence. What was cut off is found by package engines
// before: to load half a library ends the process.
func TestBrokenWheels(t *testing.T) {
	whole := wheel(t)
	const library, model = "moonshine_voice/libmoonshine.so", "moonshine_voice/assets/tiny-en/encoder_model.ort"
	for name, try := range map[string]struct {
		file   string
		change func(file string) error
		want   string
	}{
		"no library":        {library, os.Remove, "load moonshine's library: "},
		"no ELF file":       {library, func(f string) error { return os.WriteFile(f, []byte("<html>"), 0o600) }, "load moonshine's library: "},
		"no functions":      {library, func(f string) error { return errors.Join(os.Remove(f), os.Symlink(someLibrary(t), f)) }, "load moonshine's library: "},
		"no model":          {model, os.Remove, "load moonshine's model"},
		"half a model":      {model, func(f string) error { return os.Truncate(f, 1<<20) }, "load moonshine's model"},
		"a model of a page": {model, func(f string) error { return os.WriteFile(f, []byte("<html>"), 0o600) }, "load moonshine's model"},
	} {
		t.Run(name, func(t *testing.T) {
			broken := t.TempDir()
			if err := os.CopyFS(broken, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			if err := try.change(filepath.Join(broken, try.file)); err != nil {
				t.Fatal(err)
			}
			e, err := NewEngine(Config{Wheel: broken})
			if err == nil {
				e.Close()
			}
			if err == nil || !strings.Contains(err.Error(), try.want) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// someLibrary is one that has none of Moonshine's functions.
func someLibrary(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob("/lib/*-linux-gnu/libm.so.6")
	if err != nil || len(found) == 0 {
		t.Skip("no libm.so.6")
	}
	return found[0]
}

// fickle understands a word each half second of audio, and fails at a look.
type fickle struct {
	heard time.Duration
	fails time.Duration
}

func (f *fickle) add(samples []float32) error {
	f.heard += time.Duration(len(samples)) * time.Second / Rate
	return nil
}

func (f *fickle) look() ([]line, error) {
	if f.heard >= f.fails {
		return nil, errors.New("nothing is in the line")
	}
	n := int(f.heard / (500 * time.Millisecond))
	if n == 0 {
		return nil, nil
	}
	return []line{{text: strings.Repeat("word ", n), end: f.heard}}, nil
}

func (f *fickle) stop() error { return nil }
func (f *fickle) close()      {}

// TestWhatTheLibraryFailsAtIsNotLost has it fail in the middle of a sentence, and at the end.
func TestWhatTheLibraryFailsAtIsNotLost(t *testing.T) {
	failures, begun := 0, 0
	e := &Engine{config: Config{Quiet: quiet, Now: time.Now, Denied: func() { t.Error("denied") }, Failed: func(error) { failures++ }}}
	ear := &Ear{engine: e, stability: "high", begin: func() (listener, error) {
		begun++
		return &fickle{fails: 2050 * time.Millisecond}, nil
	}}
	if err := ear.listen(nil); err != nil {
		t.Fatal(err)
	}
	loud := make([]float32, block)
	for i := range loud {
		loud[i] = float32(i%2) / 4
	}
	var got []heard
	for range 30 {
		results, err := ear.hear(loud)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			got = append(got, heard{Result: r})
		}
	}
	ear.stream = &fickle{}
	for _, r := range ear.End() {
		got = append(got, heard{Result: r})
	}
	if texts := finals(got); failures != 2 || begun != 2 || !slices.Equal(texts, []string{"word word word word", "word word"}) {
		t.Errorf("%d failures, %d streams, heard %q", failures, begun, texts)
	}
}

// TestADeniedWordIsCounted has an utterance that takes back what was stable.
func TestADeniedWordIsCounted(t *testing.T) {
	var denied atomic.Int32
	e := &Engine{config: Config{Denied: func() { denied.Add(1) }}}
	ear := &Ear{engine: e, utterance: newUtterance("high")}
	ear.utterance.stable = timed("I'd less to be")
	ear.loudness.levels = slices.Concat(slices.Repeat([]float64{-80}, 50), slices.Repeat([]float64{-20}, 200), slices.Repeat([]float64{-80}, 50))
	got := ear.finish([]line{{text: "Unless to be rather cold.", start: 400 * time.Millisecond, end: 2600 * time.Millisecond, complete: true}})
	if len(got) != 1 || got[0].Alternatives[0].Transcript != "I'd less to be rather cold." || denied.Load() != 1 {
		t.Errorf("%+v, denied %d", got, denied.Load())
	}
}
