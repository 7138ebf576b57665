package latency

import (
	"testing"
	"time"

	"casey.internal/cdk/local/aws/control"
	"casey.internal/cdk/local/process/logs"
)

// TestWhatTheStandinsSaw compares a reply as the worker logged it with the calls
// that it made, among those of others.
func TestWhatTheStandinsSaw(t *testing.T) {
	at := time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)
	log := func(ms int) string { return at.Add(time.Duration(ms) * time.Millisecond).Format(time.RFC3339Nano) }
	us := func(ms int) int64 { return at.Add(time.Duration(ms) * time.Millisecond).UnixMicro() }
	r := parse(logs.Entry{Message: "reply timed", Attrs: []logs.Attr{
		{Key: "decide", Value: "1000000"}, {Key: "ask", Value: "2000000"}, {Key: "voice", Value: "0"}, {Key: "send", Value: "500000"},
		{Key: "after_speech", Value: "1200000000"}, {Key: "drafted", Value: "false"},
		{Key: "decided_at", Value: log(0)}, {Key: "asked_at", Value: log(2)}, {Key: "completed_at", Value: log(300)}, {Key: "packet_at", Value: log(410)},
	}})
	if own := r.own(); own != 3500*time.Microsecond || r.whole != 1200*time.Millisecond || r.drafted {
		t.Errorf("read %+v, own share %v", r, own)
	}
	calls := []control.Record{
		{Service: control.Bedrock, ReceivedUS: us(1)}, // somebody else's
		{Service: control.Bedrock, ReceivedUS: us(5)},
		{Service: control.Polly, About: "json Hello", ReceivedUS: us(301), EventsUS: []int64{us(350)}},
		{Service: control.Polly, About: "ogg_opus Hello", ReceivedUS: us(303), EventsUS: []int64{us(400)}},
	}
	if share, ok := r.outside(calls); !ok || share != 19*time.Millisecond {
		t.Errorf("from outside %v, %v, want 1 + 5 + 3 + 10 ms", share, ok)
	}
	if _, ok := r.outside(calls[:3]); ok {
		t.Error("a share without a call to Polly")
	}
}
