package mp3_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os/exec"
	"testing"
	"time"

	"casey.internal/worker/mp3"
)

func TestHeaders(t *testing.T) {
	for _, c := range []struct {
		bytes []byte
		want  mp3.Header
		ok    bool
	}{
		{[]byte{0xff, 0xf3, 0x64, 0xc4}, mp3.Header{Rate: 24000, Bitrate: 48000, Channels: 1, Samples: 576, Size: 144}, true},
		{[]byte{0xff, 0xfb, 0x90, 0x64}, mp3.Header{Rate: 44100, Bitrate: 128000, Channels: 2, Samples: 1152, Size: 417}, true},
		{[]byte{0xff, 0xfb, 0x92, 0x64}, mp3.Header{Rate: 44100, Bitrate: 128000, Channels: 2, Samples: 1152, Size: 418}, true},
		{[]byte{0xff, 0xe3, 0x18, 0xc4}, mp3.Header{Rate: 8000, Bitrate: 8000, Channels: 1, Samples: 576, Size: 72}, true},
		{[]byte{0xff, 0xf5, 0x64, 0xc4}, mp3.Header{}, false}, // Layer II
		{[]byte{0xff, 0xf3, 0x04, 0xc4}, mp3.Header{}, false}, // free format
		{[]byte{0xff, 0xf3, 0xf4, 0xc4}, mp3.Header{}, false},
		{[]byte{0xff, 0xf3, 0x6c, 0xc4}, mp3.Header{}, false},
		{[]byte{0xff, 0xeb, 0x64, 0xc4}, mp3.Header{}, false},
		{[]byte("OggS"), mp3.Header{}, false},
		{[]byte{0xff}, mp3.Header{}, false},
	} {
		h, ok := mp3.ParseHeader(c.bytes)
		got := mp3.Header{Rate: h.Rate, Bitrate: h.Bitrate, Channels: h.Channels, Samples: h.Samples, Size: h.Size}
		if ok != c.ok || got != c.want {
			t.Errorf("% x: %+v, %v", c.bytes, got, ok)
		}
	}
}

// frames returns n silent frames of Polly's kind: 24 kHz, 48 kbit/s, mono.
func frames(n int) []byte {
	frame := append([]byte{0xff, 0xf3, 0x64, 0xc4}, make([]byte, 140)...)
	return bytes.Repeat(frame, n)
}

func TestFramesAreFoundInWhatSurroundsThem(t *testing.T) {
	id3 := append([]byte("ID3\x04\x00\x00\x00\x00\x01\x05"), make([]byte, 133)...)
	info := frames(1)
	copy(info[4+9:], "Info")
	for name, stream := range map[string][]byte{
		"alone":      frames(10),
		"tagged":     append(append(append(id3, info...), frames(10)...), append([]byte("TAG"), make([]byte, 125)...)...),
		"after junk": append([]byte("junk\xff\xff"), frames(10)...),
	} {
		length, err := mp3.Length(stream)
		if length != 240*time.Millisecond || err != nil {
			t.Errorf("%s: %v, %v", name, length, err)
		}
	}
}

func TestWhatIsNotWhole(t *testing.T) {
	if length, err := mp3.Length(frames(10)[:1400]); !errors.Is(err, io.ErrUnexpectedEOF) || length != 216*time.Millisecond {
		t.Errorf("cut off: %v, %v", length, err)
	}
	if _, err := mp3.Length(bytes.Repeat([]byte("garbage "), 1000)); !errors.Is(err, mp3.ErrFormat) {
		t.Errorf("garbage: %v", err)
	}
	if length, err := mp3.Length(nil); length != 0 || err != nil {
		t.Errorf("nothing: %v, %v", length, err)
	}
}

// A real encoder's stream, taken apart and joined again, is as long as a real
// decoder finds it.
func TestLengthIsThatOfADecoder(t *testing.T) {
	lame, err := exec.LookPath("lame")
	if err != nil {
		t.Skip("lame is not installed")
	}
	encode := exec.CommandContext(t.Context(), lame, "--quiet", "-r", "-s", "24", "--bitwidth", "16", "-m", "m", "-b", "48", "-", "-")
	encode.Stdin = bytes.NewReader(tone(24000 * 3))
	stream, err := encode.Output()
	if err != nil {
		t.Fatal(err)
	}
	var joined []byte
	for r := mp3.NewReader(bytes.NewReader(stream)); ; {
		f, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		joined = append(joined, f.Data...)
	}
	length, err := mp3.Length(joined)
	if err != nil {
		t.Fatal(err)
	}
	decode := exec.CommandContext(t.Context(), lame, "--quiet", "--decode", "-t", "--mp3input", "-", "-")
	decode.Stdin = bytes.NewReader(joined)
	pcm, err := decode.Output()
	if err != nil {
		t.Fatal(err)
	}
	// The decoder drops the encoder's and its own delay; what it plays is at
	// most three frames shorter.
	played := time.Duration(len(pcm)/2) * time.Second / 24000
	if off := length - played; off < 0 || off > 72*time.Millisecond {
		t.Errorf("%v of frames play for %v", length, played)
	}
}

func tone(samples int) []byte {
	var pcm []byte
	for i := range samples {
		pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(8000*math.Sin(float64(i)/10))))
	}
	return pcm
}

func FuzzReader(f *testing.F) {
	f.Add(frames(3))
	f.Add([]byte("ID3\x04\x00\x00\x00\x00\x00\x01x\xff\xf3\x64\xc4"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := mp3.NewReader(bytes.NewReader(data))
		for read := 0; ; {
			frame, err := r.Next()
			if err != nil {
				return
			}
			if read += len(frame.Data); read > len(data) || frame.Duration() <= 0 || len(frame.Data) != frame.Size {
				t.Fatalf("%d bytes of %d, %+v", read, len(data), frame.Header)
			}
		}
	})
}
