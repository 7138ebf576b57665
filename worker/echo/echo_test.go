package echo_test

import (
	"encoding/base64"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/thesyncim/gopus"

	"casey.internal/worker/echo"
)

const (
	rate   = 48000
	length = rate * 6 / 5 // of all sounds
)

// loud is the level of a voice, in -dBov.
const loud = 25

var start = time.Unix(1000, 0)

func at(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }

// ms is so many samples.
func ms(n int) int { return n * rate / 1000 }

// person returns somebody's speech, or of nearly that: pulses of a pitch that
// moves, through a mouth that changes every tenth of a second, and hissing now and then.
func person(seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	s := make([]float64, length)
	pitch, phase := 90+120*r.Float64(), 0.0
	var filters [3]resonator
	hiss := false
	for i := range s {
		if i%ms(100) == 0 {
			for k, from := range []float64{300, 900, 2000} {
				filters[k].tune(from+r.Float64()*from*1.2, 60+40*r.Float64())
			}
			pitch *= 0.9 + 0.2*r.Float64()
			hiss = r.IntN(4) == 0
		}
		sound := 0.0
		if phase += pitch / rate; phase >= 1 {
			phase, sound = phase-1, 1
		}
		if hiss {
			sound = 0.1 * r.NormFloat64()
		}
		for k := range filters {
			s[i] += filters[k].next(sound)
		}
	}
	loudest := 0.0
	for _, x := range s {
		loudest = max(loudest, math.Abs(x))
	}
	for i := range s {
		s[i] *= 0.5 / loudest
	}
	return s
}

type resonator struct{ a, b, y, z float64 }

func (f *resonator) tune(hz, width float64) {
	r := math.Exp(-math.Pi * width / rate)
	f.a, f.b = 2*r*math.Cos(2*math.Pi*hz/rate), -r*r
}

func (f *resonator) next(x float64) float64 {
	f.y, f.z = x+f.a*f.y+f.b*f.z, f.y
	return f.y
}

// moved returns a sound as it is so many ms later, at a share of its loudness.
func moved(s []float64, later int, share float64) []float64 {
	out := make([]float64, length)
	for i := range out {
		if from := i - ms(later); from >= 0 && from < len(s) {
			out[i] = share * s[from]
		}
	}
	return out
}

// mixed is two sounds at once.
func mixed(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] + b[i]
	}
	return out
}

// inRoom is a sound with what comes back from the walls, a third as strong in all.
func inRoom(s []float64) []float64 {
	r := rand.New(rand.NewPCG(9, 9))
	out := append([]float64(nil), s...)
	for range 60 {
		after := ms(5) + r.IntN(ms(150))
		share := 0.13 * r.NormFloat64() * math.Exp(-float64(after)/float64(ms(90)))
		for i := after; i < len(s); i++ {
			out[i] += share * s[i-after]
		}
	}
	return out
}

// clipped is a sound out of a loudspeaker that is too small for it.
func clipped(s []float64) []float64 {
	out := make([]float64, len(s))
	for i, x := range s {
		out[i] = math.Tanh(6*x) / 6
	}
	return out
}

// packets are a sound in packets of 20 ms.
func packets(t testing.TB, s []float64) (all [][]byte) {
	t.Helper()
	encoder, err := gopus.NewEncoder(gopus.EncoderConfig{SampleRate: rate, Channels: 1, Application: gopus.ApplicationVoIP})
	if err != nil {
		t.Fatal(err)
	}
	if err := encoder.SetBitrate(32000); err != nil {
		t.Fatal(err)
	}
	frame, packet := make([]float32, ms(20)), make([]byte, 1500)
	for i := 0; i+len(frame) <= len(s); i += len(frame) {
		for k := range frame {
			frame[k] = float32(s[i+k])
		}
		n, err := encoder.Encode(frame, packet)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, append([]byte(nil), packet[:n]...))
	}
	return all
}

// level is that of a sound, in -dBov.
func level(s []float64) uint8 {
	energy := 0.0
	for _, x := range s {
		energy += x * x
	}
	return uint8(min(127, -10*math.Log10(energy/float64(len(s))+1e-13)))
}

// apart has an interviewer say one sound while the microphone hears another, and returns how
// long after its onset a voice is known to be no echo; -1 = it is not. Some packets of the
// microphone are lost.
func apart(t *testing.T, out [][]byte, heard []float64, onset int, lost func(n int) bool) int {
	t.Helper()
	var d echo.Detector
	in := packets(t, heard)
	for n := range out {
		now := at(20 * n)
		d.Sent(now, uint32(77+960*n), out[n])
		if lost(n) {
			continue
		}
		now = now.Add(19 * time.Millisecond)
		d.Heard(now, uint32(4e9)+uint32(960*n), level(heard[ms(20*n):ms(20*n+20)]), in[n])
		if 20*n > onset && d.Apart(at(onset), now) {
			return 20*n - onset
		}
	}
	return -1
}

func TestAVoiceIsLikeNothingThatWasSent(t *testing.T) {
	never := func(int) bool { return false }
	tenth := func(n int) bool { return n%10 == 3 }
	sent := person(1)
	out := packets(t, sent)
	for _, c := range []struct {
		name  string
		heard []float64
		onset int
		lost  func(int) bool
		known bool
	}{
		{"somebody at once", moved(person(3), 20, 1), 20, never, true},
		{"somebody of whom a tenth is lost", moved(person(5), 600, 1), 600, tenth, true},
		{"somebody far louder than an echo", mixed(moved(person(6), 500, 1), moved(sent, 200, 0.1)), 500, never, true},
		{"somebody quiet", moved(person(7), 400, 0.05), 400, never, true},
		{"a quiet echo", moved(sent, 100, 0.02), 100, never, false},
		{"a late one", moved(sent, 700, 0.3), 700, never, false},
		{"one of which a tenth is lost", moved(sent, 100, 0.3), 100, tenth, false},
		{"one that is cancelled soon", moved(sent[:ms(80)], 100, 0.3), 100, never, false},
		{"one in a room", moved(inRoom(sent), 100, 0.3), 100, never, false},
		{"one of a small loudspeaker", moved(clipped(sent), 100, 0.3), 100, never, false},
	} {
		got := apart(t, out, c.heard, c.onset, c.lost)
		if c.known && (got < 0 || got > 220) || !c.known && got >= 0 {
			t.Errorf("%s: known after %d ms, want %v", c.name, got, c.known)
		}
	}
}

// A voice that comes after an echo is no other one where voices are told from quiet alone.
func TestSomebodyAfterAnEchoIsKnown(t *testing.T) {
	sent := person(1)
	heard := mixed(moved(sent[:ms(80)], 100, 0.3), moved(person(2), 500, 1))
	got := apart(t, packets(t, sent), heard, 100, func(int) bool { return false })
	if got < 500-100 || got > 500-100+180 {
		t.Errorf("known %d ms after the echo, want 400 to 580", got)
	}
}

// What a Chromium sent in rooms with an echo of 18 dB less, of none less and of none at all
// (cdk/verify/room), what it was sent meanwhile, and whose voice it was.
func TestVoicesInRooms(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no rooms: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { hearRoom(t, file) })
	}
}

// hearRoom plays what happened: a line that says whose voice was heard from which ms on, and
// one for each packet with its direction, its ms, its timestamp, its level and itself.
func hearRoom(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	first, rest, _ := strings.Cut(string(text), "\n")
	var whose string
	var onset int
	if _, err := fmt.Sscan(first, &whose, &onset); err != nil {
		t.Fatal(err)
	}
	var d echo.Detector
	known := -1
	for line := range strings.Lines(rest) {
		var way string
		var now int
		var timestamp uint32
		var level uint8
		var packet []byte
		if _, err := fmt.Sscan(line, &way, &now, &timestamp, &level, &packet); err != nil {
			t.Fatal(err)
		}
		payload, err := base64.StdEncoding.DecodeString(string(packet))
		if err != nil {
			t.Fatal(err)
		}
		if way == "sent" {
			d.Sent(at(now), timestamp, payload)
			continue
		}
		d.Heard(at(now), timestamp, level, payload)
		if known < 0 && d.Apart(at(onset), at(now)) {
			known = now - onset
		}
	}
	if whose == "voice" && (known < 0 || known > 220) || whose == "echo" && known >= 0 {
		t.Errorf("known after %d ms to be no echo", known)
	}
	t.Logf("known after %d ms", known)
}

// A page that was away, clocks that jump and packets that are none must not matter.
func TestWhatIsLongAgoDoesNotCount(t *testing.T) {
	var d echo.Detector
	if d.Apart(at(0), at(200)) {
		t.Error("a voice that nobody heard is somebody's")
	}
	d.Heard(at(0), 0, loud, nil)
	d.Sent(at(0), 0, nil)
	if d.Apart(at(-200), at(0)) {
		t.Error("a voice without a sound is somebody's")
	}
	sound := packets(t, person(1))[:20]
	for n, p := range sound {
		d.Sent(at(20*n), uint32(960*n), p)
	}
	for n, p := range sound {
		d.Heard(at(60_000+20*n), uint32(960*n), loud, p)
		d.Heard(at(60_000+20*n), 0, loud, []byte{255, 255})
	}
	if !d.Apart(at(60_200), at(60_380)) {
		t.Error("what was sent a minute ago is taken for what could echo")
	}
	if d.Apart(at(-5000), at(-4000)) || d.Apart(at(60_380), at(0)) || d.Apart(at(0), at(60_380)) {
		t.Error("a voice of no time is somebody's")
	}
}

// After half a minute of sound no browser has anything to learn, and nothing is kept for it.
func TestOneWhoHasHeardEnoughIsNotJudged(t *testing.T) {
	var d echo.Detector
	voice, sound := packets(t, person(2)), packets(t, person(1))
	for n := range 1600 {
		d.Sent(at(20*n), uint32(960*n), sound[n%len(sound)])
		d.Heard(at(20*n), uint32(960*n), loud, voice[n%len(voice)])
		if n == 1495 && !d.Apart(at(20*n-200), at(20*n)) || n == 1505 && d.Apart(at(20*n-200), at(20*n)) {
			t.Errorf("wrong after %d ms", 20*n)
		}
	}
}

func TestAPacketAllocatesNothing(t *testing.T) {
	var d echo.Detector
	n, packet := 0, make([]byte, 100)
	add := func() {
		d.Sent(at(20*n), uint32(960*n), packet)
		d.Heard(at(20*n), uint32(960*n), loud, packet)
		n++
	}
	for range 64 {
		add()
	}
	if n := testing.AllocsPerRun(300, add); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
}

func BenchmarkPacket(b *testing.B) {
	var d echo.Detector
	packet := packets(b, person(1))[0]
	for n := 0; b.Loop(); n++ {
		if n%500 == 0 {
			d = echo.Detector{}
		}
		d.Sent(at(20*n), uint32(960*n), packet)
		d.Heard(at(20*n), uint32(960*n), loud, packet)
	}
}

func BenchmarkApart(b *testing.B) {
	var d echo.Detector
	voice := packets(b, person(2))
	for n, p := range packets(b, person(1)) {
		d.Sent(at(20*n), uint32(960*n), p)
		d.Heard(at(20*n), uint32(960*n), loud, voice[n])
	}
	for b.Loop() {
		d.Apart(at(1020), at(1180))
	}
}
