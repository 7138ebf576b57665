package standin_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"casey.internal/cdk/local/aws/standin"
	"casey.internal/worker/bedrock"
	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/interviewer/modeltest"
	"casey.internal/worker/judge"
	"casey.internal/worker/servicefailure"
)

const (
	hears = `data: {"choices":[{"delta":{"content":"I hear"}}]}` + "\n\n"
	ends  = `data: {"choices":[{"delta":{"content":" you."},"finish_reason":"stop"}]}` + "\n\n" +
		`data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4}}` + "\n\ndata: [DONE]\n\n"
	moves = `data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"NAME","arguments":"{\"phase\":\"depth\",\"word\":\"yes\"}"}}]},"finish_reason":"tool_calls"}]}` + "\n\n" +
		`data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4}}` + "\n\ndata: [DONE]\n\n"
)

// brain is a model server of the simplest kind: it uses the tool that it is
// offered after each answer that is long enough, and breaks as it is told.
type brain struct {
	*httptest.Server
	breaks atomic.Pointer[http.HandlerFunc]
}

func think(t *testing.T) *brain {
	b := new(brain)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/models", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":[{"id":"m"}]}`)
	})
	mux.HandleFunc("POST /v1/chat/completions", func(w http.ResponseWriter, r *http.Request) {
		if breaks := b.breaks.Load(); breaks != nil {
			(*breaks)(w, r)
			return
		}
		asked, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		for _, name := range []string{"ready", "next_phase"} {
			if strings.Contains(string(asked), `"name":"`+name+`"`) && !strings.Contains(string(asked), `"role":"tool"`) {
				_, _ = io.WriteString(w, strings.Replace(moves, "NAME", name, 1))
				return
			}
		}
		_, _ = io.WriteString(w, hears+ends)
	})
	b.Server = httptest.NewServer(mux)
	t.Cleanup(b.Close)
	return b
}

// TestAModelServerKeepsTheContract: what the worker relies on holds for a server
// behind the stand-in too.
func TestAModelServerKeepsTheContract(t *testing.T) {
	s := start(t, "-canned", "-llm", think(t).URL)
	client := bedrock.New(s.cfg, bedrock.Config{Model: "any"})
	modeltest.Run(t, func(*testing.T) interviewer.Model { return client.Model("s1", nil) })
}

// TestAModelServerBreaksAsAWSDoes: the worker is told in its own words, and may
// ask again.
func TestAModelServerBreaksAsAWSDoes(t *testing.T) {
	b := think(t)
	s := start(t, "-canned", "-llm", b.URL)
	within := func(limit time.Duration) interviewer.Model {
		return bedrock.New(s.cfg, bedrock.Config{Model: "any", FirstToken: limit, Idle: limit, Retry: time.Millisecond}).Model("s1", nil)
	}
	quick, patient := within(2*time.Second), within(time.Minute) // enough for a busy machine to begin; for what comes by itself
	answer := func(kind, text string, then func(*http.Request)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // the server notices that a client goes only when it has read all
			w.Header().Set("Content-Type", kind)
			_, _ = io.WriteString(w, text)
			_ = http.NewResponseController(w).Flush()
			then(r)
		}
	}
	done := func(*http.Request) {}
	die := func(*http.Request) { panic(http.ErrAbortHandler) }
	stall := func(r *http.Request) { <-r.Context().Done() }
	for name, c := range map[string]struct {
		breaks http.HandlerFunc
		kind   servicefailure.Kind
		said   string
	}{
		"dies mid-word":     {answer("text/event-stream", hears, die), servicefailure.Unavailable, "I hear"},
		"ends mid-word":     {answer("text/event-stream", hears, done), servicefailure.Unavailable, "I hear"},
		"stalls mid-word":   {answer("text/event-stream", hears, stall), servicefailure.TimedOut, "I hear"},
		"stalls":            {answer("text/event-stream", "", stall), servicefailure.TimedOut, ""},
		"dies":              {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, servicefailure.Unavailable, ""},
		"answers HTML":      {answer("text/html", "<html>Hello</html>", done), servicefailure.Refused, ""},
		"answers 500":       {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "oops", http.StatusInternalServerError) }, servicefailure.Unavailable, ""},
		"has too much":      {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "busy", http.StatusTooManyRequests) }, servicefailure.Throttled, ""},
		"sends what is not": {answer("text/event-stream", "data: {{{\n\n", done), servicefailure.Unavailable, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b.breaks.Store(&c.breaks)
			defer b.breaks.Store(nil)
			model := patient
			if c.kind == servicefailure.TimedOut {
				model = quick
			}
			said, err := hear(t.Context(), model)
			f, ok := errors.AsType[*servicefailure.Error](err)
			if !ok || f.Kind != c.kind || said != c.said {
				t.Errorf("said %q, %v", said, err)
			}
			b.breaks.Store(nil)
			if said, err := hear(t.Context(), patient); said != "I hear you." || err != nil {
				t.Errorf("afterwards %q, %v", said, err)
			}
		})
	}
}

// TestAModelServerJudges: a judge is a model of Bedrock, so a server behind the stand-in is
// one too. What is none of its words, as the rules' interviewer says, is no judgement.
func TestAModelServerJudges(t *testing.T) {
	b := think(t)
	s := start(t, "-canned", "-llm", b.URL)
	j := judge.New(bedrock.New(s.cfg, bedrock.Config{Model: "any"}).Model("s1", nil), judge.Rates{Whole: judge.Counts{conversation.Finished: 90}, Cut: judge.Counts{conversation.Unfinished: 90}})
	if got, err := j.Judge(t.Context(), "Are you ready?", "yes"); !errors.Is(err, judge.ErrNonsense) || got.Says != "" {
		t.Errorf("%+v, %v", got, err)
	}
	finished := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, strings.Replace(hears, "I hear", "fini", 1)+strings.Replace(ends, " you.", "shed", 1))
	})
	b.breaks.Store(&finished)
	if got, err := j.Judge(t.Context(), "Are you ready?", "yes"); err != nil || got.Says != conversation.Finished || got.Weight > -3 || got.Cost.Input != 9 || got.Cost.Output != 4 {
		t.Errorf("%+v, %v", got, err)
	}
}

func hear(ctx context.Context, m interviewer.Model) (said string, err error) {
	r := interviewer.Request{System: "You listen.", Messages: []interviewer.Message{{Role: interviewer.User, Text: "Hello."}}}
	for d, e := range m.Converse(ctx, r) {
		said += d.Text
		err = e
	}
	return said, err
}

func TestTheStandInsDoNotStartWithoutTheirModel(t *testing.T) {
	gone := think(t)
	gone.Close()
	for url, want := range map[string]string{gone.URL: "No model server answers at", "nonsense": "is no address"} {
		c, err := standin.ParseFlags([]string{"-canned", "-state", t.TempDir(), "-llm", url}, t.Output())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := standin.New(t.Context(), c, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", url, err)
		}
	}
	for _, line := range []string{"-llm-model m", "-llm http://localhost:1 -replies r.txt"} {
		if _, err := standin.ParseFlags(strings.Fields(line), io.Discard); err == nil {
			t.Errorf("%q is accepted", line)
		}
	}
}
