package wire_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"casey.internal/shared/golden"
	"casey.internal/shared/wire"
)

const sdp = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"

var candidate = wire.ICECandidate{
	Candidate:        "candidate:1 1 udp 2130706431 203.0.113.7 50000 typ host",
	SDPMid:           new("0"),
	SDPMLineIndex:    new(uint16(0)),
	UsernameFragment: new("EsAw"),
}

// client and server hold one of every message, by the name of its golden file.
var (
	client = map[string]wire.Message{
		"hello":       &wire.Hello{},
		"hello-again": &wire.Hello{Session: "s-1", Resume: "c2VjcmV0", Interview: "coach"},
		"offer":       &wire.Offer{SDP: wire.Description{Type: "offer", SDP: sdp}},
		"offer-full": &wire.Offer{
			SDP: wire.Description{Type: "offer", SDP: sdp}, Peer: "p1", Session: "s-1", Resume: "c2VjcmV0", Want: "restart", Interview: "coach",
		},
		"ice":      &wire.ICE{Candidate: &candidate, Peer: "p1"},
		"ice-end":  &wire.ICE{},
		"ice-last": &wire.ICE{Candidate: &wire.ICECandidate{SDPMid: new("0")}},
		"leave":    &wire.Leave{},
		"end":      &wire.End{},
		"ping":     &wire.Ping{},
	}
	server = map[string]wire.Message{
		"session": &wire.Session{Session: "s-1", Resume: "c2VjcmV0", ICEServers: []wire.ICEServer{
			{URLs: []string{"stun:stun.example.com:3478"}},
			{URLs: []string{"turn:turn.example.com"}, Username: "u", Credential: "p"},
		}},
		"session-plain": &wire.Session{Session: "s-1", Resume: "c2VjcmV0", ICEServers: []wire.ICEServer{}},
		"waiting":       &wire.WaitingTurn{Ahead: 3},
		"answer":        &wire.Answer{SDP: wire.Description{Type: "answer", SDP: sdp}, Session: "s-1", Peer: "p1"},
		"server-ice":    &wire.ServerICE{Candidate: candidate, Peer: "p1"},
		"move":          &wire.Move{},
		"bye":           &wire.Bye{Reason: "drain", Resumable: true},
		"report":        &wire.Report{Session: "s-1", Report: json.RawMessage(`{"written":true,"summary":"Clear and calm."}`)},
		"rejected":      &wire.Rejected{Code: "malformed", Message: "send a type", Of: "offer"},
		"error":         &wire.Error{Code: "full", Message: "every interviewer is busy; please come back in a few minutes"},
		"pong":          &wire.Pong{},
	}
)

func TestEveryMessageAgainstItsGoldenFile(t *testing.T) {
	for name, message := range client {
		golden.JSON(t, name, wire.Encode(message))
		same(t, name, message, wire.Parse)
	}
	for name, message := range server {
		golden.JSON(t, name, wire.Encode(message))
		same(t, name, message, wire.ParseServer)
	}
}

func TestNoGoldenFileIsLeftOver(t *testing.T) {
	golden.NoneLeft(t, func(name string) bool { return client[name] != nil || server[name] != nil })
}

func same(t *testing.T, name string, message wire.Message, parse func([]byte) (wire.Message, error)) {
	t.Helper()
	got, err := parse(wire.Encode(message))
	if err != nil {
		t.Errorf("%s: %v", name, err)
	} else if !reflect.DeepEqual(got, message) {
		t.Errorf("%s: sent %+v, got %+v", name, message, got)
	}
}

func TestValuesEncodeAsPointersDo(t *testing.T) {
	if got := string(wire.Encode(wire.Ping{})); got != `{"type":"ping"}` {
		t.Error(got)
	}
	if got := string(wire.Encode(wire.Session{Session: "s"})); got != `{"type":"session","session":"s","resume":"","iceServers":[]}` {
		t.Error(got)
	}
}

func TestWhatAPIGatewaySaysItself(t *testing.T) {
	got, err := wire.ParseServer([]byte(`{"message":"Internal server error","connectionId":"c=","requestId":"r"}`))
	want := &wire.GatewayError{Message: "Internal server error", ConnectionID: "c=", RequestID: "r"}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestWhatNoServerSays(t *testing.T) {
	for _, data := range []string{"", "[]", "{}", `{"type":"offer"}`, `{"type":"waiting","ahead":"three"}`} {
		if got, err := wire.ParseServer([]byte(data)); err == nil {
			t.Errorf("%s was read as %+v", data, got)
		}
	}
}
