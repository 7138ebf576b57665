package pipeline

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/thesyncim/gopus"

	"casey.internal/worker/mic"
	"casey.internal/worker/opus"
	"casey.internal/worker/peer"
	"casey.internal/worker/recognition"
	"casey.internal/worker/recognition/recognitiontest"
)

const (
	frame   = 20 * time.Millisecond
	samples = 960             // of a frame
	pause   = 3 * time.Second // before and after a recording
)

// clicking is a recording in which a microphone is switched on and off audibly: clicks as
// loud as the voice, which need not be sent.
const clicking = "v2j-what_time_is_it.wav"

// TestNoBeginningIsCut speaks recordings of people into a microphone, each after a long
// silence, as Opus with its voice flag and its level, and looks for sound that recognition
// was not sent: at several levels, in a quiet room and in noise, with the microphone's
// usual delays. A word's beginning is 30 dB below the loudest or louder.
func TestNoBeginningIsCut(t *testing.T) {
	folder := os.Getenv("CASEY_SPEECH")
	if folder == "" {
		t.Skip("CASEY_SPEECH names no folder of recordings")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.[wfr]*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d recordings: %v", len(files), err)
	}
	var said []float32
	for _, file := range files {
		if filepath.Base(file) == clicking {
			continue
		}
		said = append(append(said, make([]float32, pause*48000/time.Second)...), recording(t, file)...)
	}
	said = append(said, make([]float32, pause*48000/time.Second)...)
	levels := levelsOf(said)
	most := slices.Sorted(slices.Values(levels))[len(levels)*99/100]
	packets := encoded(t, said)
	for _, loud := range []float64{-10, -16, -26} {
		for _, noise := range []float64{-75, -62, loud - 20} {
			h := speakInto(t, packets, levels, loud-most, noise)
			t.Logf("voice at %v dBov, noise at %v: %v sent of %v, %d frames with sound, %d not sent", loud, noise, h.sent, h.all, h.audible, h.cut)
			if h.cut > 0 || h.audible < 500 {
				t.Errorf("of %d frames with sound %d were not sent", h.audible, h.cut)
			}
		}
	}
}

// heardOf is what recognition was sent of a recording.
type heardOf struct {
	sent, all    time.Duration
	audible, cut int // frames that are 30 dB below the loudest or louder, and over the noise
}

// speakInto plays packets into a microphone, with their levels raised and some noise.
func speakInto(t *testing.T, packets [][]byte, levels []float64, gain, noise float64) (h heardOf) {
	t.Helper()
	loud := slices.Max(levels) + gain
	audible := func(i int) bool { return levels[i]+gain > max(loud-30, noise+6) }
	random := rand.New(rand.NewPCG(1, 2))
	level := func(i int) uint8 {
		heard := 10 * math.Log10(math.Pow(10, (levels[i]+gain)/10)+math.Pow(10, (noise+random.NormFloat64())/10))
		return uint8(min(127, max(0, math.Round(-heard))))
	}
	synctest.Test(t, func(t *testing.T) {
		sent := noted{}
		framing := func() (recognition.Framing, error) { return sent, nil }
		r := recognition.New(new(recognitiontest.Recognizer), recognition.Config{Framing: framing, Silence: new(recognition.Silence)})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); _ = r.Run(ctx) }()
		began := time.Now()
		m, l := mic.New(began, r.Hear), newListener(r, began)
		for i := range packets {
			time.Sleep(frame)
			now := time.Now()
			if i%50 == 7 { // one comes late, with the next
				continue
			}
			late := 0
			if i%50 == 8 {
				late = 1
			}
			for n := i - late; n <= i; n++ {
				m.Packet(mic.Packet{Sequence: uint16(n), Timestamp: uint32(n * samples), Payload: packets[n]}, now)
				l.packet(peer.Packet{Level: level(n), HasLevel: true, Payload: packets[n], Arrived: now})
			}
			m.Tick(now)
			l.tick(now)
		}
		time.Sleep(time.Second)
		stop()
		<-ended
		h.all, h.sent = r.Heard(), r.Heard()-r.Stats().Withheld
		for i, packet := range packets {
			if audible(i) {
				if h.audible++; !sent[string(packet)] {
					t.Logf("not sent: %v, %.0f dBov", time.Duration(i)*frame, levels[i]+gain)
					h.cut++
				}
			}
		}
	})
	return h
}

// noted notes which packets are framed: no two with sound are the same.
type noted map[string]bool

// Frame implements recognition.Framing.
func (n noted) Frame(packets [][]byte) ([]byte, error) {
	for _, p := range packets {
		n[string(p)] = true
	}
	return []byte(recognitiontest.Silence), nil
}

// encoded is sound as a browser sends it: Opus for speech at 32 kb/s.
func encoded(t *testing.T, sound []float32) (packets [][]byte) {
	t.Helper()
	encoder, err := gopus.NewEncoder(gopus.EncoderConfig{SampleRate: 48000, Channels: 1, Application: gopus.ApplicationVoIP})
	if err != nil {
		t.Fatal(err)
	}
	if err := encoder.SetBitrate(32000); err != nil {
		t.Fatal(err)
	}
	flags, packet := 0, make([]byte, 4000)
	for i := 0; i+samples <= len(sound); i += samples {
		n, err := encoder.Encode(sound[i:i+samples], packet)
		if err != nil {
			t.Fatal(err)
		}
		packets = append(packets, bytes.Clone(packet[:n]))
		if _, known := opus.Voice(packet[:n]); known {
			flags++
		}
	}
	if flags < len(packets)/2 {
		t.Logf("%d packets of %d have a voice flag", flags, len(packets))
	}
	return packets
}

// levelsOf are the levels of frames, in dBov.
func levelsOf(sound []float32) (levels []float64) {
	for i := 0; i+samples <= len(sound); i += samples {
		sum := 0.0
		for _, s := range sound[i : i+samples] {
			sum += float64(s) * float64(s)
		}
		levels = append(levels, 10*math.Log10(max(sum/samples, 1e-12)))
	}
	return levels
}

// recording reads one as mono at 48 kHz; what has no header is 16 kHz.
func recording(t *testing.T, file string) (sound []float32) {
	t.Helper()
	args := []string{file}
	if strings.HasSuffix(file, ".raw") {
		args = []string{"-r", "16000", "-e", "signed", "-b", "16", "-c", "1", file}
	}
	out, err := exec.CommandContext(t.Context(), "sox", append(args, "-t", "raw", "-r", "48000", "-e", "signed", "-b", "16", "-c", "1", "-")...).Output()
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for i := 0; i+1 < len(out); i += 2 {
		sound = append(sound, float32(int16(binary.LittleEndian.Uint16(out[i:])))/32768)
	}
	return sound
}

// TestABrowserWithoutLevelsIsAVoice: nothing is withheld of what may be speech.
func TestABrowserWithoutLevelsIsAVoice(t *testing.T) {
	for has, most := range map[bool]time.Duration{false: 0, true: 20 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			r := recognition.New(new(recognitiontest.Recognizer), recognition.Config{
				Framing: func() (recognition.Framing, error) { return noted{}, nil }, Silence: new(recognition.Silence),
			})
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan struct{})
			go func() { defer close(ended); _ = r.Run(ctx) }()
			l := newListener(r, time.Now())
			for range 1000 {
				time.Sleep(frame)
				r.Hear(opus.Silence(), frame)
				l.packet(peer.Packet{Level: 65, HasLevel: has, Payload: opus.Silence(), Arrived: time.Now()})
				l.tick(time.Now())
			}
			stop()
			<-ended
			if withheld := r.Stats().Withheld; withheld > most || has && withheld < 18*time.Second {
				t.Errorf("with levels: %v: %v of 20s withheld", has, withheld)
			}
		})
	}
}
