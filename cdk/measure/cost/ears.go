package cost

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"casey.internal/cdk/local/aws/transcribe"
	"casey.internal/cdk/local/aws/transcribe/transcript"
	"casey.internal/cdk/measure/ears"
	"casey.internal/worker/recognition"
	"casey.internal/worker/vad"
)

// Listened is what an ear made of clips that were said one after the other.
type Listened struct {
	Words  []recognition.Word // of final results, at the time at which they were heard
	Finals []time.Duration    // from the end of each clip to the final result that ends it
	Sent   time.Duration
	All    time.Duration
}

// apart is the silence around clips.
const apart = 8 * time.Second

// Listen has an ear hear clips through a recognition, with silence withheld or, where s
// is nil, sent. In a bubble of testing/synctest the ear takes no time.
func Listen(ctx context.Context, engine transcribe.Engine, clips []ears.Clip, s *recognition.Silence) (Listened, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l := &localEar{engine: engine}
	r := recognition.New(l, recognition.Config{Framing: samples, Silence: s})
	began := time.Now()
	var tasks sync.WaitGroup
	var got Listened
	var ends, finals []time.Duration
	tasks.Go(func() { _ = r.Run(ctx) })
	tasks.Go(func() {
		for result := range r.Results() {
			if !result.Partial {
				got.Words = append(got.Words, result.Words...)
				finals = append(finals, time.Since(began))
			}
		}
	})
	m := &microphone{recognition: r, began: began, detector: vad.NewDetector(vad.Sensitive())}
	r.Voice(false, 0)
	for _, clip := range clips {
		m.hear(make([]int16, apart*ears.Rate/time.Second), 0)
		ends = append(ends, r.Heard()+clip.Ends)
		m.hear(clip.Samples, loudness(clip.Samples))
	}
	m.hear(make([]int16, apart*ears.Rate/time.Second), 0)
	got.All, got.Sent = r.Heard(), r.Heard()-r.Stats().Withheld
	cancel()
	tasks.Wait()
	for i, end := range ends {
		next := got.All
		if i+1 < len(ends) {
			next = ends[i+1] - clips[i+1].Spoken()
		}
		last := time.Duration(0)
		for _, at := range finals {
			if at > end && at < next {
				last = at - end
			}
		}
		if last > 0 {
			got.Finals = append(got.Finals, last)
		}
	}
	return got, l.failed
}

// samples is the framing of packets that are samples.
func samples() (recognition.Framing, error) { return joined{}, nil }

type joined struct{}

// Frame implements recognition.Framing.
func (joined) Frame(packets [][]byte) ([]byte, error) { return slices.Concat(packets...), nil }

// microphone lets samples be heard, with their levels.
type microphone struct {
	recognition *recognition.Recognition
	began       time.Time
	detector    *vad.Detector
}

// music is Opus that says nothing of a voice.
var music = append([]byte{0xf8}, make([]byte, 70)...)

// hear lets samples be heard as loud as a browser makes a voice.
func (m *microphone) hear(samples []int16, gain float64) {
	for part := range slices.Chunk(samples, int(frame*ears.Rate/time.Second)) {
		time.Sleep(frame)
		var packet []byte
		for _, s := range part {
			packet = binary.LittleEndian.AppendUint16(packet, uint16(s))
		}
		m.recognition.Hear(packet, time.Duration(len(part))*time.Second/ears.Rate)
		level := uint8(math.Round(min(65, max(0, gain-decibels(part))))) // a browser's quiet
		if e := m.detector.Packet(level, true, music, time.Now()); e.Kind != vad.None {
			m.recognition.Voice(e.Kind == vad.Started, e.At.Sub(m.began))
		}
	}
}

// loudness is the gain that has the loudest twentieth of samples at -16 dBov.
func loudness(samples []int16) float64 {
	var levels []float64
	for part := range slices.Chunk(samples, int(frame*ears.Rate/time.Second)) {
		levels = append(levels, decibels(part))
	}
	slices.Sort(levels)
	return levels[len(levels)*19/20] + 16
}

func decibels(samples []int16) float64 {
	sum := 0.0
	for _, s := range samples {
		sum += float64(s) * float64(s)
	}
	return 10 * math.Log10(max(sum/float64(max(1, len(samples))), 1e-3)/(1<<30))
}

// localEar is an ear of the local Transcribe as a recogniser.
type localEar struct {
	engine transcribe.Engine
	failed error
}

// Start implements recognition.Recognizer.
func (l *localEar) Start(ctx context.Context) (recognition.Stream, error) {
	ear, err := l.engine.Open(transcribe.Settings{Encoding: "pcm", Rate: ears.Rate, Stability: "high"})
	if err != nil {
		return nil, fmt.Errorf("open ear: %w", err)
	}
	s := &earStream{localEar: l, ear: ear, results: newResults()}
	context.AfterFunc(ctx, func() { _ = s.Close() })
	return s, nil
}

type earStream struct {
	*localEar
	results
	ear    transcribe.Ear
	mu     sync.Mutex // held while the ear hears
	closed bool
}

// Send implements recognition.Stream.
func (s *earStream) Send(chunk []byte, _ time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return context.Canceled
	}
	results, err := s.ear.Hear(chunk)
	if err != nil {
		s.failed = err
		return fmt.Errorf("hear: %w", err)
	}
	for _, r := range results {
		s.give(resultOf(r))
	}
	return nil
}

func resultOf(r transcript.Result) recognition.Result {
	seconds := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	result := recognition.Result{ID: r.ResultID, Partial: r.IsPartial, Start: seconds(r.StartTime), End: seconds(r.EndTime), Text: r.Alternatives[0].Transcript}
	for _, i := range r.Alternatives[0].Items {
		if i.Type == transcript.Pronunciation {
			result.Words = append(result.Words, recognition.Word{Text: i.Content, Start: seconds(i.StartTime), End: seconds(i.EndTime), Stable: true})
		}
	}
	return result
}

// Close implements recognition.Stream.
func (s *earStream) Close() error {
	s.end(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.closed = true
		s.ear.Close()
	})
	return nil
}
