package e2e

import (
	"cmp"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/polly"
	"github.com/aws/aws-sdk-go-v2/service/polly/types"

	"casey.internal/cdk/local"
	"casey.internal/cdk/local/aws/bedrock/rules"
	"casey.internal/cdk/local/aws/standin/standintest"
	"casey.internal/cdk/local/aws/transcribe/keep"
	"casey.internal/cdk/measure/ears"
	"casey.internal/cdk/verify/browser"
	"casey.internal/worker/interviewer"
)

const (
	wrongInFree   = 10 // percent of a candidate's words, at most
	heardInPlayed = 97 // percent of the interviewer's words, at least
)

// TestFreeSpeech is what somebody meets who tries casey without AWS: the ear, the
// voice and the rules that `make run` starts, and speech that is in no vocabulary.
func TestFreeSpeech(t *testing.T) {
	long(t)
	turns := free(t)
	relay := startRelay(t)
	kept := t.TempDir()
	stack := start(t, local.Config{WorkerEnv: relay.env(), Record: kept})
	p := attend(t, browser.Options{Alone: true})
	visit(p.Page, stack, "interview=coach&probe=1")
	i := &conversing{person: p, relay: relay}
	i.greeting()
	for _, said := range turns {
		i.answer(said)
		i.takesUp(said)
		i.keepsTo("coach")
	}
	i.end()
	i.t.Logf("%d of %d words were captioned wrong: %.1f %%", i.wrong, len(i.spoken), 100*float64(i.wrong)/float64(len(i.spoken)))
	if 100*i.wrong > wrongInFree*len(i.spoken) {
		t.Error("too many words were captioned wrong")
	}
	i.checkVoice(heardInPlayed)
	p.Close()
	stack.Stop()
	i.checkKept(kept)
}

// checkKept is that `make run ARGS=-record` keeps the stream, with as few mistakes as
// the captions had.
func (i *conversing) checkKept(folder string) {
	i.t.Helper()
	all, err := keep.Recordings(folder)
	if err != nil {
		i.t.Fatal(err)
	}
	var heard []string
	for _, r := range all {
		heard = append(heard, r.Heard)
		info, err := os.Stat(filepath.Join(folder, r.Name+".wav"))
		if err != nil || info.Size() < 2*rate*10 {
			i.t.Errorf("%s has no sound of ten seconds: %v", r.Name, err)
		}
	}
	wrong := ears.Wrong(i.spoken, ears.Plain(strings.Join(heard, " ")))
	i.t.Logf("%d streams were kept, with %d words wrong", len(all), wrong)
	if wrong > i.wrong+2 {
		i.t.Errorf("kept is %q", heard)
	}
}

// free are at least three turns of free speech: of people, where there are recordings,
// or of the local voice.
func free(t *testing.T) [][]sentence {
	if turns := people(t); len(turns) >= 3 {
		for _, said := range turns { // who ends with a question is answered, not taken up
			slices.SortStableFunc(said, func(a, b sentence) int {
				return cmp.Compare(strings.Index(b.words, "what"), strings.Index(a.words, "what"))
			})
		}
		return turns
	}
	speak := newSpeaker(t)
	var turns [][]sentence
	for _, text := range []string{
		"I spent four years in a small bakery where I planned the shifts and ordered the flour.",
		"Once the oven broke on a Saturday morning, so I asked the neighbours to lend us theirs.",
		"It was hard because nobody had slept, and I had to decide which customers would wait.",
	} {
		turns = append(turns, []sentence{{plain(text), "hibari", speak(text)}})
	}
	return turns
}

// newSpeaker returns the local voice.
func newSpeaker(t *testing.T) func(text string) sound {
	t.Helper()
	voice := polly.NewFromConfig(standintest.Start(t, "-voice", "hibari").Config(t))
	return func(text string) sound {
		t.Helper()
		out, err := voice.SynthesizeSpeech(t.Context(), &polly.SynthesizeSpeechInput{
			Text: &text, OutputFormat: types.OutputFormatPcm, SampleRate: new("16000"), VoiceId: types.VoiceIdJoanna, Engine: types.EngineNeural,
		})
		if err != nil {
			t.Fatal(err)
		}
		samples, err := io.ReadAll(out.AudioStream)
		if err := errors.Join(err, out.AudioStream.Close()); err != nil {
			t.Fatal(err)
		}
		return decode(samples)
	}
}

// takesUp is that the last reply, without its question, has a word of the answer.
func (i *conversing) takesUp(said []sentence) {
	i.t.Helper()
	last := i.replies[len(i.replies)-1]
	reply, _ := last.said()
	i.t.Logf("to %q: %q", turnWords(said), reply)
	words := strings.Fields(plain(last.lines[0].Text))
	if !slices.ContainsFunc(wordsOf(strings.Join(turnWords(said), " ")), func(w string) bool { return len(w) > 3 && slices.Contains(words, w) }) {
		i.t.Errorf("%q takes up nothing of %q", reply, turnWords(said))
	}
}

// keepsTo is that the last reply asks a question of the phase that the page is in,
// or one that the interview's guidance allows.
func (i *conversing) keepsTo(name string) {
	i.t.Helper()
	file, err := interviewer.BuiltIn().Find(name)
	if err != nil {
		i.t.Fatal(err)
	}
	phase := file.Phases[browser.Value[int](i.Page, `caseyLog.findLast(e => e.name === "phase").event.index`)-1]
	allowed := slices.Concat(phase.Questions, rules.FollowUps)
	asked := 0
	for _, line := range i.replies[len(i.replies)-1].lines {
		known := slices.ContainsFunc(allowed, func(q string) bool { return strings.HasSuffix(q, line.Text) })
		if known || strings.HasSuffix(line.Text, "?") {
			asked++
		}
		if !known && strings.HasSuffix(line.Text, "?") {
			i.t.Errorf("%q is no question of phase %q", line.Text, phase.Name)
		}
	}
	if asked == 0 {
		i.t.Error("nothing is asked")
	}
}
