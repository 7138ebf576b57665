package contracts

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"os/exec"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/local/aws/control"
	"casey.internal/cdk/local/aws/standin/standintest"
	"casey.internal/worker/bedrock"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/interviewer/modeltest"
	"casey.internal/worker/mp3"
	"casey.internal/worker/ogg"
	"casey.internal/worker/polly"
	"casey.internal/worker/recognition"
	"casey.internal/worker/recognition/recognitiontest"
	"casey.internal/worker/speech"
	"casey.internal/worker/speech/speechtest"
	"casey.internal/worker/transcribe"
)

// What is said to the ears. It is in the stand-ins' vocabulary.
const said = "We had a problem with the database because it was too slow."

func TestTranscribe(t *testing.T) {
	_, cfg := standins(t)
	for input, framing := range map[transcribe.Input]func() (recognition.Framing, error){
		transcribe.Opus: recognition.NewOgg, transcribe.PCM: recognition.NewPCM,
	} {
		t.Run(string(input), func(t *testing.T) {
			pages := spokenPages(t, said)
			recognitiontest.Run(t, func(t *testing.T) recognitiontest.Subject {
				return recognitiontest.Subject{
					Recognizer: transcribe.New(cfg, transcribe.Config{Input: input}),
					Chunks:     framed(t, framing, pages),
					Text:       strings.ToLower(strings.TrimSuffix(said, ".")),
				}
			})
		})
	}
}

func TestBedrock(t *testing.T) {
	_, cfg := standins(t)
	client := bedrock.New(cfg, bedrock.Config{Model: "us.anthropic.claude-haiku-4-5-20251001-v1:0"})
	modeltest.Run(t, func(*testing.T) interviewer.Model { return client.Model("s1", nil) })
}

func TestPolly(t *testing.T) {
	_, cfg := standins(t)
	client := polly.New(cfg, polly.Config{})
	speechtest.Run(t, func(*testing.T) speech.Synthesizer { return client.Voice("s1", nil) })
	t.Run("mp3 is as long as Ogg Opus", func(t *testing.T) {
		audio, err := polly.New(cfg, polly.Config{Output: polly.MP3}).Voice("s1", nil).Audio(t.Context(), said)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = audio.Close() }()
		data, err := io.ReadAll(audio)
		if err != nil {
			t.Fatal(err)
		}
		length, err := mp3.Length(data)
		if err != nil {
			t.Fatal(err)
		}
		marks, err := client.Voice("s1", nil).Marks(t.Context(), said)
		if err != nil {
			t.Fatal(err)
		}
		if last := marks[len(marks)-1].Time; length < last || length > last+2*time.Second {
			t.Errorf("%v of MP3, the last mark is at %v", length, last)
		}
	})
}

// Streams that die mid-word, or are refused, and ears that hear the sentence all
// the same.
func TestEarsOutliveStreams(t *testing.T) {
	p, cfg := standins(t)
	pages := spokenPages(t, said)
	for name, fault := range map[string]control.Fault{
		"cut":       {DieAfterEvents: 3},
		"failed":    {DieAfterEvents: 3, Error: "InternalFailureException"},
		"throttled": {FailNext: 3},
		"garbage":   {Garbage: true},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, p, control.Transcribe, fault)
			e := recognition.New(transcribe.New(cfg, transcribe.Config{}), recognition.Config{Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
			ended := make(chan error, 1)
			go func() { ended <- e.Run(t.Context()) }()
			go hear(t, p, e, pages)
			var text []string
			for r := range e.Results() {
				if !r.Partial {
					text = append(text, r.Text)
				}
			}
			if err := <-ended; err != nil {
				t.Errorf("ended with %v", err)
			}
			if got := strings.Join(text, " "); got != said {
				t.Errorf("heard %q in %d streams", got, e.Stats().Streams)
			}
		})
	}
}

// hear lets ears hear pages, four times as fast as they were spoken, and ends the
// fault when half of them are heard.
func hear(t *testing.T, p *standintest.Process, e *recognition.Recognition, pages [][]byte) {
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for i, page := range pages {
		<-tick.C
		e.Hear(page, time.Duration(i+1)*100*time.Millisecond)
		if i == len(pages)/2 {
			tell(t, p, control.Transcribe, control.Fault{})
		}
	}
	e.Finish()
}

// spokenPages returns text in espeak-ng's voice, as a microphone's muxer makes it.
func spokenPages(t *testing.T, text string) [][]byte {
	t.Helper()
	pipe := exec.CommandContext(t.Context(), "sh", "-c",
		`espeak-ng -v en-us -s 150 --stdout "$0" | sox -R -V1 -t wav - -t wav - pad 0.5 1.8 | opusenc --quiet --bitrate 32 - -`, text)
	stream, err := pipe.Output()
	if err != nil {
		t.Fatal("espeak-ng, sox or opusenc:", err)
	}
	var pages [][]byte
	mux := ogg.NewMuxer(1, func(page []byte, end time.Duration) {
		if end > 0 {
			pages = append(pages, bytes.Clone(page))
		}
	})
	packets := ogg.NewDemuxer(bytes.NewReader(stream))
	for {
		packet, _, err := packets.Next()
		if errors.Is(err, io.EOF) {
			mux.Flush()
			return pages
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := mux.Write(packet); err != nil {
			t.Fatal(err)
		}
	}
}

// framed returns pages as one stream sends them.
func framed(t *testing.T, begin func() (recognition.Framing, error), pages [][]byte) (chunks [][]byte) {
	t.Helper()
	framing, err := begin()
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		chunk, err := framing.Frame(page)
		if err != nil {
			t.Fatal(err)
		}
		chunks = append(chunks, bytes.Clone(chunk))
	}
	return chunks
}
