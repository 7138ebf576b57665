package latency

import (
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/client"
)

// TestWhatWasHeardOfAReply divides packets among turns and counts the breaks within each.
func TestWhatWasHeardOfAReply(t *testing.T) {
	at := func(ms int) time.Time { return time.UnixMilli(int64(1_000_000 + ms)) }
	packet := func(ms int) client.Event { return client.Event{At: at(ms), Packet: &client.Packet{}} }
	turns := []exchange{{began: at(1000), ended: at(2000)}, {began: at(5000), ended: at(6000)}}
	assign(turns, []client.Event{
		packet(500),                // of the greeting
		packet(3000), packet(3020), // of the first reply
		{At: at(3030), State: "whatever"}, // of none
		packet(3081), packet(3141), packet(3161),
		packet(6900), packet(6920), // of the second
	})
	if n := len(turns[0].heard); n != 5 {
		t.Errorf("%d packets in the first reply, want 5", n)
	}
	if n := len(turns[1].heard); n != 2 {
		t.Errorf("%d packets in the second, want 2", n)
	}
	if n := gaps(turns[0].heard); n != 1 {
		t.Errorf("%d gaps, want the one of 61 ms", n)
	}
	silent := Run{}
	if err := silent.count(turns); err == nil {
		t.Error("packets of nothing are a voice")
	}
}

// TestTurnsAreCounted: silence is no answer, and neither is a voice that came too early.
func TestTurnsAreCounted(t *testing.T) {
	at := func(ms int) time.Time { return time.UnixMilli(int64(1_000_000 + ms)) }
	quiet := client.Event{At: at(3000), Packet: &client.Packet{Payload: []byte{0xf8, 0xff, 0xfe}}}
	var r Run
	if err := r.count([]exchange{{began: at(1000), ended: at(2000)}, {began: at(2000), ended: at(2500), heard: []client.Event{quiet}}}); err != nil {
		t.Fatal(err)
	}
	if r.Turns != 2 || r.Unanswered != 2 || len(r.Waits) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestPictureHasEveryLine(t *testing.T) {
	picture := Picture([]Run{
		{Sessions: 1, Waits: []time.Duration{time.Second}}, {Sessions: 60, Waits: []time.Duration{time.Second}},
		{Sessions: 1, Lag: 400 * time.Millisecond, Waits: []time.Duration{time.Second}},
	})
	for _, name := range []string{"casey, p50", "casey, p95", "casey, words recognised 400ms late, p95", "Pipecat", "LiveKit"} {
		if !strings.Contains(picture, name) {
			t.Errorf("no %q", name)
		}
	}
	if n := strings.Count(picture, "<polyline"); n != 6 {
		t.Errorf("%d lines", n)
	}
}
