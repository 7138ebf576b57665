package bedrock_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"casey.internal/shared/price"
	"casey.internal/worker/bedrock"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/interviewer/modeltest"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/usage"
)

// answer answers most calls; with tools in the request one of them is used.
func answer(c *call) {
	body, _ := io.ReadAll(c.request.Body)
	c.event("messageStart", object{"role": "assistant"})
	for _, piece := range []string{"That is ", "interesting. ", "Tell me more."} {
		c.text(piece)
	}
	c.event("contentBlockStop", object{"contentBlockIndex": 0})
	if strings.Contains(string(body), `"toolConfig"`) {
		c.tool(1, "next_phase", `{"pha`, `se":"de`, `pth"}`)
		c.end("tool_use")
		return
	}
	c.end("end_turn")
}

func TestContract(t *testing.T) {
	modeltest.Run(t, func(t *testing.T) interviewer.Model {
		return serve(t, bedrock.Config{}, answer).Model("s1", nil)
	})
}

var hello = interviewer.Request{Messages: []interviewer.Message{{Role: interviewer.User, Text: "Hello."}}}

// converse returns all text of an answer, its last delta and its error.
func converse(ctx context.Context, m *bedrock.Model) (text string, last interviewer.Delta, err error) {
	var d interviewer.Delta
	for d, err = range m.Converse(ctx, hello) {
		text += d.Text
		last = d
	}
	return text, last, err
}

func TestAnAnswerAndWhatItCost(t *testing.T) {
	var reported []usage.Call
	m := serve(t, bedrock.Config{}, answer).Model("s1", func(u usage.Call) { reported = append(reported, u) })
	text, last, err := converse(usage.InTurn(t.Context(), 3), m)
	if text != "That is interesting. Tell me more." || last.Stop != interviewer.StopEnd || err != nil {
		t.Errorf("%q, %+v, %v", text, last, err)
	}
	if last.Usage == nil || *last.Usage != (price.Tokens{Input: 12, Output: 7}) {
		t.Errorf("usage %+v", last.Usage)
	}
	if len(reported) != 1 || reported[0].Session != "s1" || reported[0].Turn != 3 || reported[0].Input != 12 || reported[0].Output != 7 || reported[0].Code != "" {
		t.Errorf("reported %+v", reported)
	}
}

func TestWhatIsAskedFor(t *testing.T) {
	var path string
	var got, want object
	m := serve(t, bedrock.Config{MaxTokens: 77}, func(c *call) {
		path = c.request.URL.EscapedPath()
		_ = json.NewDecoder(c.request.Body).Decode(&got)
		c.end("end_turn")
	}).Model("s1", nil)
	for _, err := range m.Converse(t.Context(), interviewer.Request{
		System: "Be short.",
		Messages: []interviewer.Message{
			{Role: interviewer.User, Text: "Hi"},
			{Role: interviewer.Assistant, Text: "Go on.", Uses: []interviewer.ToolUse{{ID: "t1", Name: "show", Input: json.RawMessage(`{"n":2}`)}}},
			{Role: interviewer.User, Text: "Yes", Results: []interviewer.ToolResult{{ID: "t1", Text: "no", Error: true}}},
		},
		Tools: []interviewer.Tool{{Name: "show", Description: "Shows.", Schema: json.RawMessage(`{"type":"object"}`)}},
	}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := json.Unmarshal([]byte(`{
		"system": [{"text": "Be short."}],
		"inferenceConfig": {"maxTokens": 77},
		"messages": [
			{"role": "user", "content": [{"text": "Hi"}]},
			{"role": "assistant", "content": [{"text": "Go on."}, {"toolUse": {"toolUseId": "t1", "name": "show", "input": {"n": 2}}}]},
			{"role": "user", "content": [{"toolResult": {"toolUseId": "t1", "content": [{"text": "no"}], "status": "error"}}, {"text": "Yes"}]}
		],
		"toolConfig": {"tools": [{"toolSpec": {"name": "show", "description": "Shows.", "inputSchema": {"json": {"type": "object"}}}}]}
	}`), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("asked %v\nwant  %v", got, want)
	}
	if path != "/model/anthropic.test-v1%3A0/converse-stream" {
		t.Errorf("path %s", path)
	}
}

// TestWhatIsBrokenOffIsPaidFor: a draft that nobody hears ends before the service counts
// it, and one that was refused costs nothing.
func TestWhatIsBrokenOffIsPaidFor(t *testing.T) {
	var reported usage.Call
	ask := interviewer.Request{System: strings.Repeat("Be short. ", 40), Messages: hello.Messages}
	m := serve(t, patient, func(c *call) {
		c.text("That is interesting.")
		<-c.request.Context().Done()
	}).Model("s1", func(u usage.Call) { reported = u })
	for range m.Converse(t.Context(), ask) {
		break
	}
	if reported.Input != 101 || reported.Output != 5 {
		t.Errorf("reported %+v", reported)
	}
	m = serve(t, patient, func(c *call) { c.refuse(http.StatusForbidden, "AccessDeniedException") }).Model("s1", func(u usage.Call) { reported = u })
	for range m.Converse(t.Context(), ask) {
		break
	}
	if reported.Input != 0 || reported.Output != 0 {
		t.Errorf("refused, reported %+v", reported)
	}
}

// quick is for calls that fail by a limit, once a busy machine has made them; patient is
// for those that must fail, or go well, before one.
var (
	quick   = bedrock.Config{FirstToken: 2 * time.Second, Idle: 150 * time.Millisecond, Retry: 10 * time.Millisecond}
	patient = bedrock.Config{FirstToken: time.Minute, Idle: time.Minute, Retry: 10 * time.Millisecond}
)

// TestNobodyWaitsForThoughts: a model that would think first is told not to, and
// no other is told anything of it.
func TestNobodyWaitsForThoughts(t *testing.T) {
	for model, want := range map[string]string{
		"eu.anthropic.claude-haiku-5-5": `{"thinking":{"type":"disabled"}}`, "eu.anthropic.claude-haiku-4-5-20251001-v1:0": "", "amazon.nova-lite-v1:0": "",
	} {
		var got struct{ AdditionalModelRequestFields json.RawMessage }
		m := serve(t, bedrock.Config{Model: model}, func(c *call) {
			if err := json.NewDecoder(c.request.Body).Decode(&got); err != nil {
				t.Error(err)
			}
			c.end("end_turn")
		}).Model("s1", nil)
		if _, _, err := converse(t.Context(), m); err != nil || string(got.AdditionalModelRequestFields) != want {
			t.Errorf("%s is told %s, %v", model, got.AdditionalModelRequestFields, err)
		}
	}
}

func TestAFailureBeforeTheFirstTokenIsTriedOnceMore(t *testing.T) {
	for name, fail := range map[string]func(*call){
		"throttled":           func(c *call) { c.refuse(http.StatusTooManyRequests, "ThrottlingException") },
		"throttled in stream": func(c *call) { c.exception("throttlingException") },
		"unavailable":         func(c *call) { c.refuse(http.StatusServiceUnavailable, "ServiceUnavailableException") },
		"model error":         func(c *call) { c.exception("modelStreamErrorException") },
		"reset":               func(*call) { panic(http.ErrAbortHandler) },
		"garbage":             func(c *call) { _, _ = io.WriteString(c, strings.Repeat("garbage ", 50)) },
		"nothing":             func(*call) {},
		"nothing but blanks":  func(c *call) { c.text(" \n"); panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int32
			var reported usage.Call
			m := serve(t, patient, func(c *call) {
				if calls.Add(1) == 1 {
					fail(c)
					return
				}
				answer(c)
			}).Model("s1", func(u usage.Call) { reported = u })
			text, last, err := converse(t.Context(), m)
			if err != nil || last.Stop != interviewer.StopEnd || !strings.HasPrefix(text, "That is") {
				t.Errorf("%q, %+v, %v", text, last, err)
			}
			if calls.Load() != 2 || !reported.Retried {
				t.Errorf("%d calls, reported %+v", calls.Load(), reported)
			}
		})
	}
}

func TestFailures(t *testing.T) {
	for name, c := range map[string]struct {
		handle func(*call)
		kind   servicefailure.Kind
		calls  int32
		text   string
	}{
		"throttled for ever":  {func(c *call) { c.refuse(http.StatusTooManyRequests, "ThrottlingException") }, servicefailure.Throttled, 2, ""},
		"not allowed":         {func(c *call) { c.refuse(http.StatusForbidden, "AccessDeniedException") }, servicefailure.Refused, 1, ""},
		"not valid":           {func(c *call) { c.exception("validationException") }, servicefailure.Refused, 1, ""},
		"no first token":      {func(c *call) { c.event("messageStart", object{"role": "assistant"}); <-c.request.Context().Done() }, servicefailure.TimedOut, 1, ""},
		"no answer at all":    {func(c *call) { <-c.request.Context().Done() }, servicefailure.TimedOut, 1, ""},
		"stalls in its midst": {func(c *call) { c.text("Well"); <-c.request.Context().Done() }, servicefailure.TimedOut, 1, "Well"},
		"dies in its midst":   {func(c *call) { c.text("Well"); panic(http.ErrAbortHandler) }, servicefailure.Broken, 1, "Well"},
		"fails in its midst":  {func(c *call) { c.text("Well"); c.exception("internalServerException") }, servicefailure.Unavailable, 1, "Well"},
		"ends in its midst":   {func(c *call) { c.text("Well") }, servicefailure.Broken, 1, "Well"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			var reported usage.Call
			config := patient
			if c.kind == servicefailure.TimedOut {
				config = quick
			}
			m := serve(t, config, func(call *call) {
				_, _ = io.Copy(io.Discard, call.request.Body) // so that a client that goes away is noticed
				calls.Add(1)
				c.handle(call)
			}).Model("s1", func(u usage.Call) { reported = u })
			began := time.Now()
			text, _, err := converse(t.Context(), m)
			if servicefailure.KindOf(err) != c.kind || text != c.text || calls.Load() != c.calls {
				t.Errorf("%q, %v, %d calls", text, err, calls.Load())
			}
			if took := time.Since(began); took > patient.Idle/2 {
				t.Errorf("took %v", took)
			}
			if reported.Code == "" {
				t.Errorf("reported %+v", reported)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	_, _, err := converse(t.Context(), client("http://127.0.0.1:1", patient).Model("s1", nil))
	if servicefailure.KindOf(err) != servicefailure.Broken {
		t.Errorf("%v", err)
	}
}

// Breaking an answer off ends the call: the service stops thinking.
func TestTheServiceSeesThatAnAnswerIsNotWanted(t *testing.T) {
	gone := make(chan struct{})
	m := serve(t, bedrock.Config{}, func(c *call) {
		_, _ = io.Copy(io.Discard, c.request.Body)
		c.text("Well")
		<-c.request.Context().Done()
		close(gone)
	}).Model("s1", nil)
	for _, err := range m.Converse(t.Context(), hello) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	select {
	case <-gone:
	case <-time.After(5 * time.Second):
		t.Error("the call goes on")
	}
}

func TestTheReasonOfAContextIsKept(t *testing.T) {
	interrupted := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	m := serve(t, bedrock.Config{}, func(c *call) {
		_, _ = io.Copy(io.Discard, c.request.Body)
		c.text("Well")
		cancel(interrupted)
		<-c.request.Context().Done()
	}).Model("s1", nil)
	if _, _, err := converse(ctx, m); !errors.Is(err, interrupted) {
		t.Errorf("ended with %v", err)
	}
}

func TestAToolWithoutParameters(t *testing.T) {
	m := serve(t, bedrock.Config{}, func(c *call) { c.tool(0, "end"); c.end("tool_use") }).Model("s1", nil)
	var used *interviewer.ToolUse
	for d, err := range m.Converse(t.Context(), hello) {
		if err != nil {
			t.Fatal(err)
		}
		if d.Tool != nil {
			used = d.Tool
		}
	}
	if used == nil || string(used.Input) != "{}" || used.ID != "t1" {
		t.Errorf("used %+v", used)
	}
}
