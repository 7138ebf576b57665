package channel_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"casey.internal/shared/apperr"
	"casey.internal/shared/channel"
	"casey.internal/shared/golden"
)

// server and client hold one of every event, by the name of its golden file.
var (
	server = map[string]channel.WorkerEvent{
		"state":             &channel.State{State: channel.Listening},
		"caption-candidate": &channel.Caption{Turn: 2, Role: "candidate", Text: "I led a team of", Final: false},
		"caption-interviewer": &channel.Caption{
			Turn: 3, Role: "interviewer", Text: "Tell me more.", Final: true, Utterance: 5,
			Words: []channel.Mark{{At: 0, Value: "Tell"}, {At: 180, Value: "me"}, {At: 300, Value: "more"}},
		},
		"visemes": &channel.Visemes{Turn: 3, Utterance: 5, RTP: 4294967295, Marks: []channel.Mark{{At: 0, Value: "p"}, {At: 125, Value: "@"}}},
		"cut":     &channel.Cut{Turn: 3, Utterance: 5, MS: 420},
		"level":   &channel.Level{DBOv: 32},
		"phase":   &channel.Phase{Name: "experience", Index: 2, Of: 4, Left: 540000},
		"exhibit": &channel.Exhibit{Index: 1, Title: "Revenue", URL: "https://example.com/r.png", Alt: "Revenue by quarter, falling"},
		"report": &channel.Report{
			Summary: "Clear and calm.", Scores: []channel.Score{{Name: "structure", Score: 4, Of: 5, Comment: "One story each."}},
			Good: []string{"Numbers"}, Better: []string{"Shorter openings"}, Written: true,
			Questions: []channel.Question{{
				Turn: 2, Asked: "What did you build?", Said: "You built a bridge.", Strong: "The length.", Missing: "The cost.", Stronger: "I built a bridge of 40 metres for half a million.",
				Score: 3, Of: 5, Quotes: []channel.Quote{{Turn: 2, Text: "forty metres"}},
			}},
			Delivery: []channel.Measure{
				{Name: "fillers", Value: 2.5, High: 3, Each: []float64{1, 4}, Parts: []channel.Part{{Text: "um", Times: 3}}},
			},
		},
		"metrics": &channel.Metrics{
			Turn: 3, Decision: 310, FirstToken: 640, FirstAudio: 810, FirstPacket: 812,
			HeardMS: 5200, InputTokens: 900, OutputTokens: 60, Characters: 240, USD: 0.0042,
		},
		"notice":  &channel.Notice{Code: apperr.Unavailable, Message: "speech recognition is away for a moment"},
		"kept":    &channel.Kept{},
		"checkup": &channel.Checkup{Services: []channel.Tried{{Service: "Polly", MS: 180}, {Service: "Bedrock", MS: 95, Error: "bedrock: refused"}}},
	}
	client = map[string]channel.PageEvent{
		"nudge":  &channel.Nudge{},
		"muted":  &channel.Muted{On: true},
		"heard":  &channel.Heard{Turn: 3, MS: 912},
		"played": &channel.Played{Utterance: 5, MS: 400},
		"take":   &channel.Take{},
		"end":    &channel.End{},
		"job": &channel.Job{
			Role: "Driver", Advertisement: "We look for a driver.\nBuses and trams.", CV: "Ten years of buses — and “trams”.", Focus: "Why buses?", Minutes: 10,
		},
	}
)

func TestEveryEventAgainstItsGoldenFile(t *testing.T) {
	for name, event := range server {
		data := channel.Encode(7, event)
		golden.JSON(t, name, data)
		if seq, got, err := channel.ParseServer(data); err != nil || seq != 7 || !reflect.DeepEqual(got, event) {
			t.Errorf("%s: sent %+v, got %d %+v, %v", name, event, seq, got, err)
		}
	}
	for name, event := range client {
		data := channel.EncodePage(event)
		golden.JSON(t, name, data)
		if got, err := channel.Parse(data); err != nil || !reflect.DeepEqual(got, event) {
			t.Errorf("%s: sent %+v, got %+v, %v", name, event, got, err)
		}
	}
}

func TestNoGoldenFileIsLeftOver(t *testing.T) {
	golden.NoneLeft(t, func(name string) bool {
		return server[name] != nil || client[name] != nil || strings.HasPrefix(name, "downstream-")
	})
}

func TestTheLegacyClientsTexts(t *testing.T) {
	golden.JSON(t, "downstream-viseme", channel.DownstreamViseme(125, "@"))
	golden.JSON(t, "downstream-end", channel.DownstreamEnd())
}

func TestBadEventsAreRefused(t *testing.T) {
	for name, test := range map[string]struct {
		data string
		code apperr.Code
	}{
		"not JSON":           {`nudge`, apperr.Malformed},
		"too large":          {`{"type":"nudge","x":"` + strings.Repeat("x", channel.MaxEvent) + `"}`, apperr.TooLarge},
		"a name twice":       {`{"type":"nudge","type":"end"}`, apperr.Malformed},
		"no type":            {`{}`, apperr.Unknown},
		"a worker's event":   {`{"type":"state","state":"listening"}`, apperr.Unknown},
		"on a string":        {`{"type":"muted","on":"yes"}`, apperr.Malformed},
		"a negative time":    {`{"type":"played","utterance":1,"ms":-1}`, apperr.Malformed},
		"a year":             {`{"type":"played","utterance":1,"ms":31536000000}`, apperr.Malformed},
		"turn with fraction": {`{"type":"heard","turn":1.5,"ms":1}`, apperr.Malformed},
		"a job of nothing":   {`{"type":"job"}`, apperr.Malformed},
		"no UTF-8":           {"{\"type\":\"job\",\"cv\":\"caf\xe9\"}", apperr.Malformed},
		"a CV that is none":  {`{"type":"job","cv":["x"]}`, apperr.Malformed},
		"a week":             {`{"type":"job","minutes":10080}`, apperr.Malformed},
		"a long role":        {`{"type":"job","role":"` + strings.Repeat("x", 2<<10) + `"}`, apperr.TooLarge},
		"a long CV":          {`{"type":"job","cv":"` + strings.Repeat("x", channel.MaxTold+1) + `"}`, apperr.TooLarge},
		"two long texts":     {`{"type":"job","cv":"` + strings.Repeat("x", channel.MaxTold/2+1) + `","advertisement":"` + strings.Repeat("x", channel.MaxTold/2) + `"}`, apperr.TooLarge},
		"a very long job":    {`{"type":"job","x":"` + strings.Repeat("x", channel.MaxJob) + `"}`, apperr.TooLarge},
	} {
		event, err := channel.Parse([]byte(test.data))
		if refused, ok := errors.AsType[*apperr.Error](err); !ok || refused.Code != test.code {
			t.Errorf("%s: %+v, %v, want %s", name, event, err, test.code)
		}
	}
}

// TestAJobMayBeLong: 48 KB of text, in whatever letters.
func TestAJobMayBeLong(t *testing.T) {
	for _, letter := range []string{"x", "é", "語", "\n"} {
		long := &channel.Job{CV: strings.Repeat(letter, channel.MaxTold/2/len(letter)), Advertisement: strings.Repeat("x", channel.MaxTold/4)}
		if got, err := channel.Parse(channel.EncodePage(long)); err != nil || !reflect.DeepEqual(got, long) {
			t.Errorf("%q: %v", letter, err)
		}
	}
}

func TestWhatNoWorkerSays(t *testing.T) {
	for _, data := range []string{
		"", "{}", `{"type":"nudge"}`, `{"type":"state","state":1}`,
		`{"type":"visemes","marks":[1]}`, `{"type":"visemes","marks":[[1]]}`, `{"type":"visemes","marks":[["p",1]]}`, `{"type":"visemes","marks":[[1,2]]}`,
	} {
		if _, got, err := channel.ParseServer([]byte(data)); err == nil {
			t.Errorf("%s was read as %+v", data, got)
		}
	}
}

// FuzzParse: nothing panics, errors are faults, and what was read means the
// same after it was written again.
func FuzzParse(f *testing.F) {
	for _, event := range client {
		f.Add(channel.EncodePage(event))
	}
	f.Add([]byte(`{"type":"heard","turn":1e3}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		event, err := channel.Parse(data)
		if err != nil {
			if _, ok := errors.AsType[*apperr.Error](err); !ok || event != nil {
				t.Fatalf("%v with %v", event, err)
			}
			return
		}
		again, err := channel.Parse(channel.EncodePage(event))
		if err != nil || !reflect.DeepEqual(again, event) {
			t.Fatalf("%+v became %+v, %v", event, again, err)
		}
	})
}
