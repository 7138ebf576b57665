package echo_test

import (
	"testing"
	"time"

	"casey.internal/worker/echo"
)

const unit = 20 * time.Millisecond

var start = time.Unix(1000, 0)

func at(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }

// talk is a voice with the gaps between words: 300 ms of sound, 100 ms of none.
func talk(ms int) bool { return ms >= 0 && ms%400 < 300 }

// nothing is the level of a packet that does not come.
const nothing = 255

// apart has an interviewer speak from the beginning and returns how long after its onset a voice
// is known to be no echo; -1 = within 600 ms it is not.
func apart(onset int, sent func(ms int) bool, level func(ms int) uint8) int {
	var d echo.Detector
	for ms := 0; ms < onset+600; ms += 20 {
		d.Sent(at(ms), unit, sent(ms))
		if l := level(ms); l != nothing {
			d.Heard(at(ms+7), l)
		}
		if ms > onset && d.Apart(at(onset), at(ms+7)) {
			return ms - onset
		}
	}
	return -1
}

func TestAVoiceIsNoEchoWhereNoneCameBack(t *testing.T) {
	// person is somebody who speaks from a time on over what comes back of the interviewer.
	person := func(from int, echo func(ms int) uint8) func(ms int) uint8 {
		return func(ms int) uint8 {
			if ms >= from && talk(ms-from) {
				return min(25, echo(ms))
			}
			return echo(ms)
		}
	}
	none := func(int) uint8 { return 62 }
	back := func(late int, level uint8) func(ms int) uint8 { // an echo
		return func(ms int) uint8 {
			if talk(ms - late) {
				return level
			}
			return 62
		}
	}
	begins := func(from int, level func(ms int) uint8) func(ms int) uint8 { // nothing comes before
		return func(ms int) uint8 {
			if ms < from {
				return nothing
			}
			return level(ms)
		}
	}
	learnt := func(ms int) uint8 { // an echo that is cancelled after a second
		if ms < 1000 {
			return back(200, 28)(ms)
		}
		return back(200, 48)(ms)
	}
	for _, c := range []struct {
		name  string
		onset int
		sent  func(ms int) bool
		level func(ms int) uint8
		known bool
	}{
		{"somebody with headphones", 1500, talk, person(1500, none), true},
		{"somebody as soon as can be", 1120, talk, person(1120, none), true},
		{"somebody too soon: an echo may be on its way", 300, talk, person(300, none), false},
		{"an echo as it begins", 200, talk, back(200, 28), false},
		{"a quiet echo as it begins", 200, talk, back(200, 42), false},
		{"a late echo as it begins", 500, talk, back(500, 28), false},
		{"a later one", 700, talk, back(700, 28), false},
		{"an echo as the microphone begins", 1200, talk, begins(1180, back(200, 28)), false},
		{"an echo after a gap", 1400, talk, back(200, 28), false},
		{"somebody over an echo", 1500, talk, person(1500, back(200, 28)), false},
		{"somebody over what is left of an echo", 2000, talk, person(2000, learnt), true},
		{"what is left of an echo", 2000, talk, learnt, false},
		{"an echo after a pause of the interviewer's", 2200, func(ms int) bool { return talk(ms) && (ms < 1000 || ms >= 2000) },
			func(ms int) uint8 {
				if ms >= 2200 {
					return 28
				}
				return 62
			}, false},
	} {
		got := apart(c.onset, c.sent, c.level)
		if c.known && (got < 0 || got > 160) || !c.known && got >= 0 {
			t.Errorf("%s: known after %d ms, want %v", c.name, got, c.known)
		}
	}
}

// A page that was away, and clocks that jump, must not make an echo of old sound.
func TestWhatIsLongAgoDoesNotCount(t *testing.T) {
	var d echo.Detector
	for ms := 0; ms < 2000; ms += 20 {
		d.Sent(at(ms), unit, true)
		d.Heard(at(ms), 62)
	}
	for ms := 60_000; ms < 60_200; ms += 20 {
		d.Heard(at(ms), 25)
	}
	if d.Apart(at(60_000), at(60_200)) {
		t.Error("what was sent a minute ago is taken for what could echo")
	}
	if d.Apart(at(-5000), at(-4000)) || d.Apart(at(60_200), at(0)) {
		t.Error("a voice of no time is somebody's")
	}
}

func TestAPacketAllocatesNothing(t *testing.T) {
	var d echo.Detector
	ms := 0
	if n := testing.AllocsPerRun(1000, func() {
		d.Sent(at(ms), unit, true)
		d.Heard(at(ms), 40)
		d.Apart(at(ms-100), at(ms))
		ms += 20
	}); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
}

func BenchmarkPacket(b *testing.B) {
	var d echo.Detector
	now := start
	for b.Loop() {
		d.Sent(now, unit, true)
		d.Heard(now, 40)
		now = now.Add(unit)
	}
}

func BenchmarkApart(b *testing.B) {
	var d echo.Detector
	for ms := 0; ms < 2000; ms += 20 {
		d.Sent(at(ms), unit, true)
		d.Heard(at(ms), 62)
	}
	for b.Loop() {
		d.Apart(at(1900), at(2000))
	}
}
