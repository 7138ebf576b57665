package standin_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/polly"
	"github.com/aws/aws-sdk-go-v2/service/polly/types"
	"github.com/aws/smithy-go"

	"casey.internal/cdk/local/aws/control"
	"casey.internal/cdk/local/aws/oggopus"
	mark "casey.internal/cdk/local/aws/polly"
)

func speech(text string, format types.OutputFormat) *polly.SynthesizeSpeechInput {
	return &polly.SynthesizeSpeechInput{Text: &text, OutputFormat: format, VoiceId: types.VoiceIdJoanna, Engine: types.EngineNeural}
}

// synthesise returns the body of a call.
func synthesise(t *testing.T, s *stand, in *polly.SynthesizeSpeechInput) []byte {
	t.Helper()
	out, err := s.voice().SynthesizeSpeech(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(out.AudioStream)
	if err := errors.Join(err, out.AudioStream.Close()); err != nil {
		t.Fatal(err)
	}
	return body
}

func code(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode()
	}
	return ""
}

func TestPageLayouts(t *testing.T) {
	for _, try := range []struct {
		name, page string
		perPage    int // packets on the fullest page
	}{{"short", "20ms", 1}, {"usual", "0", 50}} {
		t.Run(try.name, func(t *testing.T) {
			s := start(t, "-canned", "-polly-page", try.page)
			ogg := synthesise(t, s, speech(answer, types.OutputFormatOggOpus))
			var reader oggopus.Reader
			samples, fullest := 0, 0
			for piece := range bytes.SplitAfterSeq(ogg, []byte("OggS")) { // cuts within pages: the reader does not mind
				packets, err := reader.Push(piece)
				if err != nil {
					t.Fatal(err)
				}
				fullest = max(fullest, len(packets))
				for _, p := range packets {
					samples += oggopus.Samples(p)
				}
			}
			if fullest != try.perPage {
				t.Errorf("%d packets on the fullest page, want %d", fullest, try.perPage)
			}
			if seconds := samples / 48000; seconds < 2 || seconds > 6 {
				t.Errorf("%d seconds of audio", seconds)
			}
		})
	}
}

func TestWhatIsSpokenIsHeard(t *testing.T) {
	s := start(t)
	for name, format := range map[string]types.OutputFormat{"ogg": types.OutputFormatOggOpus, "mp3": types.OutputFormatMp3, "raw": types.OutputFormatPcm} {
		t.Run(name, func(t *testing.T) {
			audio := synthesise(t, s, speech(answer, format))
			tr := transcribe(t.Context(), s, pcmInput(), decode(t, audio, name), 3200)
			if tr.err != nil || tr.text() != answer {
				t.Errorf("heard %q, %v", tr.text(), tr.err)
			}
		})
	}
}

// decode returns Polly's audio as 16 kHz PCM.
func decode(t *testing.T, audio []byte, kind string) []byte {
	t.Helper()
	decoders := map[string]string{"ogg": "opusdec --quiet --force-wav - -", "mp3": "lame --quiet --mp3input --decode - -"}
	from := "raw -r 16000 -c 1 -b 16 -e signed"
	if command, ok := decoders[kind]; ok {
		audio, from = pipe(t, bytes.NewReader(audio), strings.Fields(command)...), "wav"
	}
	return sox(t, bytes.NewReader(audio), "--ignore-length -t "+from+" - -t raw -r 16000 -c 1 -b 16 -e signed - pad 0.3 1.6")
}

func TestMarksPointIntoTheText(t *testing.T) {
	s := start(t, "-canned")
	said := map[types.VoiceId]string{}
	for _, c := range []struct {
		voice       types.VoiceId
		text        string
		words, most int
	}{
		{types.VoiceIdJoanna, "Über 25 people — that is a lot. Is it “enough”?", 9, 12},
		{types.VoiceIdVicki, "Grüße, ich möchte schöne Bücher über Chöre. Und Sie?", 9, 9},
		{types.VoiceIdDaniel, "Grüße, ich möchte schöne Bücher über Chöre. Und Sie?", 9, 9},
		{types.VoiceIdJoanna, "Grüße, ich möchte schöne Bücher über Chöre. Und Sie?", 9, 9},
		{types.VoiceIdLucia, "El niño lleva agua a la cigüeña. ¿Por qué?", 9, 9},
		{types.VoiceIdSergio, "El niño lleva agua a la cigüeña. ¿Por qué?", 9, 9},
	} {
		visemes, kinds := marksOf(t, s, c.voice, c.text)
		if kinds["sentence"] != 2 || kinds["word"] < c.words || kinds["word"] > c.most || kinds["viseme"] < 20 {
			t.Errorf("%s: marks %v", c.voice, kinds)
		}
		said[c.voice] = visemes
	}
	if said[types.VoiceIdVicki] != said[types.VoiceIdDaniel] || said[types.VoiceIdVicki] == said[types.VoiceIdJoanna] {
		t.Errorf("German is said as %s and %s, and by an English voice as %s", said[types.VoiceIdVicki], said[types.VoiceIdDaniel], said[types.VoiceIdJoanna])
	}
}

// marksOf has a voice say a text of two sentences, and returns its visemes and how many
// marks there are of each kind.
func marksOf(t *testing.T, s *stand, voice types.VoiceId, text string) (visemes string, kinds map[string]int) {
	t.Helper()
	in := speech(text, types.OutputFormatJson)
	in.VoiceId = voice
	in.SpeechMarkTypes = []types.SpeechMarkType{types.SpeechMarkTypeSentence, types.SpeechMarkTypeWord, types.SpeechMarkTypeViseme}
	last, lastViseme := 0, ""
	kinds = map[string]int{}
	for line := range bytes.Lines(synthesise(t, s, in)) {
		var m mark.Mark
		if err := json.Unmarshal(line, &m); err != nil {
			t.Fatal(err)
		}
		kinds[m.Type]++
		if m.Time < last {
			t.Errorf("%s goes back to %d ms from %d", line, m.Time, last)
		}
		last = m.Time
		if m.Type == "viseme" {
			lastViseme = m.Value
			visemes += " " + m.Value
			continue
		}
		if m.Start == nil || m.End == nil || text[*m.Start:*m.End] != m.Value {
			t.Errorf("offsets of %s do not fit", line)
		}
	}
	if lastViseme != "sil" {
		t.Errorf("the last viseme is %q", lastViseme)
	}
	return visemes, kinds
}

func TestPollyRefusesWhatAWSRefuses(t *testing.T) {
	s := start(t, "-canned")
	long := speech(strings.Repeat("word ", 601), types.OutputFormatMp3)
	marked := speech(answer, types.OutputFormatMp3)
	marked.SpeechMarkTypes = []types.SpeechMarkType{types.SpeechMarkTypeWord}
	slow := speech(answer, types.OutputFormatOggOpus)
	slow.SampleRate = aws.String("24000")
	nobody := speech(answer, types.OutputFormatMp3)
	nobody.VoiceId = "Nobody"
	broken := speech("<speak>no end", types.OutputFormatMp3)
	broken.TextType = types.TextTypeSsml
	for want, in := range map[string]*polly.SynthesizeSpeechInput{
		"TextLengthExceededException":         long,
		"MarksNotSupportedForFormatException": marked,
		"InvalidSampleRateException":          slow,
		"ValidationException":                 nobody,
		"InvalidSsmlException":                broken,
	} {
		if _, err := s.voice().SynthesizeSpeech(t.Context(), in); code(err) != want {
			t.Errorf("want %s, got %v", want, err)
		}
	}
}

func TestPollyQuotas(t *testing.T) {
	s := start(t, "-canned", "-polly-tps", "0.001")
	throttled := 0
	for range 5 {
		if _, err := s.voice().SynthesizeSpeech(t.Context(), speech(answer, types.OutputFormatMp3)); code(err) == "ThrottlingException" {
			throttled++
		}
	}
	if throttled != 3 { // the burst is two
		t.Errorf("%d of 5 calls throttled", throttled)
	}
	s.tell(t, control.Polly, control.Fault{TPS: -1, Throttle: true})
	_, err := s.voice().SynthesizeSpeech(t.Context(), speech(answer, types.OutputFormatMp3))
	if code(err) != "ThrottlingException" || !strings.Contains(err.Error(), "StatusCode: 400") {
		t.Errorf("throttled with %v", err)
	}
}
