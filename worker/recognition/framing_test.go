package recognition_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/thesyncim/gopus"

	"casey.internal/worker/ogg"
	"casey.internal/worker/recognition"
	"casey.internal/worker/recognition/recognitiontest"
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

// undecodable is one frame of 20 ms, with padding that is longer than the packet.
var undecodable = []byte{0x7b, 0x41, 0xff}

// TestAPacketThatCannotBeDecodedIsSilence has a packet whose length is known and
// whose rest is none, as a browser's bug or a bad network may send it.
func TestAPacketThatCannotBeDecodedIsSilence(t *testing.T) {
	good := toneChunks(t, 100*time.Millisecond)[0]
	framing, err := recognition.NewPCM()
	if err != nil {
		t.Fatal(err)
	}
	chunk, err := framing.Frame([][]byte{good[0], undecodable, good[1]})
	if err != nil || len(chunk) != 3*640 {
		t.Fatalf("%d bytes of 60 ms, %v", len(chunk), err)
	}
	if silence := chunk[640:1280]; !bytes.Equal(silence, make([]byte, 640)) {
		t.Error("something is heard of it")
	}
	if n := framing.(*recognition.PCM).Refused(); n != 1 {
		t.Errorf("%d packets were refused", n)
	}
}

func TestAPacketThatCannotBeDecodedEndsNoStream(t *testing.T) {
	packets := slices.Concat(toneChunks(t, time.Second)...)
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		r := recognition.New(new(recognitiontest.Recognizer), recognition.Config{Framing: recognition.NewPCM})
		ended := make(chan error, 1)
		go func() { ended <- r.Run(ctx) }()
		go func() {
			for range r.Results() { // the twin takes samples for words
			}
		}()
		for i, packet := range packets {
			if i == len(packets)/2 {
				packet = undecodable
			}
			r.Hear(packet, 20*time.Millisecond)
			time.Sleep(20 * time.Millisecond)
		}
		time.Sleep(time.Second)
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
		if s := r.Stats(); s.Streams != 1 || s.Refused != 1 {
			t.Errorf("%+v", s)
		}
	})
}
