package turns

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"casey.internal/worker/vad"
)

const (
	unit = 16000 / 50             // samples of 20 ms
	gap  = 120 * time.Millisecond // a pause within a sentence is no shorter
)

// TestFallOfVoices measures, in recordings of people, by how much their voices
// fall before a pause within a sentence and at its end.
func TestFallOfVoices(t *testing.T) {
	folder := os.Getenv("CASEY_SPEECH")
	if folder == "" {
		t.Skip("CASEY_SPEECH names no folder of recordings")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.[wfr]*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d recordings: %v", len(files), err)
	}
	var pauses, ends []float64
	for _, file := range files {
		falls := fallsOf(samples(t, file))
		t.Logf("%s: %.1f", filepath.Base(file), falls)
		pauses = append(pauses, falls[:len(falls)-1]...)
		ends = append(ends, falls[len(falls)-1])
	}
	paused, p := spread(pauses)
	ended, e := spread(ends)
	t.Logf("%d pauses: %.1f dB, deviation %.1f; %d ends: %.1f dB, deviation %.1f", len(pauses), paused, p, len(ends), ended, e)
	if ended <= paused {
		t.Error("voices fall less at an end than before a pause")
	}
}

// samples reads a recording as 16-bit mono; what has no header is 16 kHz.
func samples(t *testing.T, file string) []int16 {
	t.Helper()
	args := []string{file}
	if strings.HasSuffix(file, ".raw") {
		args = []string{"-r", "16000", "-e", "signed", "-b", "16", "-c", "1", file}
	}
	out, err := exec.CommandContext(t.Context(), "sox", append(args, "-t", "raw", "-r", "16000", "-e", "signed", "-b", "16", "-c", "1", "-")...).Output()
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	pcm := make([]int16, len(out)/2)
	if err := binary.Read(bytes.NewReader(out), binary.LittleEndian, pcm); err != nil {
		t.Fatal(err)
	}
	return pcm
}

// fallsOf returns the detector's word at each end of speech, in a recording that
// is as loud as a browser makes it. It is set to be strict, since the pauses of
// who reads are short.
func fallsOf(pcm []int16) (falls []float64) {
	levels := levels(pcm)
	loud := slices.Sorted(slices.Values(levels))[len(levels)/20]
	d := vad.NewDetector(vad.Config{End: gap, Quiet: 38})
	now := time.Unix(0, 0)
	music := append([]byte{248}, make([]byte, 70)...) // Opus that says nothing of voice
	for i := range len(levels) + 20 {
		l := 127.0
		if i < len(levels) {
			l = min(127, max(0, levels[i]-loud+16))
		}
		now = now.Add(20 * time.Millisecond)
		if e := d.Packet(uint8(math.Round(l)), true, music, now); e.Kind == vad.Ended {
			falls = append(falls, e.Fall)
		}
	}
	return falls
}

// levels are those of each 20 ms, in -dBov (RFC 6464).
func levels(pcm []int16) (all []float64) {
	for chunk := range slices.Chunk(pcm, unit) {
		sum := 0.0
		for _, s := range chunk {
			sum += float64(s) * float64(s)
		}
		all = append(all, -10*math.Log10(max(sum/float64(len(chunk)), 1e-3)/(1<<30)))
	}
	return all
}

func spread(x []float64) (mean, deviation float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		deviation += (v - mean) * (v - mean) / float64(len(x)-1)
	}
	return mean, math.Sqrt(deviation)
}
