package oggopus_test

import (
	"bytes"
	"encoding/binary"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"casey.internal/cdk/local/aws/oggopus"
)

// encode returns a second and a half of a tone as an encoder writes it, with so
// much audio on a page.
func encode(t testing.TB, page string) []byte {
	t.Helper()
	pcm := make([]byte, 0, 48000)
	for i := range 24000 {
		pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(i%40*200)))
	}
	c := exec.CommandContext(t.Context(), "opusenc", strings.Fields("--quiet --raw --raw-rate 16000 --raw-chan 1 --max-delay "+page+" - -")...)
	c.Stdin = bytes.NewReader(pcm)
	out, err := c.Output()
	if err != nil {
		t.Fatal("opusenc:", err)
	}
	return out
}

// read returns the packets of a stream that comes in pieces of a size.
func read(t testing.TB, stream []byte, size int) [][]byte {
	t.Helper()
	var r oggopus.Reader
	var packets [][]byte
	for piece := range slices.Chunk(stream, size) {
		found, err := r.Push(piece)
		if err != nil {
			t.Fatal(err)
		}
		packets = append(packets, found...)
	}
	return packets
}

func TestPacketsDoNotDependOnPagesAndPieces(t *testing.T) {
	want := read(t, encode(t, "20"), 1<<20)
	samples := 0
	for _, p := range want {
		samples += oggopus.Samples(p)
	}
	if samples < 72000 || samples > 74000 {
		t.Errorf("%d samples of 72000", samples)
	}
	for _, page := range []string{"20", "100", "1000"} {
		stream := encode(t, page)
		for _, size := range []int{1, 7, 255, 1 << 20} {
			if got := read(t, stream, size); !slices.EqualFunc(got, want, bytes.Equal) {
				t.Errorf("pages of %s ms in pieces of %d: %d packets, want %d", page, size, len(got), len(want))
			}
		}
	}
}

func TestForeignPagesAreSkippedAndCounted(t *testing.T) {
	one, other := encode(t, "100"), encode(t, "100") // of another serial number
	var r oggopus.Reader
	own, err := r.Push(one)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := r.Push(other)
	if err != nil || len(foreign) != 0 || len(own) == 0 {
		t.Errorf("%d packets, %d foreign, %v", len(own), len(foreign), err)
	}
	if pages := bytes.Count(other, []byte("OggS")); r.Foreign() != pages {
		t.Errorf("%d foreign pages of %d", r.Foreign(), pages)
	}
}

func TestDamagedPageIsRefused(t *testing.T) {
	stream := encode(t, "100")
	stream[len(stream)/2] ^= 1
	var r oggopus.Reader
	if _, err := r.Push(stream); err == nil {
		t.Error("a damaged page was taken")
	}
}

func TestSamples(t *testing.T) {
	for _, c := range []struct {
		packet []byte
		want   int
	}{
		{nil, 0}, {[]byte{0xf8, 0xff, 0xfe}, 960}, {[]byte{0x08}, 960}, {[]byte{0x19, 1}, 5760}, {[]byte{0x1b, 3}, 0}, {[]byte{0xfb, 2}, 1920}, {[]byte{0xfb}, 0},
	} {
		if got := oggopus.Samples(c.packet); got != c.want {
			t.Errorf("% x: %d samples, want %d", c.packet, got, c.want)
		}
	}
}

func FuzzPush(f *testing.F) {
	stream := encode(f, "100")
	f.Add(stream, 100)
	f.Add([]byte("OggS"), 1)
	f.Fuzz(func(t *testing.T, stream []byte, size int) {
		var r oggopus.Reader
		for piece := range slices.Chunk(stream, 1+size&0xfff) {
			packets, err := r.Push(piece)
			if err != nil {
				return
			}
			for _, p := range packets {
				if n := oggopus.Samples(p); n < 0 || n > 5760 {
					t.Errorf("%d samples", n)
				}
			}
		}
	})
}
