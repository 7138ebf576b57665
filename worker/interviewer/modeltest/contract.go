package modeltest

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"

	"casey.internal/worker/interviewer"
)

// Run checks what an interviewer relies on. start returns a model for each part.
func Run(t *testing.T, start func(t *testing.T) interviewer.Model) {
	for name, part := range map[string]func(*testing.T, interviewer.Model){
		"an answer is text, then why it ended": answers,
		"a history may hold tools":             toolsInHistory,
		"a tool's use is whole":                toolUse,
		"an answer can be broken off":          brokenOff,
		"a context's end ends an answer":       contextEnds,
		"a dead context asks for nothing":      deadContext,
		"many answers at once":                 atOnce,
	} {
		t.Run(name, func(t *testing.T) { part(t, start(t)) })
	}
}

// tool is one that is offered in all tests that offer any.
var tool = interviewer.Tool{
	Name: "next_phase", Description: "Go on to the next phase of the interview.",
	Schema: json.RawMessage(`{"type":"object","properties":{"phase":{"type":"string"},"reason":{"type":"string"}},"required":["phase"]}`),
}

// request asks for an answer after some turns.
func request(turns int) interviewer.Request {
	r := interviewer.Request{System: "You interview a candidate for a job. Keep it short.", MaxTokens: 200}
	for range turns {
		r.Messages = append(r.Messages,
			interviewer.Message{Role: interviewer.User, Text: "I built a railway signal with two colleagues."},
			interviewer.Message{Role: interviewer.Assistant, Text: "What was your part in it?"})
	}
	r.Messages = append(r.Messages, interviewer.Message{Role: interviewer.User, Text: "I wrote the simulator."})
	return r
}

// ask collects an answer and checks its form.
func ask(t *testing.T, m interviewer.Model, r interviewer.Request) (text string, uses []interviewer.ToolUse, stop string) {
	t.Helper()
	var b strings.Builder
	for d, err := range m.Converse(t.Context(), r) {
		if err != nil {
			t.Fatalf("converse: %v", err)
		}
		if stop != "" {
			t.Errorf("%+v came after the end", d)
		}
		b.WriteString(d.Text)
		if d.Tool != nil {
			uses = append(uses, *d.Tool)
		}
		if stop = d.Stop; stop != "" && (d.Usage == nil || d.Usage.Input == 0 || d.Usage.Output == 0) {
			t.Errorf("usage %+v", d.Usage)
		}
	}
	return b.String(), uses, stop
}

func answers(t *testing.T, m interviewer.Model) {
	text, uses, stop := ask(t, m, request(0))
	if text == "" || len(uses) > 0 || stop != interviewer.StopEnd {
		t.Errorf("%q, %v, %q", text, uses, stop)
	}
}

func toolsInHistory(t *testing.T, m interviewer.Model) {
	r := request(1)
	r.Tools = []interviewer.Tool{tool}
	r.Messages = append(r.Messages,
		interviewer.Message{Role: interviewer.Assistant, Text: "Good.", Uses: []interviewer.ToolUse{
			{ID: "t1", Name: tool.Name, Input: json.RawMessage(`{"phase":"depth","reason":"\"it\" is time"}`)}}},
		interviewer.Message{Role: interviewer.User, Results: []interviewer.ToolResult{{ID: "t1", Text: "The phase is now depth."}}})
	if text, _, stop := ask(t, m, r); text == "" || stop == "" {
		t.Errorf("%q, %q", text, stop)
	}
}

// toolUse lets the model talk until it uses a tool, which it does sooner or later
// or not at all: what counts is that a use is complete.
func toolUse(t *testing.T, m interviewer.Model) {
	for turns := range 12 {
		r := request(turns)
		r.Tools = []interviewer.Tool{tool}
		_, uses, stop := ask(t, m, r)
		if (len(uses) > 0) != (stop == interviewer.StopToolUse) {
			t.Errorf("%d uses, stop %q", len(uses), stop)
		}
		for _, u := range uses {
			var input map[string]any
			if err := json.Unmarshal(u.Input, &input); err != nil || u.ID == "" || u.Name != tool.Name {
				t.Errorf("use %+v: %v", u, err)
			}
		}
		if len(uses) > 0 {
			return
		}
	}
	t.Log("this model used no tool")
}

func brokenOff(t *testing.T, m interviewer.Model) {
	pieces := 0
	for _, err := range m.Converse(t.Context(), request(0)) {
		if err != nil {
			t.Fatal(err)
		}
		pieces++
		break
	}
	if text, _, _ := ask(t, m, request(0)); pieces != 1 || text == "" {
		t.Errorf("%d pieces, then %q", pieces, text)
	}
}

func contextEnds(t *testing.T, m interviewer.Model) {
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	enough := errors.New("enough")
	var last error
	for d, err := range m.Converse(ctx, request(0)) {
		if last = err; err == nil && d.Stop != "" {
			t.Skip("the answer was too short to be stopped")
		}
		cancel(enough)
	}
	if !errors.Is(last, enough) {
		t.Errorf("ended with %v", last)
	}
}

func deadContext(t *testing.T, m interviewer.Model) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for d, err := range m.Converse(ctx, request(0)) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%+v, %v", d, err)
		}
	}
}

func atOnce(t *testing.T, m interviewer.Model) {
	var all sync.WaitGroup
	for turns := range 8 {
		all.Go(func() {
			for _, err := range m.Converse(t.Context(), request(turns)) {
				if err != nil {
					t.Errorf("converse: %v", err)
				}
			}
		})
	}
	all.Wait()
}
