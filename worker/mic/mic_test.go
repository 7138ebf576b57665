package mic_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"casey.internal/worker/mic"
	"casey.internal/worker/ogg"
	"casey.internal/worker/opus"
)

const (
	ms    = time.Millisecond
	frame = 20 * ms
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// arrival is a packet on its way: spoken during the 20 ms before `spoken`.
type arrival struct {
	at, spoken time.Duration // since the start
	packet     mic.Packet
}

// speech returns the packets of a voice (or of a quiet room) between two times,
// the first with the given sequence number and timestamp. Each names its time.
func speech(from, to time.Duration, sequence uint16, timestamp uint32, voice bool) (all []arrival) {
	flag := byte(0x00)
	if voice {
		flag = 0x80
	}
	for t := from + frame; t <= to; t += frame {
		n := uint16(t / frame)
		all = append(all, arrival{t + 5*ms, t, mic.Packet{
			Sequence: sequence, Timestamp: timestamp, Payload: []byte{120, flag, byte(n >> 8), byte(n)},
		}})
		sequence, timestamp = sequence+1, timestamp+960
	}
	return all
}

// heard is a Sink that notes where in the stream each packet lies.
type heard struct {
	length time.Duration
	at     map[time.Duration]time.Duration // spoken -> its end in the stream
	order  []time.Duration
}

func (h *heard) hear(p []byte, length time.Duration) {
	h.length += length
	if len(p) == 4 {
		spoken := time.Duration(uint16(p[2])<<8|uint16(p[3])) * frame
		h.at[spoken] = h.length
		h.order = append(h.order, spoken)
	}
}

// replay lets packets arrive, with a tick every 20 ms, and checks after each
// that the stream is as long as the time that has passed, give or take bound.
func replay(t *testing.T, arrivals []arrival, until, bound time.Duration) (*mic.Mic, *heard) {
	t.Helper()
	h := &heard{at: map[time.Duration]time.Duration{}}
	m := mic.New(start, h.hear)
	slices.SortStableFunc(arrivals, func(a, b arrival) int { return int(a.at - b.at) })
	check := func(now time.Duration) {
		if d := m.Written() - now; d > bound || d < -bound {
			t.Fatalf("after %v the stream is %v long", now, m.Written())
		}
	}
	for tick := 11 * ms; tick <= until || len(arrivals) > 0; tick += frame {
		for len(arrivals) > 0 && arrivals[0].at <= tick {
			m.Packet(arrivals[0].packet, start.Add(arrivals[0].at))
			check(max(tick-frame, arrivals[0].at))
			arrivals = arrivals[1:]
		}
		m.Tick(start.Add(tick))
		check(tick)
	}
	if m.Written() != h.length {
		t.Errorf("%v written, %v said", h.length, m.Written())
	}
	return m, h
}

// inPlace checks that the packets came in order and each at its time.
func inPlace(t *testing.T, h *heard) {
	t.Helper()
	if !slices.IsSorted(h.order) {
		t.Error("packets out of order")
	}
	for spoken, at := range h.at {
		if d := at - spoken; d > 65*ms || d < -60*ms {
			t.Fatalf("what was said until %v ends at %v of the stream", spoken, at)
		}
	}
}

func TestSteady(t *testing.T) {
	m, h := replay(t, speech(0, 10*time.Second, 65500, 1<<32-48000, true), 10*time.Second, 60*ms)
	inPlace(t, h)
	if s := m.Stats(); s.Packets != 500 || s.Filled > frame || s.Dropped+s.Late+s.Refused != 0 {
		t.Errorf("%+v", s)
	}
}

func TestFramesOf40ms(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	var all []arrival
	for i := range 250 {
		spoken := time.Duration(i+1) * 40 * ms
		all = append(all, arrival{spoken + time.Duration(5+random.IntN(15))*ms, spoken, mic.Packet{
			Sequence: uint16(i), Timestamp: uint32(i * 1920), Payload: []byte{121, 0x80, 1, 0x80, 1}, // two frames of 20 ms
		}})
	}
	m, _ := replay(t, all, 10*time.Second, 60*ms)
	if s := m.Stats(); s.Packets != 250 || s.Filled > frame || s.Dropped+s.Late != 0 {
		t.Errorf("%+v", s)
	}
}

func TestLoss(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	all := speech(0, 20*time.Second, 1, 0, true)
	kept := slices.DeleteFunc(slices.Clone(all), func(arrival) bool { return random.IntN(10) == 0 })
	m, h := replay(t, kept, 20*time.Second, 60*ms)
	inPlace(t, h)
	lost := time.Duration(len(all)-len(kept)) * frame
	if s := m.Stats(); s.Packets != len(kept) || s.Filled < lost || s.Filled > lost+2*frame {
		t.Errorf("%d of %d packets arrived: %+v", len(kept), len(all), s)
	}
}

func TestReordered(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	all := speech(0, 20*time.Second, 1, 0, true)
	for i := range all {
		all[i].at += time.Duration(random.IntN(45)) * ms
	}
	m, h := replay(t, all, 20*time.Second, 60*ms)
	inPlace(t, h)
	if s := m.Stats(); s.Packets < len(all)-1 || s.Filled > 100*ms {
		t.Errorf("of %d packets up to 45 ms late: %+v", len(all), s)
	}
}

func TestDuplicates(t *testing.T) {
	all := speech(0, 5*time.Second, 1, 0, true)
	m, _ := replay(t, append(slices.Clone(all), all...), 5*time.Second, 60*ms)
	if s := m.Stats(); s.Packets != len(all) || s.Late != len(all) {
		t.Errorf("%d packets twice: %+v", len(all), s)
	}
}

// late lets the packets spoken in a stretch all arrive at its end.
func late(all []arrival, from, to time.Duration) []arrival {
	for i := range all {
		if all[i].spoken > from && all[i].spoken <= to {
			all[i].at = to + 5*ms
		}
	}
	return all
}

func TestBurst(t *testing.T) {
	all := late(speech(0, 5*time.Second, 1, 0, true), time.Second, 1100*ms)
	m, h := replay(t, all, 5*time.Second, 65*ms)
	inPlace(t, h)
	if s := m.Stats(); s.Packets != len(all) {
		t.Errorf("%d packets: %+v", len(all), s)
	}
}

// TestStall keeps all speech of a network that stood still for 300 ms, and has
// given the time back when the speaker pauses.
func TestStall(t *testing.T) {
	all := late(speech(0, 2*time.Second, 1, 0, true), time.Second, 1300*ms)
	all = append(all, speech(2*time.Second, 3*time.Second, 101, 96000, false)...)
	m, h := replay(t, all, 3*time.Second, 305*ms)
	for _, a := range all[:100] {
		if _, ok := h.at[a.spoken]; !ok {
			t.Fatalf("what was said until %v is lost", a.spoken)
		}
	}
	if d := m.Written() - 3*time.Second; d > 60*ms || d < -60*ms {
		t.Errorf("3 s later the stream is %v long", m.Written())
	}
}

func TestSilenceThatIsNotSent(t *testing.T) {
	for name, timestamp := range map[string]uint32{
		"DTX: the timestamp covers it":                 5 * 48000,
		"a replaced track: the timestamp says nothing": 48000,
		"another stream's timestamp":                   0x80000000,
	} {
		all := speech(0, time.Second, 1, 0, true)
		all = append(all, speech(5*time.Second, 6*time.Second, 51, timestamp, true)...)
		m, h := replay(t, all, 8*time.Second, 60*ms)
		inPlace(t, h)
		if s := m.Stats(); s.Packets != 100 || s.Filled < 5900*ms {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

// TestALongGapIsSilence leaves a lost packet or five to the decoder, and fills with
// encoded silence what was not sent at all, with DTX's own packets in between.
func TestALongGapIsSilence(t *testing.T) {
	lost := speech(0, time.Second, 1, 0, true)
	lost = append(lost, speech(1100*ms, 2*time.Second, 56, 52800, true)...)
	dtx := speech(0, time.Second, 1, 0, true)
	for at := 1400 * ms; at <= 5*time.Second; at += 400 * ms {
		sequence := uint16(50 + (at-time.Second)/(400*ms))
		dtx = append(dtx, speech(at-frame, at, sequence, uint32((at-frame)*48/ms), false)...)
	}
	for name, c := range map[string]struct {
		all                  []arrival
		until                time.Duration
		least, most, silence time.Duration // concealed, silence
	}{
		"lost": {lost, 2 * time.Second, 80 * ms, 120 * ms, 0},
		"DTX":  {dtx, 5 * time.Second, 900 * ms, 1200 * ms, 2600 * ms},
		"none": {nil, 3 * time.Second, 100 * ms, 100 * ms, 2800 * ms},
	} {
		var concealed, silent time.Duration
		m := mic.New(start, func(packet []byte, length time.Duration) {
			switch {
			case len(packet) == 1:
				concealed += length
			case bytes.Equal(packet, opus.Silence()):
				silent += length
			}
		})
		for tick := 11 * ms; tick <= c.until; tick += frame {
			for len(c.all) > 0 && c.all[0].at <= tick {
				m.Packet(c.all[0].packet, start.Add(c.all[0].at))
				c.all = c.all[1:]
			}
			m.Tick(start.Add(tick))
		}
		if concealed < c.least || concealed > c.most || silent < c.silence || (c.silence == 0) != (silent == 0) {
			t.Errorf("%s: %v concealed, %v of silence", name, concealed, silent)
		}
		if d := m.Written() - c.until; d > 60*ms || d < -80*ms {
			t.Errorf("%s: %v long after %v", name, m.Written(), c.until)
		}
	}
}

func TestSequenceJumps(t *testing.T) {
	all := speech(0, time.Second, 1, 0, true)
	all = append(all, speech(time.Second, 2*time.Second, 40000, 7, true)...)
	all = append(all, speech(2*time.Second, 3*time.Second, 300, 1<<31, true)...)
	m, h := replay(t, all, 3*time.Second, 60*ms)
	inPlace(t, h)
	if s := m.Stats(); s.Packets != len(all) {
		t.Errorf("%d packets: %+v", len(all), s)
	}
}

// TestBrowsersClockIsOff runs for an hour with a clock that is 200 ppm fast or slow.
func TestBrowsersClockIsOff(t *testing.T) {
	for _, ppm := range []int{-200, 200} {
		all := speech(0, time.Hour, 1, 0, true)
		for i := range all {
			all[i].at -= all[i].at / 1e6 * time.Duration(ppm)
		}
		m, _ := replay(t, all, 3590*time.Second, 60*ms)
		drift := 3600 * time.Second / 1e6 * 200
		s := m.Stats()
		if given := time.Duration(s.Dropped)*frame + s.Filled; given > drift+200*ms || s.Packets < 179000 {
			t.Errorf("%d ppm: %+v", ppm, s)
		}
	}
}

func TestNothingArrives(t *testing.T) {
	m, _ := replay(t, nil, 30*time.Second, 60*ms)
	if s := m.Stats(); s.Packets != 0 || s.Filled < 29*time.Second {
		t.Errorf("%+v", s)
	}
}

func TestGarbageIsRefused(t *testing.T) {
	m, _ := replay(t, []arrival{{at: ms}, {at: 2 * ms, packet: mic.Packet{Payload: []byte{3}}}}, time.Second, 60*ms)
	if s := m.Stats(); s.Refused != 2 {
		t.Errorf("%+v", s)
	}
}

// TestOggHasTheSameLength muxes a lossy stream and reads it back.
func TestOggHasTheSameLength(t *testing.T) {
	var data []byte
	muxer := ogg.NewMuxer(1)
	m := mic.New(start, func(packet []byte, _ time.Duration) {
		var err error
		if data, err = muxer.Append(data, packet); err != nil {
			t.Fatal(err)
		}
	})
	for i, a := range speech(0, 3*time.Second, 1, 0, true) {
		if i%7 != 3 {
			m.Packet(a.packet, start.Add(a.at))
		}
		m.Tick(start.Add(a.at + 10*ms))
	}
	var samples int64
	d := ogg.NewDemuxer(bytes.NewReader(data))
	for {
		_, n, err := d.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		samples += int64(n)
	}
	if got := opus.Duration(samples); got != m.Written() {
		t.Errorf("%v in the pages, %v written", got, m.Written())
	}
}

func TestPacketsDoNotAllocate(t *testing.T) {
	m := mic.New(start, func([]byte, time.Duration) {})
	all := speech(0, 100*time.Second, 1, 0, true)
	for i := 0; i+1 < 2000; i += 2 { // every pair swapped
		all[i], all[i+1] = all[i+1], all[i]
	}
	i := 0
	if n := testing.AllocsPerRun(4000, func() {
		m.Packet(all[i].packet, start.Add(all[i].at))
		i++
	}); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
}
