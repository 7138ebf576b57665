package standin_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/transcribestreaming"
	"github.com/aws/aws-sdk-go-v2/service/transcribestreaming/types"
	"github.com/aws/smithy-go"

	"casey.internal/cdk/local/aws/control"
	"casey.internal/cdk/local/aws/transcribe/vocabulary"
)

// transcription is what one stream gave.
type transcription struct {
	partials, finals []types.Result
	err              error
}

// text is what was heard for good.
func (tr transcription) text() string {
	var all []string
	for _, r := range tr.finals {
		all = append(all, *r.Alternatives[0].Transcript)
	}
	return strings.Join(all, " ")
}

func pcmInput() *transcribestreaming.StartStreamTranscriptionInput {
	return &transcribestreaming.StartStreamTranscriptionInput{
		LanguageCode: types.LanguageCodeEnUs, MediaEncoding: types.MediaEncodingPcm, MediaSampleRateHertz: aws.Int32(16000),
		EnablePartialResultsStabilization: true, PartialResultsStability: types.PartialResultsStabilityHigh,
	}
}

func oggInput() *transcribestreaming.StartStreamTranscriptionInput {
	in := pcmInput()
	in.MediaEncoding, in.MediaSampleRateHertz = types.MediaEncodingOggOpus, aws.Int32(48000)
	return in
}

// open starts a stream, with a guard: a start that is cut before the headers hangs for ever.
func open(ctx context.Context, s *stand, in *transcribestreaming.StartStreamTranscriptionInput) (*transcribestreaming.StartStreamTranscriptionEventStream, error) {
	ctx, cancel := context.WithCancel(ctx)
	guard := time.AfterFunc(patience, cancel)
	out, err := s.ears().StartStreamTranscription(ctx, in)
	guard.Stop()
	if err != nil {
		cancel()
		return nil, err
	}
	context.AfterFunc(ctx, func() { _ = out.GetStream().Close() })
	return out.GetStream(), nil
}

// transcribe sends audio in pieces, faster than it was spoken, and reads all that comes back.
func transcribe(ctx context.Context, s *stand, in *transcribestreaming.StartStreamTranscriptionInput, audio []byte, piece int) transcription {
	stream, err := open(ctx, s, in)
	if err != nil {
		return transcription{err: err}
	}
	defer func() { _ = stream.Close() }() // Err tells
	var tr transcription
	var reader sync.WaitGroup
	reader.Go(func() {
		for e := range stream.Events() {
			event, ok := e.(*types.TranscriptResultStreamMemberTranscriptEvent)
			if !ok {
				continue
			}
			for _, r := range event.Value.Transcript.Results {
				if r.IsPartial {
					tr.partials = append(tr.partials, r)
				} else {
					tr.finals = append(tr.finals, r)
				}
			}
		}
	})
	for chunk := range slices.Chunk(audio, piece) {
		if err := stream.Send(ctx, &types.AudioStreamMemberAudioEvent{Value: types.AudioEvent{AudioChunk: chunk}}); err != nil {
			break // the reader has the reason
		}
	}
	_ = stream.Writer.Close() // half; a stream that failed has said why
	reader.Wait()
	tr.err = stream.Err()
	return tr
}

const answer = "We had a problem with the database because it was too slow."

func TestHearsWhatEspeakSays(t *testing.T) {
	s := start(t)
	pcm := speak(t, answer)
	for name, try := range map[string]struct {
		in    *transcribestreaming.StartStreamTranscriptionInput
		audio []byte
		piece int
	}{
		"pcm":      {pcmInput(), pcm, 3200},
		"pcm odd":  {pcmInput(), pcm, 1111},
		"ogg-opus": {oggInput(), opusOf(t, pcm), 400},
	} {
		t.Run(name, func(t *testing.T) {
			tr := transcribe(t.Context(), s, try.in, try.audio, try.piece)
			if tr.err != nil {
				t.Fatal(tr.err)
			}
			if tr.text() != answer {
				t.Errorf("heard %q", tr.text())
			}
			if len(tr.partials) < 5 {
				t.Errorf("%d partial results", len(tr.partials))
			}
			checkTimes(t, tr.finals)
		})
	}
}

func checkTimes(t *testing.T, finals []types.Result) {
	t.Helper()
	for _, r := range finals {
		last := r.StartTime
		for _, item := range r.Alternatives[0].Items {
			if item.StartTime < last-0.001 || item.EndTime < item.StartTime {
				t.Errorf("%s at %.2f to %.2f after %.2f", *item.Content, item.StartTime, item.EndTime, last)
			}
			last = item.StartTime
		}
	}
}

func TestStableWordsStay(t *testing.T) {
	s := start(t)
	tr := transcribe(t.Context(), s, pcmInput(), speak(t, answer+" I worked with three other people on that project."), 3200)
	if tr.err != nil {
		t.Fatal(tr.err)
	}
	var stable []string
	for _, r := range append(tr.partials, tr.finals...) {
		var words []string
		for _, item := range r.Alternatives[0].Items {
			if aws.ToBool(item.Stable) {
				words = append(words, *item.Content)
			}
		}
		if n := min(len(stable), len(words)); !slices.Equal(stable[:n], words[:n]) {
			t.Errorf("stable %q became %q", stable, words)
		}
		stable = words
	}
	if len(stable) == 0 {
		t.Error("no word was stable")
	}
}

func TestWrongSecretIsRefused(t *testing.T) {
	s := start(t)
	s.cfg = load(t, s.Ready, "local", "another-secret")
	_, err := open(t.Context(), s, pcmInput())
	if e, ok := errors.AsType[smithy.APIError](err); !ok || e.ErrorCode() != "InvalidSignatureException" {
		t.Errorf("start: %v", err)
	}
}

func TestStreamWithoutAudioTimesOut(t *testing.T) {
	s := start(t, "-idle", "300ms")
	stream, err := open(t.Context(), s, pcmInput())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stream.Close() }() // Err tells
	for range stream.Events() {
		t.Error("an event without audio")
	}
	if e, ok := errors.AsType[*types.BadRequestException](stream.Err()); !ok || !strings.Contains(*e.Message, "no new audio was received for 15 seconds") {
		t.Errorf("ended with %v", stream.Err())
	}
}

func TestStreamsOverTheLimitAreRefused(t *testing.T) {
	s := start(t, "-limit", "1")
	first, err := open(t.Context(), s, pcmInput())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = first.Close() }() // Err tells
	_, err = open(t.Context(), s, pcmInput())
	if _, ok := errors.AsType[*types.LimitExceededException](err); !ok {
		t.Errorf("second stream: %v", err)
	}
}

func TestAudioEventsAreAtMostASecond(t *testing.T) {
	s := start(t)
	tr := transcribe(t.Context(), s, pcmInput(), make([]byte, 32002), 32002)
	if _, ok := errors.AsType[*types.BadRequestException](tr.err); !ok {
		t.Errorf("ended with %v", tr.err)
	}
}

func TestGarbageAudioIsABadRequest(t *testing.T) {
	s := start(t)
	tr := transcribe(t.Context(), s, oggInput(), []byte(strings.Repeat("no Ogg page ", 100)), 300)
	if _, ok := errors.AsType[*types.BadRequestException](tr.err); !ok {
		t.Errorf("ended with %v", tr.err)
	}
}

func TestTwentyStreamsAtOnce(t *testing.T) {
	s := start(t)
	audio := opusOf(t, speak(t, answer))
	heard := make([]transcription, 20)
	var streams sync.WaitGroup
	for i := range heard {
		streams.Go(func() { heard[i] = transcribe(t.Context(), s, oggInput(), audio, 400) })
	}
	streams.Wait()
	for i, tr := range heard {
		if tr.err != nil || tr.text() != answer {
			t.Errorf("stream %d heard %q, %v", i, tr.text(), tr.err)
		}
	}
	if n := s.state(t).Counters[control.Transcribe]; n.ForeignChunks != 0 || n.Calls != 20 {
		t.Errorf("counters %+v", n)
	}
}

// TestRecordings hears recordings of people, each of which a row of MANIFEST.md gives the words of.
func TestRecordings(t *testing.T) {
	folder := os.Getenv("CASEY_SPEECH")
	if folder == "" {
		t.Skip("CASEY_SPEECH names no folder of recordings: only espeak-ng's voice is tested")
	}
	recordings := manifest(t, folder)
	words := filepath.Join(t.TempDir(), "sentences.txt")
	var lines []string
	for _, r := range recordings {
		lines = append(lines, r.words)
	}
	if err := os.WriteFile(words, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, "-sentences", words)
	right, speakers := 0, map[string]bool{}
	for _, r := range recordings {
		tr := transcribe(t.Context(), s, oggInput(), opusOf(t, samples(t, filepath.Join(folder, r.file))), 400)
		if got := strings.Join(vocabulary.Parse(tr.text()).Words, " "); tr.err == nil && got == r.words {
			right++
			speakers[r.speaker] = true
		} else {
			t.Logf("%s: heard %q, said %q, %v", r.file, got, r.words, tr.err)
		}
	}
	t.Logf("%d of %d recordings of %d speakers right", right, len(recordings), len(speakers))
	if 10*right < 9*len(recordings) || len(speakers) < 3 {
		t.Error("fewer than nine in ten, or than three speakers")
	}
}

type recording struct{ file, words, speaker string }

// manifest reads the table of MANIFEST.md: file, bytes, seconds, rate, speaker, words.
func manifest(t *testing.T, folder string) []recording {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "MANIFEST.md"))
	if err != nil {
		t.Fatal(err)
	}
	var out []recording
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) < 8 {
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if strings.Contains(cells[1], ".") {
			out = append(out, recording{file: cells[1], words: cells[6], speaker: speakerOf(cells[1])})
		}
	}
	if len(out) == 0 {
		t.Fatal("MANIFEST.md has no recordings")
	}
	return out
}

// speakerOf is the beginning of a file's name: recordings of one speaker share it.
func speakerOf(file string) string {
	name, _, _ := strings.Cut(file, "-")
	return name
}

// samples reads a recording as 16 kHz PCM, whatever its format.
func samples(t *testing.T, file string) []byte {
	t.Helper()
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }() // it was only read
	kind := strings.TrimPrefix(filepath.Ext(file), ".")
	if kind == "raw" {
		kind = "raw -r 16000 -c 1 -b 16 -e signed"
	}
	return sox(t, in, "-t "+kind+" - -t raw -r 16000 -c 1 -b 16 -e signed - pad 0.3 1.6")
}
