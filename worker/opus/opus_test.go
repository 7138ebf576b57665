package opus_test

import (
	"bytes"
	"testing"
	"time"

	"casey.internal/worker/opus"
)

// toc builds the first byte of a packet.
func toc(config, code int) byte { return byte(config<<3 | code) }

func TestSamples(t *testing.T) {
	for _, c := range []struct {
		name   string
		packet []byte
		want   int
	}{
		{"empty", nil, 0},
		{"SILK 10 ms", []byte{toc(0, 0)}, 480},
		{"SILK 60 ms", []byte{toc(11, 0)}, 2880},
		{"hybrid 10 ms", []byte{toc(14, 0)}, 480},
		{"hybrid 20 ms, as Chromium sends", []byte{120, 1, 2}, 960},
		{"CELT 2.5 ms", []byte{toc(28, 0)}, 120},
		{"CELT 20 ms", []byte{toc(31, 0)}, 960},
		{"two frames", []byte{toc(31, 1)}, 1920},
		{"two frames of any size", []byte{toc(31, 2)}, 1920},
		{"three frames", []byte{toc(31, 3), 3}, 2880},
		{"without its count", []byte{toc(31, 3)}, 0},
		{"no frames", []byte{toc(31, 3), 0}, 0},
		{"120 ms", []byte{toc(31, 3), 6}, 5760},
		{"140 ms", []byte{toc(31, 3), 7}, 0},
		{"120 ms of two", []byte{toc(3, 1)}, 5760},
	} {
		if got := opus.Samples(c.packet); got != c.want {
			t.Errorf("%s: %d samples, want %d", c.name, got, c.want)
		}
	}
}

func TestDurationOfLongStream(t *testing.T) {
	const week = 7 * 24 * time.Hour
	if got := opus.Duration(int64(week/time.Second)*48000 + 480); got != week+10*time.Millisecond {
		t.Errorf("a week and 10 ms of samples last %v", got)
	}
}

func TestVoice(t *testing.T) {
	for _, c := range []struct {
		name         string
		packet       []byte
		voice, known bool
	}{
		{"hybrid, flag set", []byte{120, 0x80, 1}, true, true},
		{"hybrid, flag clear", []byte{120, 0x7f, 1}, false, true},
		{"SILK 40 ms, second half", []byte{toc(2, 0), 0x40}, true, true},
		{"SILK 40 ms, only the redundancy flag", []byte{toc(2, 0), 0x20}, false, true},
		{"SILK 60 ms, last third", []byte{toc(3, 0), 0x20}, true, true},
		{"two frames, second", []byte{toc(15, 1), 0x00, 0x80}, true, true},
		{"CELT", []byte{toc(31, 0), 0xff, 0xfe}, false, false},
		{"empty frame", []byte{120}, false, false},
		{"no packet", nil, false, false},
	} {
		if voice, known := opus.Voice(c.packet); voice != c.voice || known != c.known {
			t.Errorf("%s: voice %v known %v, want %v %v", c.name, voice, known, c.voice, c.known)
		}
	}
}

func TestFillCoversAnyGap(t *testing.T) {
	for _, last := range []opus.TOC{120, 104, 248, opus.TOC(toc(3, 0)), opus.TOC(toc(15, 3) | 4)} {
		left := 120*7 + 2880*3 + 60
		for {
			packet, covered := opus.Fill(last, left)
			if covered == 0 {
				break
			}
			if got := opus.Samples([]byte{byte(packet)}); got != covered || packet&4 != last&4 {
				t.Fatalf("after %d: a packet of %d samples, stereo %v, said to cover %d", last, got, packet&4 != 0, covered)
			}
			left -= covered
		}
		if left != 60 {
			t.Errorf("after %d: %d samples not covered, want 60", last, left)
		}
	}
}

func TestRepack(t *testing.T) {
	short := append([]byte{120}, bytes.Repeat([]byte{1}, 60)...)
	long := append([]byte{120}, bytes.Repeat([]byte{2}, 700)...)
	celt := []byte{248, 1, 2}
	pair := []byte{121, 3, 4} // code 1
	for _, c := range []struct {
		name    string
		packets [][]byte
		samples int
		ok      bool
	}{
		{"one alone", [][]byte{short}, 960, true},
		{"two", [][]byte{short, long}, 1920, true},
		{"three", [][]byte{long, short, long}, 2880, true},
		{"a pair and one", [][]byte{pair, short}, 2880, true},
		{"with a filler", [][]byte{short, {120}}, 1920, true},
		{"another configuration", [][]byte{short, celt}, 0, false},
		{"more than 120 ms", [][]byte{pair, pair, pair, short}, 0, false},
		{"nothing", nil, 0, false},
		{"an empty one", [][]byte{short, nil}, 0, false},
	} {
		got, ok := opus.Repack([]byte("before"), c.packets...)
		if ok != c.ok || !bytes.HasPrefix(got, []byte("before")) {
			t.Errorf("%s: ok %v, want %v", c.name, ok, c.ok)
			continue
		}
		if got := got[len("before"):]; opus.Samples(got) != c.samples || ok && !opus.Valid(got) {
			t.Errorf("%s: %d samples, valid %v, want %d", c.name, opus.Samples(got), opus.Valid(got), c.samples)
		}
	}
}

func TestRepackDoesNotAllocate(t *testing.T) {
	a, b := []byte{120, 1, 2}, []byte{120, 3, 4}
	dst := make([]byte, 0, 100)
	if n := testing.AllocsPerRun(100, func() { _, _ = opus.Repack(dst, a, b) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
