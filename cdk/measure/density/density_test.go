package density

import (
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"
)

func TestLateness(t *testing.T) {
	before := map[string]int64{"packets_sent": 1000, sentBelow + "1000": 900, sentBelow + "20000": 50, sentBelow + "100000": 50}
	after := map[string]int64{"packets_sent": 2000, sentBelow + "1000": 1885, sentBelow + "20000": 60, sentBelow + "100000": 54}
	l := latenessBetween(before, after)
	for p, want := range map[float64]float64{50: 1, 98.5: 1, 99: 20, 99.5: 20, 99.9: 100, 100: 100} {
		if got := l.percentile(p); got != want {
			t.Errorf("p%g: %v ms, want %v", p, got, want)
		}
	}
	for d, want := range map[time.Duration]float64{time.Millisecond: 0.015, 20 * time.Millisecond: 0.005, 100 * time.Millisecond: 0.001} {
		if got := l.share(d); got != want {
			t.Errorf("late by %v: %v, want %v", d, got, want)
		}
	}
	if none := latenessBetween(after, after); none.percentile(99) != 1 || none.share(0) != 0 {
		t.Errorf("of no packet: %v", none)
	}
}

// sample is time that was spent in functions, the innermost first.
func sample(ms int64, functions ...string) *profile.Sample {
	s := &profile.Sample{Value: []int64{1, ms * 1e6}}
	for _, f := range functions {
		s.Location = append(s.Location, &profile.Location{Line: []profile.Line{{Function: &profile.Function{Name: f}}}})
	}
	return s
}

func TestWhatTimeGoesTo(t *testing.T) {
	p := &profile.Profile{Sample: []*profile.Sample{
		sample(10, "syscall.Syscall6", "net.(*UDPConn).WriteToUDPAddrPort", "github.com/pion/srtp/v3.(*WriteStreamSRTP).Write", "casey.internal/worker/pacing.(*Wheel).Run"),
		sample(20, "github.com/pion/srtp/v3.(*SessionSRTP).decrypt", "github.com/pion/srtp/v3.(*session).start.func1"),
		sample(5, "casey.internal/worker/peer.(*inbound).packet", "github.com/pion/srtp/v3.(*session).start.func1"),
		sample(30, "crypto/tls.(*Conn).Write", "net/http.(*http2clientStream).writeRequestBody", "net/http.(*http2clientStream).doRequest"),
		sample(4, "runtime.mallocgc", "runtime.gcAssistAlloc", "casey.internal/worker/pacing.(*Wheel).Run"),
		sample(25, "runtime.futex", "runtime.findRunnable", "runtime.schedule", "runtime.mcall"),
		sample(6, "somewhere.else"),
		sample(50, "compress/flate.(*compressor).write", "runtime/pprof.profileWriter"),
	}}
	want := map[string]float64{
		"voice out: pacing, SRTP, the socket": 0.10, "microphone: sockets, ICE, SRTP": 0.20, "microphone: casey": 0.05,
		"Transcribe: sending": 0.30, "garbage collection": 0.04, "scheduler: wake-ups, timers, netpoll": 0.25, rest: 0.06,
	}
	got := shares(p)
	for name, share := range want {
		if d := got[name] - share; d > 1e-9 || d < -1e-9 {
			t.Errorf("%s: %v, want %v", name, got[name], share)
		}
	}
	if len(got) != len(want) {
		t.Errorf("it went to %v", got)
	}
}

func TestTableAndPicture(t *testing.T) {
	points := []Point{
		{Sessions: 1, PerMinute: 1.6, Split: map[string]float64{rest: 1.6}},
		{Sessions: 120, PerMinute: 0.15, KB: 700, Split: map[string]float64{"microphone: casey": 0.1, rest: 0.05}},
		{Sessions: 240, PerMinute: 0.15, KB: 500, Sent: lateness{1000, []lateCount{{time.Millisecond, 990}}}},
	}
	table := Table("/nowhere", points)
	var missed []string
	for _, r := range table.Missed() {
		missed = append(missed, r.Metric)
	}
	if got := strings.Join(missed, "; "); got != "1: CPU of a session's minute; 120: memory of a session" {
		t.Errorf("missed: %s", got)
	}
	if last := table.Rows[len(table.Rows)-1]; last.Value != 120 {
		t.Errorf("%s: %v", last.Metric, last.Value)
	}
	picture := Picture(points)
	for _, want := range []string{">240 sessions, late<", ">0.15 s<", "one alone takes 1.60 s<", "microphone: casey", "</svg>"} {
		if !strings.Contains(picture, want) {
			t.Errorf("the picture has no %q", want)
		}
	}
}
