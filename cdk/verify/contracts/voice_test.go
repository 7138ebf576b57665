package contracts

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os/exec"
	"slices"
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

// said is what the recogniser hears. It is in the stand-ins' vocabulary.
const said = "We had a problem with the database because it was too slow."

func TestTranscribe(t *testing.T) {
	_, cfg := standins(t)
	for input, framing := range map[transcribe.Input]func() (recognition.Framing, error){
		transcribe.Opus: recognition.NewOgg, transcribe.PCM: recognition.NewPCM,
	} {
		t.Run(string(input), func(t *testing.T) {
			packets := spokenPackets(t, said)
			recognitiontest.Run(t, func(t *testing.T) recognitiontest.Subject {
				return recognitiontest.Subject{
					Recognizer: transcribe.New(cfg, transcribe.Config{Input: input}),
					Chunks:     framed(t, framing, packets),
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

// Streams that die mid-word, or are refused, and a recognition that has the
// sentence all the same.
func TestRecognitionOutlivesStreams(t *testing.T) {
	p, cfg := standins(t)
	packets := spokenPackets(t, said)
	for name, fault := range map[string]control.Fault{
		"cut":       {DieAfterEvents: 3},
		"failed":    {DieAfterEvents: 3, Error: "InternalFailureException"},
		"throttled": {FailNext: 3},
		"garbage":   {Garbage: true},
	} {
		t.Run(name, func(t *testing.T) {
			setFault(t, p, control.Transcribe, fault)
			e := recognition.New(transcribe.New(cfg, transcribe.Config{}), recognition.Config{Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
			ctx, stop := context.WithTimeout(t.Context(), time.Minute)
			defer stop()
			ended := make(chan error, 1)
			go func() { ended <- e.Run(ctx) }()
			go hear(t, p, e, packets)
			var text []string
			for r := range e.Results() {
				if r.Partial {
					continue
				}
				if text = append(text, r.Text); len(strings.Join(text, " ")) >= len(said) {
					stop()
				}
			}
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("ended with %v", err)
			}
			if got := strings.Join(text, " "); got != said {
				t.Errorf("heard %q in %d streams", got, e.Stats().Streams)
			}
		})
	}
}

// hear lets packets be heard, four times as fast as they were spoken, and ends the
// fault when half of them are heard.
func hear(t *testing.T, p *standintest.Process, e *recognition.Recognition, packets [][]byte) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for i, packet := range packets {
		<-tick.C
		e.Hear(packet, 20*time.Millisecond)
		if i == len(packets)/2 {
			setFault(t, p, control.Transcribe, control.Fault{})
		}
	}
}

// spokenPackets returns text in espeak-ng's voice, in packets of 20 ms.
func spokenPackets(t *testing.T, text string) [][]byte {
	t.Helper()
	pipe := exec.CommandContext(t.Context(), "sh", "-c",
		`espeak-ng -v en-us -s 150 --stdout "$0" | sox -R -V1 -t wav - -t wav - pad 0.5 1.8 | opusenc --quiet --bitrate 32 - -`, text)
	stream, err := pipe.Output()
	if err != nil {
		t.Fatal("espeak-ng, sox or opusenc:", err)
	}
	var packets [][]byte
	demuxer := ogg.NewDemuxer(bytes.NewReader(stream))
	for {
		packet, _, err := demuxer.Next()
		if errors.Is(err, io.EOF) {
			return packets
		}
		if err != nil {
			t.Fatal(err)
		}
		packets = append(packets, bytes.Clone(packet))
	}
}

// framed returns packets of 20 ms as one stream sends them.
func framed(t *testing.T, begin func() (recognition.Framing, error), packets [][]byte) (chunks [][]byte) {
	t.Helper()
	framing, err := begin()
	if err != nil {
		t.Fatal(err)
	}
	for five := range slices.Chunk(packets, 5) {
		chunk, err := framing.Frame(five)
		if err != nil {
			t.Fatal(err)
		}
		chunks = append(chunks, bytes.Clone(chunk))
	}
	return chunks
}
