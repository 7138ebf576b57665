package wire_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"casey.internal/shared/apperr"
	"casey.internal/shared/interview"
	"casey.internal/shared/wire"
)

// quoted returns s as a JSON string.
func quoted(s string) string {
	data, _ := json.Marshal(s)
	return string(data)
}

func offer(rest string) string {
	return `{"type":"offer","sdp":{"type":"offer","sdp":` + quoted(sdp) + `}` + rest + `}`
}

func ice(candidate string) string { return `{"type":"ice","candidate":` + candidate + `}` }

func TestBadInputIsRefusedWithTheRightCodeAndAnAdvice(t *testing.T) {
	long := strings.Repeat("x", 600)
	for name, test := range map[string]struct {
		data, advice string
		code         apperr.Code
	}{
		"nothing":               {``, "one JSON object", apperr.Malformed},
		"not JSON":              {`{"type":`, "valid JSON", apperr.Malformed},
		"an array":              {`[{"type":"ping"}]`, "one JSON object", apperr.Malformed},
		"null":                  {`null`, "one JSON object", apperr.Malformed},
		"two objects":           {`{"type":"ping"}{"type":"ping"}`, "valid JSON", apperr.Malformed},
		"too large":             {`{"type":"ping","x":"` + strings.Repeat("x", wire.MaxMessage) + `"}`, "at most 32768", apperr.TooLarge},
		"a name twice":          {`{"type":"ping","type":"end"}`, "twice", apperr.Malformed},
		"a name twice inside":   {`{"type":"ping","x":[{"a":1,"a":2}]}`, "twice", apperr.Malformed},
		"nested deep":           {`{"type":"ping","x":` + strings.Repeat("[", 999) + strings.Repeat("]", 999) + `}`, "nested", apperr.Malformed},
		"no type":               {`{}`, "send a type", apperr.Malformed},
		"type in capitals":      {`{"TYPE":"ping"}`, "send a type", apperr.Malformed},
		"type null":             {`{"type":null}`, "send a type", apperr.Malformed},
		"type a number":         {`{"type":1}`, "type must be a string", apperr.Malformed},
		"unknown type":          {`{"type":"hallo"}`, "one of the types", apperr.Unknown},
		"a server's message":    {`{"type":"answer"}`, "one of the types", apperr.Unknown},
		"no sdp":                {`{"type":"offer"}`, "send sdp", apperr.BadOffer},
		"sdp a string":          {`{"type":"offer","sdp":"v=0"}`, "sdp must be an object", apperr.BadOffer},
		"sdp an answer":         {`{"type":"offer","sdp":{"type":"answer","sdp":"v=0"}}`, "sdp.type", apperr.BadOffer},
		"sdp without text":      {`{"type":"offer","sdp":{"type":"offer"}}`, "sdp.sdp", apperr.BadOffer},
		"sdp that is none":      {`{"type":"offer","sdp":{"type":"offer","sdp":"hello"}}`, "v=0", apperr.BadOffer},
		"sdp a number":          {`{"type":"offer","sdp":{"type":"offer","sdp":0}}`, "sdp.sdp must be a string", apperr.BadOffer},
		"sdp too large":         {`{"type":"offer","sdp":{"type":"offer","sdp":"v=0` + strings.Repeat("x", wire.MaxSDP) + `"}}`, "sdp.sdp has 24579 bytes", apperr.TooLarge},
		"500 m-lines":           {`{"type":"offer","sdp":{"type":"offer","sdp":"v=0` + strings.Repeat(`\nm=audio`, 500) + `"}}`, "at most 32", apperr.BadOffer},
		"a long peer name":      {offer(`,"peer":"` + strings.Repeat("p", 33) + `"`), "at most 32", apperr.Malformed},
		"an odd peer name":      {offer(`,"peer":"a b"`), "letters", apperr.Malformed},
		"peer a number":         {offer(`,"peer":1`), "peer must be a string", apperr.Malformed},
		"another want":          {offer(`,"want":"more"`), "want must be", apperr.Malformed},
		"a long session":        {offer(`,"session":"` + strings.Repeat("s", 65) + `"`), "session", apperr.Malformed},
		"a long secret":         {offer(`,"resume":"` + strings.Repeat("s", 129) + `"`), "resume", apperr.Malformed},
		"a long interview":      {offer(`,"interview":"` + strings.Repeat("s", 65) + `"`), "interview", apperr.Malformed},
		"a path as interview":   {`{"type":"hello","interview":"../etc"}`, "interview", apperr.Malformed},
		"no candidate":          {`{"type":"ice"}`, "send candidate", apperr.BadCandidate},
		"candidate a string":    {ice(`"candidate:1"`), "candidate must be an object", apperr.BadCandidate},
		"candidate that's none": {ice(`{"candidate":"hello"}`), "begin with candidate:", apperr.BadCandidate},
		"candidate two lines":   {ice(`{"candidate":"candidate:1\r\na=x"}`), "control", apperr.BadCandidate},
		"candidate too long":    {ice(`{"candidate":"candidate:` + long + `"}`), "at most 512", apperr.TooLarge},
		"sdpMid a number":       {ice(`{"candidate":"","sdpMid":0}`), "sdpMid must be a string", apperr.BadCandidate},
		"index a string":        {ice(`{"candidate":"","sdpMLineIndex":"0"}`), "whole number", apperr.BadCandidate},
		"index negative":        {ice(`{"candidate":"","sdpMLineIndex":-1}`), "whole number", apperr.BadCandidate},
		"index with a fraction": {ice(`{"candidate":"","sdpMLineIndex":0.5}`), "whole number", apperr.BadCandidate},
		"index too large":       {ice(`{"candidate":"","sdpMLineIndex":65536}`), "whole number", apperr.BadCandidate},
		"ufrag too long":        {ice(`{"candidate":"","usernameFragment":"` + long + `"}`), "at most 256", apperr.TooLarge},
	} {
		message, err := wire.Parse([]byte(test.data))
		refused, ok := errors.AsType[*apperr.Error](err)
		if !ok {
			t.Errorf("%s: read as %+v, %v", name, message, err)
		} else if refused.Code != test.code || !strings.Contains(refused.Message, test.advice) {
			t.Errorf("%s: %v, want %s with %q", name, refused, test.code, test.advice)
		}
	}
}

func TestWhatIsTakenAsItComes(t *testing.T) {
	for name, test := range map[string]struct {
		data string
		want wire.Message
	}{
		"unknown members":     {`{"type":"ping","x":{"y":[1,2]}}`, &wire.Ping{}},
		"null is absent":      {`{"type":"hello","session":null,"resume":null}`, &wire.Hello{}},
		"capitals are others": {`{"type":"hello","Session":"s"}`, &wire.Hello{}},
		"white space":         {" \n{ \"type\" : \"leave\" }\n", &wire.Leave{}},
		"null candidate":      {ice(`null`), &wire.ICE{}},
		"candidate with a=":   {ice(`{"candidate":"a=candidate:1"}`), &wire.ICE{Candidate: &wire.ICECandidate{Candidate: "a=candidate:1"}}},
		"a connection's name": {`{"type":"ice","candidate":null,"peer":"L0SM9cOFvHcCIhw="}`, &wire.ICE{Peer: "L0SM9cOFvHcCIhw="}},
	} {
		if got, err := wire.Parse([]byte(test.data)); err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestTypeOf(t *testing.T) {
	for data, want := range map[string]string{
		`{"type":"offer","peer":1}`: "offer",
		`{"type":"hallo"}`:          "hallo",
		`{"type":"<b>"}`:            "",
		`{"type":1}`:                "",
		`{"type":"` + strings.Repeat("x", 99) + `"}`: "",
		`{}`:  "",
		`{{`:  "",
		`nil`: "",
	} {
		if got := wire.TypeOf([]byte(data)); got != want {
			t.Errorf("TypeOf(%s) = %q, want %q", data, got, want)
		}
	}
}

// FuzzParse: nothing panics, errors are faults, and what was read means the
// same after it was written again.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = wire.TypeOf(data)
		message, err := wire.Parse(data)
		if err != nil {
			if _, ok := errors.AsType[*apperr.Error](err); !ok || message != nil {
				t.Fatalf("%v with %v", message, err)
			}
			return
		}
		again, err := wire.Parse(wire.Encode(message))
		if err != nil || !reflect.DeepEqual(again, message) {
			t.Fatalf("%+v became %+v, %v", message, again, err)
		}
	})
}

// TestTheLongestOfferFitsIntoAFrame: with all that JSON makes of its lines.
func TestTheLongestOfferFitsIntoAFrame(t *testing.T) {
	line := "a=rtcp-fb:111 nack pli\r\n" // as short as most
	sdp := "v=0\r\n" + strings.Repeat(line, (wire.MaxSDP-5)/len(line))
	resume, peer := strings.Repeat("r", 64), interview.PeerName(strings.Repeat("p", wire.MaxPeerName))
	data := wire.Encode(wire.Offer{SDP: wire.Description{Type: "offer", SDP: sdp}, Peer: peer, Session: interview.SessionID(resume), Resume: resume, Want: interview.WantElsewhere, Interview: "behavioural"})
	if len(data) > wire.MaxMessage {
		t.Errorf("%d bytes of SDP make a message of %d", len(sdp), len(data))
	}
	if _, err := wire.Parse(data); err != nil {
		t.Error(err)
	}
}
