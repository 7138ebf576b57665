package opus_test

import (
	"math"
	"slices"
	"testing"

	"github.com/thesyncim/gopus"

	"casey.internal/worker/opus"
)

// TestRepackSoundsTheSame decodes a tone packet by packet and joined two by two.
func TestRepackSoundsTheSame(t *testing.T) {
	packets := encodeTone(t, 50)
	var joined [][]byte
	for pair := range slices.Chunk(packets, 2) {
		if p, ok := opus.Repack(nil, pair...); ok {
			joined = append(joined, p)
		}
	}
	if len(joined) != 25 {
		t.Fatalf("%d packets joined, want 25", len(joined))
	}
	if !slices.Equal(decode(t, packets), decode(t, joined)) {
		t.Error("joined packets decode to other samples")
	}
}

// encodeTone returns n packets of 20 ms of 440 Hz.
func encodeTone(t *testing.T, n int) [][]byte {
	t.Helper()
	e, err := gopus.NewEncoder(gopus.EncoderConfig{SampleRate: 48000, Channels: 1, Application: gopus.ApplicationVoIP})
	if err != nil {
		t.Fatal(err)
	}
	var packets [][]byte
	pcm := make([]int16, 960)
	for i := range n {
		for j := range pcm {
			pcm[j] = int16(8000 * math.Sin(2*math.Pi*440*float64(i*960+j)/48000))
		}
		packet := make([]byte, 1500)
		size, err := e.EncodeInt16(pcm, packet)
		if err != nil {
			t.Fatal(err)
		}
		packets = append(packets, packet[:size])
	}
	return packets
}

func decode(t *testing.T, packets [][]byte) []int16 {
	t.Helper()
	d, err := gopus.NewDecoder(gopus.DefaultDecoderConfig(48000, 1))
	if err != nil {
		t.Fatal(err)
	}
	var all []int16
	pcm := make([]int16, opus.MaxSamples)
	for _, p := range packets {
		n, err := d.DecodeInt16(p, pcm)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, pcm[:n]...)
	}
	return all
}
