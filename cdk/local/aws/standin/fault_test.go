package standin_test

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/polly/types"

	"casey.internal/cdk/local/aws/canned"
	"casey.internal/cdk/local/aws/control"
)

func TestServicesBreakOnRequest(t *testing.T) {
	s := start(t, "-canned")
	for name, f := range map[string]control.Fault{"down": {Down: true}, "garbage": {Garbage: true}, "dying": {DieAfterEvents: 1}} {
		s.tell(t, control.Bedrock, f)
		if r := converse(t, s, said("Hello")); r.err == nil && r.stop != "" {
			t.Errorf("%s: the model answers %q", name, r.text)
		}
	}
	s.tell(t, control.Polly, control.Fault{Down: true})
	if _, err := s.voice().SynthesizeSpeech(t.Context(), speech(answer, types.OutputFormatMp3)); err == nil {
		t.Error("Polly answers while it is down")
	}
	s.tell(t, control.Transcribe, control.Fault{DieAfterEvents: 2, Error: "InternalFailureException"})
	tr := transcribe(t.Context(), s, pcmInput(), loud(3), 3200)
	if code(tr.err) != "InternalFailureException" || len(tr.partials) != 2 {
		t.Errorf("Transcribe dies with %v after %d partials", tr.err, len(tr.partials))
	}
}

// loud is seconds of noise that a canned ear takes for a voice, at 16 kHz.
func loud(seconds int) []byte { return bytes.Repeat([]byte{0x10, 0x20}, 16000*seconds) }

func TestControlClears(t *testing.T) {
	s := start(t, "-canned", "-limit", "7")
	s.tell(t, control.Transcribe, control.Fault{Down: true})
	s.control(t, http.MethodDelete, nil)
	if f := s.state(t).Faults[control.Transcribe]; f.Down || f.MaxConcurrent != 7 {
		t.Errorf("fault %+v", f)
	}
}

func TestFailRateIsSeeded(t *testing.T) {
	var patterns []string
	for range 2 {
		s := start(t, "-canned", "-seed", "9")
		s.tell(t, control.Bedrock, control.Fault{FailRate: 0.5})
		for range 12 {
			converse(t, s, said("Hello"))
		}
		var pattern strings.Builder
		for _, call := range s.state(t).Calls {
			pattern.WriteString(map[bool]string{true: "x", false: "."}[strings.HasPrefix(call.Error, "ThrottlingException")])
		}
		patterns = append(patterns, pattern.String())
	}
	if patterns[0] != patterns[1] || !strings.Contains(patterns[0], "x") || !strings.Contains(patterns[0], ".") {
		t.Errorf("failures %q", patterns)
	}
}

func TestCallsAreStamped(t *testing.T) {
	s := start(t, "-canned", "-first-token", "30ms")
	converse(t, s, said("Hello"))
	calls := s.state(t).Calls
	if len(calls) != 1 {
		t.Fatalf("%d calls", len(calls))
	}
	c := calls[0]
	if c.Service != control.Bedrock || c.RequestID == "" || c.FirstUS < c.ReceivedUS || c.EndedUS < c.FirstUS+30000 || len(c.EventsUS) < 5 {
		t.Errorf("record %+v", c)
	}
}

func TestFaultsOfSomeCalls(t *testing.T) {
	s := start(t, "-canned")
	s.tell(t, control.Bedrock, control.Fault{Throttle: true, Only: []string{"robots", "table"}})
	s.tell(t, control.Bedrock, control.Fault{Down: true, Only: []string{"queue"}})
	for text, fails := range map[string]bool{"I build robots.": true, "I moved it to a queue.": true, "Hello": false} {
		if r := converse(t, s, said(text)); (r.err != nil) != fails {
			t.Errorf("%s: %v", text, r.err)
		}
	}
}

func TestUnsignedRequestsAreRefused(t *testing.T) {
	s := start(t, "-canned")
	for path, body := range map[string]string{"/v1/speech": "{}", "/model/m/converse-stream": "{", "/stream-transcription": "\x00\x01"} {
		status, header, answer := request(t, http.MethodPost, s.HTTP+path, []byte(body))
		if status != http.StatusForbidden || header.Get("X-Amzn-ErrorType") != "MissingAuthenticationTokenException" {
			t.Errorf("%s: %d %s", path, status, answer)
		}
	}
}

func TestForeignAudioIsCounted(t *testing.T) {
	s := start(t, "-canned")
	in := pcmInput()
	in.LanguageModelName = aws.String(canned.Marker)
	mixed := append(bytes.Repeat([]byte{7}, 3200), bytes.Repeat([]byte{9}, 3200)...)
	if tr := transcribe(t.Context(), s, in, mixed, 1600); tr.err != nil {
		t.Fatal(tr.err)
	}
	if n := s.state(t).Counters[control.Transcribe].ForeignChunks; n != 2 {
		t.Errorf("%d foreign chunks of 2", n)
	}
}

func TestHundredMarkedStreams(t *testing.T) {
	s := start(t, "-canned", "-limit", "100")
	var streams sync.WaitGroup
	for i := range 100 {
		streams.Go(func() {
			in := pcmInput()
			in.LanguageModelName = aws.String(canned.Marker)
			if tr := transcribe(context.Background(), s, in, bytes.Repeat([]byte{byte(i)}, 16000), 1600); tr.err != nil {
				t.Errorf("stream %d: %v", i, tr.err)
			}
		})
	}
	streams.Wait()
	if n := s.state(t).Counters[control.Transcribe]; n.ForeignChunks != 0 || n.Calls != 100 {
		t.Errorf("counters %+v", n)
	}
}

func TestCannedTalk(t *testing.T) {
	s := start(t, "-canned")
	quiet := make([]byte, 2*32000)
	tr := transcribe(t.Context(), s, pcmInput(), slices.Concat(quiet, loud(4), quiet), 3200)
	if tr.err != nil || !strings.HasPrefix(tr.text(), "I worked on a payment service") {
		t.Errorf("heard %q, %v", tr.text(), tr.err)
	}
	if r := converse(t, s, said("Hello")); r.err != nil || !strings.HasSuffix(r.text, "?") {
		t.Errorf("replied %q, %v", r.text, r.err)
	}
}
