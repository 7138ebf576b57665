package transcode_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os/exec"
	"strings"
	"testing"

	"github.com/thesyncim/gopus"

	"casey.internal/worker/transcode"
)

// tone makes a second of 440 Hz as Polly's MP3 is: mono, 24 kHz.
func tone(t *testing.T) []byte {
	t.Helper()
	if _, err := exec.LookPath("lame"); err != nil {
		t.Skip("lame is not installed: apt-get install lame")
	}
	pcm := make([]byte, 0, 48000)
	for i := range 24000 {
		s := int16(12000 * math.Sin(2*math.Pi*440*float64(i)/24000))
		pcm = append(pcm, byte(s), byte(s>>8))
	}
	cmd := exec.CommandContext(t.Context(), "lame", "--quiet", "-r", "-s", "24", "--bitwidth", "16", "-m", "m", "-b", "48", "-", "-")
	cmd.Stdin = bytes.NewReader(pcm)
	data, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// strength is how much of the frequency is in the samples, 1 for a pure tone.
func strength(pcm []int16, hz, rate float64) float64 {
	var re, im, all float64
	for i, s := range pcm {
		x := float64(s)
		re += x * math.Cos(2*math.Pi*hz*float64(i)/rate)
		im += x * math.Sin(2*math.Pi*hz*float64(i)/rate)
		all += x * x
	}
	return 2 * (re*re + im*im) / (float64(len(pcm)) * all)
}

func TestAToneComesThrough(t *testing.T) {
	packets := transcode.NewPackets(bytes.NewReader(tone(t)))
	decoder, err := gopus.NewDecoder(gopus.DefaultDecoderConfig(16000, 1))
	if err != nil {
		t.Fatal(err)
	}
	var heard []int16
	total := 0
	for {
		packet, samples, err := packets.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		total += samples
		pcm := make([]int16, 5760)
		n, err := decoder.DecodeInt16(packet, pcm)
		if err != nil {
			t.Fatal(err)
		}
		heard = append(heard, pcm[:n]...)
	}
	if seconds := float64(total) / 48000; math.Abs(seconds-1) > 0.15 {
		t.Errorf("%.3f s of Opus, want about the one second of the MP3", seconds)
	}
	middle := heard[len(heard)/4 : len(heard)*3/4]
	if got := strength(middle, 440, 16000); got < 0.9 {
		t.Errorf("440 Hz is %.2f of what is heard, want nearly all", got)
	}
	if _, _, err := packets.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("after the end: %v, want io.EOF again", err)
	}
}

func TestWhatIsNoMP3(t *testing.T) {
	for name, data := range map[string]string{"nothing": "", "words": strings.Repeat("no sound ", 500), "zeros": strings.Repeat("\x00", 5000)} {
		if _, _, err := transcode.NewPackets(strings.NewReader(data)).Next(); err == nil || !errors.Is(err, transcode.ErrFormat) && !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v, want ErrFormat", name, err)
		}
	}
}

func FuzzPackets(f *testing.F) {
	f.Add([]byte("\xff\xf3\x44\xc4\x00"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		packets := transcode.NewPackets(bytes.NewReader(data))
		for range 100 {
			if _, _, err := packets.Next(); err != nil {
				return
			}
		}
	})
}
