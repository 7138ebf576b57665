package standin_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/polly"
	pollytypes "github.com/aws/aws-sdk-go-v2/service/polly/types"

	"casey.internal/cdk/local/aws/engines"
	"casey.internal/cdk/local/aws/standin"
)

// fetched skips a test where `make engines` has not been.
func fetched(t *testing.T) {
	t.Helper()
	folder, err := engines.Folder()
	if err != nil {
		t.Skip(err)
	}
	for _, w := range engines.All {
		if _, err := w.In(folder); err != nil {
			t.Skip(err)
		}
	}
}

// TestTheVoiceIsUnderstood says what is in no vocabulary, over Polly's protocol, and hears it over Transcribe's.
func TestTheVoiceIsUnderstood(t *testing.T) {
	fetched(t)
	s := start(t, "-ear", "moonshine", "-voice", "hibari")
	const text = "Their profit fell last year, although they sold more coffee than ever before."
	out, err := s.voice().SynthesizeSpeech(t.Context(), &polly.SynthesizeSpeechInput{
		Text: aws.String(text), VoiceId: pollytypes.VoiceIdJoanna, Engine: pollytypes.EngineNeural, OutputFormat: pollytypes.OutputFormatPcm,
	})
	if err != nil {
		t.Fatal(err)
	}
	pcm, err := io.ReadAll(out.AudioStream)
	if err != nil {
		t.Fatal(err)
	}
	tr := transcribe(t.Context(), s, pcmInput(), append(append(make([]byte, 16000), pcm...), make([]byte, 64000)...), 3200)
	if tr.err != nil {
		t.Fatal(tr.err)
	}
	plain := strings.NewReplacer(",", "", ".", "")
	if got := plain.Replace(tr.text()); !strings.EqualFold(got, plain.Replace(text)) {
		t.Errorf("heard %q", got)
	}
	if len(tr.partials) == 0 {
		t.Error("no partial results")
	}
}

// TestAStreamMayNameTheGrammar hears a sentence of the vocabulary exactly, whatever hears the others.
func TestAStreamMayNameTheGrammar(t *testing.T) {
	fetched(t)
	s := start(t, "-ear", "moonshine")
	in := pcmInput()
	in.LanguageModelName = aws.String("grammar")
	if tr := transcribe(t.Context(), s, in, speak(t, answer), 3200); tr.text() != answer {
		t.Errorf("heard %q, %v", tr.text(), tr.err)
	}
}

// TestWithoutTheEnginesTheSmallerOnesServe has neither, and one line about each.
func TestWithoutTheEnginesTheSmallerOnesServe(t *testing.T) {
	broken := t.TempDir()
	if folder, err := engines.Folder(); err == nil {
		if found, err := filepath.Glob(filepath.Join(folder, "*")); err == nil {
			for _, wheel := range found { // there, and with nothing in them
				if err := os.Mkdir(filepath.Join(broken, filepath.Base(wheel)), 0o700); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for name, folder := range map[string]string{"missing": t.TempDir(), "broken": broken} {
		t.Run(name, func(t *testing.T) {
			var lines bytes.Buffer
			c, err := standin.ParseFlags([]string{"-state", t.TempDir(), "-engines", folder}, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			server, err := standin.New(t.Context(), c, slog.New(slog.NewTextHandler(&lines, nil)))
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			stop()
			if err := server.Run(ctx); err != nil {
				t.Error(err)
			}
			said := lines.String()
			if strings.Count(said, "make engines") != 2 || !strings.Contains(said, "only the vocabulary's sentences are heard") || !strings.Contains(said, "espeak-ng's voice") {
				t.Errorf("the log says\n%s", said)
			}
		})
	}
}
