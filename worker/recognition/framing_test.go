package recognition_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/thesyncim/gopus"

	"casey.internal/worker/ogg"
	"casey.internal/worker/recognition"
)

const tone = 440 // Hz

// toneChunks returns a tone as the packets of chunks of 100 ms.
func toneChunks(t *testing.T, length time.Duration) (chunks [][][]byte) {
	t.Helper()
	encoder, err := gopus.NewEncoder(gopus.EncoderConfig{SampleRate: 48000, Channels: 1, Application: gopus.ApplicationVoIP})
	if err != nil {
		t.Fatal(err)
	}
	var packets [][]byte
	frame, packet := make([]float32, 960), make([]byte, 4000)
	for at := 0; at < int(length/(20*time.Millisecond))*960; at += 960 {
		for i := range frame {
			frame[i] = 0.5 * float32(math.Sin(2*math.Pi*tone*float64(at+i)/48000))
		}
		n, err := encoder.Encode(frame, packet)
		if err != nil {
			t.Fatal(err)
		}
		packets = append(packets, bytes.Clone(packet[:n]))
	}
	return slices.Collect(slices.Chunk(packets, 5))
}

func TestPCMSoundsTheSame(t *testing.T) {
	framing, err := recognition.NewPCM()
	if err != nil {
		t.Fatal(err)
	}
	var samples []int16
	for _, packets := range toneChunks(t, 2*time.Second) {
		chunk, err := framing.Frame(packets)
		if err != nil {
			t.Fatal(err)
		}
		if len(chunk) != 3200 {
			t.Fatalf("a chunk of %d bytes", len(chunk))
		}
		for i := 0; i < len(chunk); i += 2 {
			samples = append(samples, int16(binary.LittleEndian.Uint16(chunk[i:])))
		}
	}
	if len(samples) != 32000 {
		t.Fatalf("%d samples of two seconds", len(samples))
	}
	if got := frequency(samples[8000:]); math.Abs(got-tone) > 2 {
		t.Errorf("heard %.0f Hz", got)
	}
}

// frequency counts where a tone at 16 kHz crosses zero upwards.
func frequency(samples []int16) float64 {
	crossings := 0
	for i, s := range samples[1:] {
		if samples[i] < 0 && s >= 0 {
			crossings++
		}
	}
	return float64(crossings) * 16000 / float64(len(samples))
}

func TestOggStreamBeginsAnywhere(t *testing.T) {
	framing, err := recognition.NewOgg()
	if err != nil {
		t.Fatal(err)
	}
	var stream bytes.Buffer
	for _, packets := range toneChunks(t, time.Second)[3:] {
		chunk, err := framing.Frame(packets)
		if err != nil {
			t.Fatal(err)
		}
		stream.Write(chunk)
	}
	packets, total := ogg.NewDemuxer(&stream), 0
	for {
		_, samples, err := packets.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		total += samples
	}
	if total != 33600 {
		t.Errorf("%d samples of 700 ms", total)
	}
}

func TestGarbageIsAnError(t *testing.T) {
	for name, begin := range map[string]func() (recognition.Framing, error){"ogg": recognition.NewOgg, "pcm": recognition.NewPCM} {
		framing, err := begin()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := framing.Frame([][]byte{[]byte("garbage")}); err == nil {
			t.Errorf("%s framed garbage", name)
		}
	}
}
