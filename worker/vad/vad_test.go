package vad_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"casey.internal/worker/vad"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// stretch is some time of one kind of packets.
type stretch struct {
	of      time.Duration
	level   int // -1: packets without a level
	payload []byte
	frame   time.Duration // 20 ms unless given
	raise   int           // -1 sets it back to 0
}

var (
	voiced   = append([]byte{120, 0x80}, make([]byte, 70)...)
	unvoiced = append([]byte{120, 0x00}, make([]byte, 70)...)
	music    = append([]byte{248}, make([]byte, 70)...)
	muted    = append([]byte{248}, make([]byte, 34)...)
	double   = append([]byte{121, 0x80}, make([]byte, 141)...) // two voiced frames
	nothing  []byte                                            // no packets at all
)

// play runs stretches through a detector, ticking every 20 ms, and returns what
// it said with times in ms.
func play(d *vad.Detector, stretches ...stretch) string {
	var said []string
	note := func(e vad.Event) {
		switch e.Kind {
		case vad.Started:
			said = append(said, fmt.Sprintf("started %d", e.At.Sub(start).Milliseconds()))
		case vad.Ended:
			said = append(said, fmt.Sprintf("ended %d", e.At.Sub(start).Milliseconds()))
		}
	}
	now := start
	for _, s := range stretches {
		if s.raise != 0 {
			d.Raise(uint8(max(0, s.raise)))
		}
		frame := max(s.frame, 20*time.Millisecond)
		for end := now.Add(s.of); now.Before(end); {
			now = now.Add(frame)
			if s.payload != nil {
				note(d.Packet(uint8(max(0, s.level)), s.level >= 0, s.payload, now))
			}
			note(d.Tick(now))
		}
	}
	return strings.Join(said, ", ")
}

func TestDetector(t *testing.T) {
	const s = time.Second
	background := stretch{of: s, level: 63, payload: unvoiced}
	speech := stretch{of: s, level: 15, payload: voiced}
	for _, c := range []struct {
		name      string
		stretches []stretch
		want      string
	}{
		{"speech between background", []stretch{background, speech, background}, "started 1000, ended 2000"},
		{"a pause for breath does not end it", []stretch{background, speech, {of: s / 2, level: 63, payload: unvoiced}, speech, background},
			"started 1000, ended 3500"},
		{"a click", []stretch{background, {of: 40 * time.Millisecond, level: 10, payload: voiced}, background}, ""},
		{"loud, but SILK hears no voice", []stretch{background, {of: s, level: 15, payload: unvoiced}, background}, ""},
		{"CELT has no flag: the level decides", []stretch{background, {of: s, level: 15, payload: music}, background},
			"started 1000, ended 2000"},
		{"background speech", []stretch{background, {of: s, level: 50, payload: voiced}, background}, ""},
		{"a muted microphone", []stretch{{of: 3 * s, level: 127, payload: muted}, speech, {of: s, level: 127, payload: muted}},
			"started 3000, ended 4000"},
		// The floor falls 2.5 dB a second: the room is loud for 1.62 s, then known.
		{"a noisy room raises the bar",
			[]stretch{{of: 20 * s, level: 40, payload: music}, {of: s, level: 33, payload: voiced}, {of: s, level: 40, payload: music}, speech},
			"started 0, ended 1620, started 22000"},
		{"packets stop, as with DTX", []stretch{background, speech, {of: s, payload: nothing}, speech},
			"started 1000, ended 2000, started 3000"},
		{"packets of 40 ms", []stretch{background, {of: s, level: 15, payload: double, frame: 40 * time.Millisecond}, background},
			"started 1000, ended 2000"},
		{"the interviewer's echo", []stretch{background, {of: s, level: 38, payload: voiced, raise: 10}, speech, {of: s, level: 38, payload: voiced},
			{of: s, level: 38, payload: voiced, raise: -1}}, "started 2000, ended 3000, started 4000"},
		{"no level extension", []stretch{{of: s, level: -1, payload: unvoiced}, {of: s, level: -1, payload: voiced}, {of: s, level: -1, payload: muted}},
			"started 1000, ended 2000"},
		{"repaired packets have no level", []stretch{background, {of: s / 2, level: 15, payload: voiced}, {of: s / 2, level: -1, payload: voiced}, background},
			"started 1000, ended 2000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := play(vad.NewDetector(vad.Config{}), c.stretches...); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

func TestStartIsSeenWithin60ms(t *testing.T) {
	d := vad.NewDetector(vad.Config{})
	for i := range 3 {
		ev := d.Packet(12, true, voiced, start.Add(time.Duration(i+1)*20*time.Millisecond))
		if started := ev.Kind == vad.Started; started != (i == 2) {
			t.Errorf("packet %d: %+v", i, ev)
		}
	}
}

func TestHostilePayloads(t *testing.T) {
	d := vad.NewDetector(vad.Config{})
	for _, p := range [][]byte{nil, {3}, {0xff, 0xff}, {0xfb, 0x00}} {
		for range 5 {
			if ev := d.Packet(20, true, p, start); ev.Kind != vad.None {
				t.Errorf("%x counts as speech", p)
			}
		}
	}
}

// ends plays stretches and returns by how much the voice fell at each end.
func ends(d *vad.Detector, stretches ...stretch) (falls []float64) {
	now := start
	for _, s := range stretches {
		for end := now.Add(s.of); now.Before(end); {
			now = now.Add(20 * time.Millisecond)
			if e := d.Packet(uint8(max(0, s.level)), s.level >= 0, s.payload, now); e.Kind == vad.Ended {
				falls = append(falls, e.Fall)
			}
		}
	}
	return falls
}

func TestFall(t *testing.T) {
	const second = time.Second
	quiet := stretch{of: second, level: 60, payload: unvoiced}
	for name, c := range map[string]struct {
		said        []stretch
		least, most float64
	}{
		"a voice that falls":        {[]stretch{{of: second, level: 20, payload: voiced}, {of: 300 * time.Millisecond, level: 28, payload: voiced}}, 6, 8},
		"one that stays":            {[]stretch{{of: 2 * second, level: 20, payload: voiced}}, 0, 0},
		"one that rises":            {[]stretch{{of: second, level: 24, payload: voiced}, {of: 300 * time.Millisecond, level: 18, payload: voiced}}, -6, -4},
		"too little to tell":        {[]stretch{{of: 200 * time.Millisecond, level: 20, payload: voiced}, {of: 200 * time.Millisecond, level: 28, payload: voiced}}, 0, 0},
		"a browser without a level": {[]stretch{{of: second, level: -1, payload: voiced}}, 0, 0},
		"a breath within the end":   {[]stretch{{of: second, level: 20, payload: voiced}, {of: 100 * time.Millisecond, level: 60, payload: unvoiced}, {of: 100 * time.Millisecond, level: 30, payload: voiced}}, 4, 6},
	} {
		end := quiet
		if c.said[0].level < 0 {
			end = stretch{of: second, level: -1, payload: unvoiced}
		}
		falls := ends(vad.NewDetector(vad.Config{End: 200 * time.Millisecond}), append(c.said, end)...)
		if len(falls) != 1 || falls[0] < c.least || falls[0] > c.most {
			t.Errorf("%s: fell by %.1f dB", name, falls)
		}
	}
}
