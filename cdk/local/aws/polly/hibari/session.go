package hibari

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	ort "github.com/yalue/onnxruntime_go"
)

// lengths is appended to the model: as a protobuf (ModelProto.graph.output, fields that are
// repeated are merged) it makes one of its inner values an output, how many units each phoneme
// lasts.
const lengths = "\x3a\x1b\x62\x19\x0a\x11/Cast_32_output_0\x12\x04\x0a\x02\x08\x07"

// perUnit is the frames of a unit of length: 25 ms.
const perUnit = 2

// outputs are the model's, in the order of frames' fields, and the lengths.
var outputs = []string{"lh", "theta", "ln", "lr", "phi", "f0", "/Cast_32_output_0"}

// session is the loaded model. It may be used by several goroutines at the same time.
type session struct {
	run *ort.DynamicAdvancedSession
	ids map[rune]int64
}

// open loads a library of ONNX Runtime, once in a process, and the model of an unpacked wheel.
func open(runtime, wheel string) (*session, error) {
	if !ort.IsInitialized() {
		ort.SetSharedLibraryPath(runtime)
		if err := ort.InitializeEnvironment(); err != nil {
			return nil, fmt.Errorf("load ONNX Runtime: %w", err)
		}
	}
	model, err := os.ReadFile(filepath.Join(wheel, "hibari", "assets", "hibari.onnx"))
	if err != nil {
		return nil, fmt.Errorf("read the voice's model: %w", err)
	}
	vocabulary, err := os.ReadFile(filepath.Join(wheel, "hibari", "assets", "vocab.json"))
	if err != nil {
		return nil, fmt.Errorf("read the voice's alphabet: %w", err)
	}
	var letters map[string]int64
	if err := json.Unmarshal(vocabulary, &letters); err != nil {
		return nil, fmt.Errorf("read the voice's alphabet: %w", err)
	}
	s := &session{ids: map[rune]int64{}}
	for letter, id := range letters {
		s.ids[[]rune(letter)[0]] = id
	}
	options, err := ort.NewSessionOptions()
	if err != nil {
		return nil, fmt.Errorf("set up the voice's model: %w", err)
	}
	defer func() { _ = options.Destroy() }() // the session has what it needs of them
	// One thread: more of them wait by spinning.
	if err := errors.Join(options.SetIntraOpNumThreads(1), options.SetInterOpNumThreads(1)); err != nil {
		return nil, fmt.Errorf("set up the voice's model: %w", err)
	}
	s.run, err = ort.NewDynamicAdvancedSessionWithONNXData(append(model, lengths...), []string{"ids", "speed"}, outputs, options)
	if err != nil {
		return nil, fmt.Errorf("load the voice's model: %w", err)
	}
	return s, nil
}

// close frees the model.
func (s *session) close() error { return s.run.Destroy() }

// speak returns the frames of phonemes and how many of them each phoneme lasts, with the silence
// before the first and after the last, so two more.
func (s *session) speak(ids []int64, speed float32) (frames, []int, error) {
	framed := append(append([]int64{0}, ids...), 0)
	phonemes, err := ort.NewTensor(ort.NewShape(1, int64(len(framed))), framed)
	if err != nil {
		return frames{}, nil, fmt.Errorf("hand phonemes to the voice: %w", err)
	}
	defer func() { _ = phonemes.Destroy() }()
	pace, err := ort.NewTensor(ort.NewShape(1), []float32{speed})
	if err != nil {
		return frames{}, nil, fmt.Errorf("hand speed to the voice: %w", err)
	}
	defer func() { _ = pace.Destroy() }()
	out := make([]ort.Value, len(outputs))
	if err := s.run.Run([]ort.Value{phonemes, pace}, out); err != nil {
		return frames{}, nil, fmt.Errorf("run the voice's model: %w", err)
	}
	defer func() {
		for _, o := range out {
			_ = o.Destroy()
		}
	}()
	var f frames
	for i, to := range []*[]float32{&f.harmonic, &f.turn, &f.noise, &f.rest, &f.phase, &f.pitch} {
		t, ok := out[i].(*ort.Tensor[float32])
		if !ok {
			return frames{}, nil, fmt.Errorf("the voice's output %s is no number of 32 bits", outputs[i])
		}
		*to = append([]float32(nil), t.GetData()...)
	}
	units, ok := out[len(outputs)-1].(*ort.Tensor[int64])
	if !ok || len(units.GetData()) != len(framed) || len(f.harmonic) != bins*len(f.pitch) {
		return frames{}, nil, errors.New("the voice's model is another than casey knows")
	}
	last := make([]int, len(framed))
	for i, u := range units.GetData() {
		last[i] = perUnit * int(u)
	}
	return f, last, nil
}
