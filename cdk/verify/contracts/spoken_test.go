package contracts

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"casey.internal/worker/opus"
	"casey.internal/worker/pacing"
	"casey.internal/worker/polly"
	"casey.internal/worker/recognition"
	"casey.internal/worker/speech"
	"casey.internal/worker/transcode"
	"casey.internal/worker/transcribe"
)

// What a Voice sends over RTP is the sentence that it was given: it is
// recognised, it lasts as long as its marks say, and an interruption stops it.
func TestWhatIsSaidIsHeard(t *testing.T) {
	_, cfg := standins(t)
	opusVoice, mp3Voice := polly.New(cfg, polly.Config{}), polly.New(cfg, polly.Config{Output: polly.MP3})
	wheel := pacing.New()
	go func() { _ = wheel.Run(t.Context()) }() // ends with the test
	for name, config := range map[string]speech.Config{
		"20 ms":                {Synthesizer: opusVoice.Voice("s1", nil), Frame: 20 * time.Millisecond},
		"40 ms":                {Synthesizer: opusVoice.Voice("s1", nil), Frame: 40 * time.Millisecond},
		"MP3 made Opus, 20 ms": {Synthesizer: mp3Voice.Voice("s1", nil), Frame: 20 * time.Millisecond, Open: transcoded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			line := &line{}
			config.Out, config.Wheel = line, wheel
			v := speech.New(config)
			defer v.Close()
			var began speech.Started
			heard, err := v.Prepare(t.Context(), said).Play(t.Context(), func(s speech.Started) { began = s })
			if err != nil || heard.Text != said || heard.Cut {
				t.Fatalf("heard %+v, %v", heard, err)
			}
			if took := time.Since(began.FirstPacket); took < heard.Length-100*time.Millisecond {
				t.Errorf("%v of audio were sent in %v", heard.Length, took)
			}
			last := began.Words[len(began.Words)-1]
			if !strings.HasPrefix(last.Text, "slow") || last.At > heard.Length || heard.Length > last.At+2*time.Second {
				t.Errorf("%+v of %v", last, heard.Length)
			}
			if got := recognised(t, transcribe.New(cfg, transcribe.Config{}), line.around(), said); got != said {
				t.Errorf("recognised %q", got)
			}
			if line.gaps > 0 {
				t.Errorf("%d gaps", line.gaps)
			}
		})
	}
}

func transcoded(audio io.Reader) speech.Packets { return transcode.NewPackets(audio) }

// line takes what is said.
type line struct {
	mu      sync.Mutex
	packets [][]byte
	next    uint32
	gaps    int
}

// WriteRTP implements speech.Out.
func (l *line) WriteRTP(payload []byte, timestamp uint32, marker bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if marker {
		l.next = timestamp
	}
	if timestamp != l.next {
		l.gaps++ // that no marker announced
	}
	l.next += uint32(opus.Samples(payload))
	l.packets = append(l.packets, bytes.Clone(payload))
	return nil
}

// around returns what was said, with quiet around it.
func (l *line) around() (packets [][]byte) {
	quiet := slices.Repeat([][]byte{opus.Silence()}, 75)
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Concat(quiet[:40], l.packets, quiet)
}

// recognised returns what a recogniser makes of packets, as soon as that is as
// long as what was said, or the stream has ended.
func recognised(t *testing.T, r recognition.Recognizer, packets [][]byte, said string) (text string) {
	t.Helper()
	stream, err := r.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stream.Close() }()
	for _, chunk := range framed(t, recognition.NewOgg, packets) {
		if err := stream.Send(chunk, 100*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	defer time.AfterFunc(time.Minute, func() { _ = stream.Close() }).Stop()
	for r, err := range stream.Results() {
		if err != nil {
			t.Errorf("recognition: %v", err)
			break
		}
		if r.Partial {
			continue
		}
		if text = strings.TrimSpace(text + " " + r.Text); len(text) >= len(said) {
			break
		}
	}
	return text
}
