package hibari

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gonum.org/v1/gonum/dsp/fourier"

	"casey.internal/cdk/local/aws/engines"
	"casey.internal/cdk/local/aws/polly"
	"casey.internal/cdk/local/aws/polly/espeak"
)

var joanna = polly.Voice{Name: Speaks, Engine: "en-us+f3", WordsPerMinute: 150, Pitch: 50}

// wheels are the unpacked ones, without which there is nothing to test.
func wheels(t *testing.T) (hibari, moonshine string) {
	t.Helper()
	folder, err := engines.Folder()
	if err != nil {
		t.Skip(err)
	}
	hibari, err = engines.Hibari.In(folder)
	if err != nil {
		t.Skip(err)
	}
	moonshine, err = engines.Moonshine.In(folder)
	if err != nil {
		t.Skip(err)
	}
	return hibari, moonshine
}

func engine(t *testing.T) *Engine {
	t.Helper()
	speller, err := espeak.New()
	if err != nil {
		t.Fatal(err)
	}
	wheel, runtime := wheels(t)
	e, err := New(wheel, runtime, speller, speller)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func speak(t *testing.T, e *Engine, text string, ssml bool) polly.Speech {
	t.Helper()
	s, err := e.Speak(text, joanna, ssml)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// of are the events of a kind.
func of(s polly.Speech, k polly.EventKind) []polly.Event {
	return slices.DeleteFunc(slices.Clone(s.Events), func(e polly.Event) bool { return e.Kind != k })
}

// level is the loudness of a stretch in dB.
func level(samples []int16) float64 {
	sum := 1.0
	for _, x := range samples {
		sum += float64(x) * float64(x)
	}
	return 10 * math.Log10(sum/float64(max(1, len(samples))))
}

func TestEventsAreInTheTextAndInTheSound(t *testing.T) {
	const text = "Well, tell me about the 25 projects that you're proud of at Dr. Smith's lab. Really?"
	s := speak(t, engine(t), text, false)
	if !slices.IsSortedFunc(s.Events, func(a, b polly.Event) int { return a.Sample - b.Sample }) || s.Events[len(s.Events)-1].Sample > len(s.Samples) {
		t.Errorf("events %+v of %d samples", s.Events, len(s.Samples))
	}
	var words []string
	for _, e := range of(s, polly.WordBegins) {
		words = append(words, string([]rune(text)[e.Character:e.Character+e.Characters]))
	}
	if got, want := strings.Join(words, " "), "Well tell me about the 25 projects that you're proud of at Dr Smith's lab Really"; got != want {
		t.Errorf("words %q", got)
	}
	if begun := of(s, polly.SentenceBegins); len(begun) != 2 || begun[0].Character != 0 || begun[1].Character != strings.Index(text, "Really") {
		t.Errorf("sentences %+v", begun)
	}
	if first := s.Events[0].Sample; first < Rate/100 || first > Rate/10 {
		t.Errorf("the first sound is %d samples late", first)
	}
}

// TestVisemesAreWhereTheSoundIs checks times against the sound: hissing where an s begins, quiet
// where a pause does, voice before it.
func TestVisemesAreWhereTheSoundIs(t *testing.T) {
	e := engine(t)
	var off []time.Duration
	for _, text := range []string{"I see six sad sisters.", "This system is so slow, it stops.", "Ask us, Susan. Some say so."} {
		s := speak(t, e, text, false)
		hiss := hissing(s.Samples)
		sounds := of(s, polly.SoundBegins)
		for i, x := range sounds {
			if x.Name != "s" || i > 0 && strings.ContainsAny(sounds[i-1].Name, "szʃʒtdθð") {
				continue
			}
			off = append(off, nearestRise(hiss, time.Duration(x.Sample)*time.Second/Rate))
		}
	}
	slices.Sort(off)
	p95 := off[len(off)*95/100]
	t.Logf("%d begin of s, off by %v to %v, 95 of 100 at most %v", len(off), off[0], off[len(off)-1], p95)
	if len(off) < 12 || p95 > 40*time.Millisecond {
		t.Errorf("%d, p95 %v", len(off), p95)
	}
}

// slot is the step in which hissing is looked for.
const slot = 5 * time.Millisecond

// hissing is the share of what is above 4 kHz, for each slot.
func hissing(samples []int16) []bool {
	const n = 256
	fft := fourier.NewFFT(n)
	var all []bool
	for at := 0; at+n <= len(samples); at += int(slot * Rate / time.Second) {
		block := make([]float64, n)
		for i := range block {
			block[i] = float64(samples[at+i]) * (0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/n))
		}
		low, high := 1.0, 0.0
		for k, c := range fft.Coefficients(nil, block) {
			p := real(c)*real(c) + imag(c)*imag(c)
			if k*Rate/n > 4000 {
				high += p
			} else {
				low += p
			}
		}
		all = append(all, high > low && high > 1e6)
	}
	return all
}

// nearestRise is how far from a time hissing begins; a second where it does not.
func nearestRise(hiss []bool, at time.Duration) time.Duration {
	best := time.Second
	for i := 1; i < len(hiss); i++ {
		if hiss[i] && !hiss[i-1] {
			middle := time.Duration(i)*slot + 128*time.Second/Rate // of the block that shows it
			best = min(best, (middle - at).Abs())
		}
	}
	return best
}

func TestBreaksAreQuietAndMarksAreTold(t *testing.T) {
	const text = `<speak>Good morning. <break time="800ms"/> Why <mark name="here"/>the <emphasis>hour &amp; water</emphasis>?<break strength="strong"/></speak>`
	s := speak(t, engine(t), text, true)
	with := len(s.Samples)
	without := len(speak(t, engine(t), strings.NewReplacer(`<break time="800ms"/>`, "", `<break strength="strong"/>`, "").Replace(text), true).Samples)
	if with-without != Rate*14/10 {
		t.Errorf("breaks are %d samples", with-without)
	}
	marks := of(s, polly.MarkReached)
	if len(marks) != 1 || marks[0].Name != "here" || marks[0].Sample <= with/2 {
		t.Errorf("marks %+v", marks)
	}
	end := s.Samples[with-Rate*6/10:]
	if l := level(end); l > 0 {
		t.Errorf("a break at the end has %.0f dB", l)
	}
	words := of(s, polly.WordBegins)
	if last := words[len(words)-1]; text[last.Character:last.Character+last.Characters] != "water" {
		t.Errorf("words %+v", words)
	}
}

func TestNothingToSayIsNothing(t *testing.T) {
	e := engine(t)
	for text, ssml := range map[string]bool{"...": false, "<speak></speak>": true, "“ ”": false, " ": false} {
		if s := speak(t, e, text, ssml); len(s.Samples) > 0 {
			t.Errorf("%q has %d samples", text, len(s.Samples))
		}
	}
	if s := speak(t, e, `<speak><break time="3000s"/></speak>`, true); len(s.Samples) != int(longestBreak*Rate/time.Second) {
		t.Errorf("the longest break is %d samples", len(s.Samples))
	}
}

func TestALongSentenceIsSpokenWhole(t *testing.T) {
	e := engine(t)
	text := strings.Repeat("and then we looked at the numbers again ", 30)
	s := speak(t, e, text, false)
	if words := of(s, polly.WordBegins); len(words) != 240 {
		t.Errorf("%d words", len(words))
	}
	if length := time.Duration(len(s.Samples)) * time.Second / Rate; length < 40*time.Second || length > 2*time.Minute {
		t.Errorf("it takes %v", length)
	}
}

func TestAllSpeakAtOnceAndAlike(t *testing.T) {
	e := engine(t)
	want := speak(t, e, "What did you do then?", false).Samples
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if got := speak(t, e, "What did you do then?", false).Samples; !slices.Equal(got, want) {
				t.Error("it sounds different")
			}
		})
	}
	all.Wait()
}

// parrot is another engine.
type parrot struct{}

func (parrot) Speak(string, polly.Voice, bool) (polly.Speech, error) {
	return polly.Speech{Rate: 7}, nil
}

func TestOtherVoicesAreOthers(t *testing.T) {
	e := &Engine{others: parrot{}}
	if s, err := e.Speak("Hello.", polly.Voice{Name: "Matthew"}, false); err != nil || s.Rate != 7 {
		t.Errorf("%+v, %v", s, err)
	}
}

// spells spells every word as itself.
type spells struct{}

func (spells) Phonemes(text string, _ polly.Voice) (string, error) {
	if text == "xyzzy" {
		return "", errors.New("no voice")
	}
	return "t^ʃ" + text, nil
}

func TestWordsAreSaidByTheLexiconAndByWhatFollows(t *testing.T) {
	l := &lexicon{speller: spells{}, words: map[string]string{
		"hour": "ˈWəɹ", "better": "bˈɛɾəɹ", "button": "bˈʌʔn", "English": "ˈɪŋɡlɪʃ", "A": "ˈA", "W": "dˈʌbᵊlju", "S": "ˈɛs", "don't": "dˈOnt", "self": "sˈɛlf",
	}}
	for _, try := range []struct{ word, next, want string }{
		{"the", "hour", "ði"}, {"The", "button", "ðə"}, {"the", "", "ðə"}, {"a", "button", "ɐ"}, {"A", "", "ˈA"},
		{"to", "hour", "tʊ"}, {"to", "button", "tə"}, {"to", "", "tu"}, {"in", "hour", "ɪn"},
		{"better", "", "bˈɛTəɹ"}, {"button", "", "bˈʌtn"}, {"Better", "", "bˈɛTəɹ"}, {"don’t", "", "dˈOnt"},
		{"AWS", "", "ˈA dˈʌbᵊlju ˈɛs"}, {"zorb", "", "ʧzɔrb"}, {"better-self", "", "bˈɛTəɹ sˈɛlf"},
	} {
		got, err := l.say(try.word, try.next)
		got = strings.ReplaceAll(got, "ɹb", "rb")
		if err != nil || got != try.want {
			t.Errorf("%s %s: %q, %v, want %q", try.word, try.next, got, err, try.want)
		}
	}
	if _, err := l.say("xyzzy", ""); err == nil {
		t.Error("nobody can say it")
	}
}

func TestBrokenWheelsAreRefusedInASentence(t *testing.T) {
	wheel, runtime := wheels(t)
	const model, alphabet, words = "hibari/assets/hibari.onnx", "hibari/assets/vocab.json", "hibari/assets/lexicon_us_gold.json.gz"
	for name, try := range map[string]struct {
		file string
		harm func(string) error
		want string
	}{
		"no model":       {model, os.Remove, "read the voice's model"},
		"half a model":   {model, func(f string) error { return os.Truncate(f, 1<<20) }, "load the voice's model"},
		"no alphabet":    {alphabet, os.Remove, "read the voice's alphabet"},
		"half a lexicon": {words, func(f string) error { return os.Truncate(f, 1<<16) }, "read lexicon"},
	} {
		broken := t.TempDir()
		if err := os.CopyFS(broken, os.DirFS(wheel)); err != nil {
			t.Fatal(err)
		}
		if err := try.harm(filepath.Join(broken, try.file)); err != nil {
			t.Fatal(err)
		}
		if _, err := New(broken, runtime, spells{}, parrot{}); err == nil || !strings.Contains(err.Error(), try.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New(wheel, t.TempDir(), spells{}, parrot{}); err == nil || !strings.Contains(err.Error(), "no ONNX Runtime") {
		t.Errorf("no runtime: %v", err)
	}
}

func FuzzTokens(f *testing.F) {
	f.Add("Well, Dr. Smith's 3.5% <b>is</b> 1,000 & more…", false)
	f.Add(`<speak>a<break time="2s"/>b &amp; c<mark name='x'/></speak>`, true)
	f.Fuzz(func(t *testing.T, text string, ssml bool) {
		runes, last := len([]rune(text)), 0
		for _, x := range tokens(text, ssml) {
			if x.at < last || x.at+x.size > runes || x.pause < 0 || x.pause > longestBreak {
				t.Fatalf("%+v after %d of %d characters", x, last, runes)
			}
			last = x.at + x.size
		}
	})
}
