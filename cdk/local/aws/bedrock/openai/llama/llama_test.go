package llama_test

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/local/aws/bedrock/converse"
	"casey.internal/cdk/local/aws/bedrock/openai"
	"casey.internal/cdk/local/aws/bedrock/openai/llama"
	"casey.internal/cdk/local/aws/standin/standintest"
	"casey.internal/cdk/measure/talk"
	"casey.internal/shared/interview"
	"casey.internal/shared/price"
	"casey.internal/worker/bedrock"
	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/interviewer/awkward"
)

// patience is for a small machine that does other things too.
const patience = 3 * time.Minute

// TestLlamaServer talks to a real server: first the client alone, and then the
// worker's own adapter and interviewer by the stand-in for Bedrock.
func TestLlamaServer(t *testing.T) {
	if testing.Short() {
		t.Skip("a real model takes minutes: make e2e")
	}
	dir, err := filepath.Abs(filepath.Join("..", "..", "..", "..", "..", "..", "build", "llama"))
	if err != nil {
		t.Fatal(err)
	}
	url := llama.Start(t, dir)
	t.Run("client", func(t *testing.T) { client(t, url) })
	cfg := standintest.Start(t, "-canned", "-llm", url).Config(t)
	m := bedrock.New(cfg, bedrock.Config{Model: "m", FirstToken: patience, Idle: patience}).Model("s1", nil)
	t.Run("answer", func(t *testing.T) { answer(t, m) })
	t.Run("what it has read before", func(t *testing.T) { again(t, m) })
	t.Run("interview", func(t *testing.T) { hold(t, m) })
	t.Run("awkward lines", func(t *testing.T) { awkwardly(t, m) })
}

// awkwardly has the first lines of `make talk-eval` be answered, whatever with.
func awkwardly(t *testing.T, m interviewer.Model) {
	lines, err := awkward.All()
	if err != nil {
		t.Fatal(err)
	}
	results, err := talk.Measure(t.Context(), m, lines[:3], 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		t.Logf("%q: %q, %q", r.Line.Said, r.Reply.Text, r.Faults)
		if r.Reply.Cost.Output == 0 {
			t.Errorf("to %q: %q", r.Line.Said, r.Faults)
		}
	}
}

// answer has a short one be given whole, and a long one be broken off.
func answer(t *testing.T, m interviewer.Model) {
	r := interviewer.Request{
		System: "You are friendly.", MaxTokens: 20,
		Messages: []interviewer.Message{{Role: interviewer.User, Text: "Say hello."}},
	}
	var text strings.Builder
	var last interviewer.Delta
	for d, err := range m.Converse(t.Context(), r) {
		if err != nil {
			t.Fatal(err)
		}
		text.WriteString(d.Text)
		last = d
	}
	if text.Len() == 0 || last.Usage == nil || last.Usage.Input < 10 || last.Usage.Output < 1 {
		t.Errorf("%q, then %+v", &text, last)
	}
	if last.Stop != interviewer.StopEnd && last.Stop != interviewer.StopMaxTokens {
		t.Errorf("stopped by %q", last.Stop)
	}
	r.MaxTokens = 2000
	for _, err := range m.Converse(t.Context(), r) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
}

// again asks for two replies of an interview: of the second request the server has read
// most before, and says so.
func again(t *testing.T, m interviewer.Model) {
	r := interviewer.Request{
		System: strings.Repeat("You are an interviewer, and speak in short sentences. ", 20), MaxTokens: 4,
		Messages: []interviewer.Message{{Role: interviewer.User, Text: "I built a bridge."}},
	}
	var used price.Tokens
	for n := range 2 {
		r.Notes = fmt.Sprintf("# Where you are\nAbout %d minutes are left.", 20-n)
		for d, err := range m.Converse(t.Context(), r) {
			if err != nil {
				t.Fatal(err)
			}
			if d.Usage != nil {
				used = *d.Usage
			}
		}
		r.Messages = append(r.Messages,
			interviewer.Message{Role: interviewer.Assistant, Text: "Why?"}, interviewer.Message{Role: interviewer.User, Text: "There was a river."})
	}
	if used.CacheRead < 200 || used.CacheRead < 2*used.Input {
		t.Errorf("the second request: %+v", used)
	}
}

// client has a JSON answer be made, which the server holds to its schema, and
// stops a long one.
func client(t *testing.T, url string) {
	c, err := openai.Connect(t.Context(), openai.Config{URL: url, Patience: patience, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	r := converse.Request{
		System: "You interview somebody.", MaxTokens: 60, Messages: []converse.Message{{Role: converse.User, Text: "I built a bridge."}},
		Tools: []converse.Tool{{Name: "report", Schema: map[string]any{
			"type": "object", "required": []string{"score"}, "properties": map[string]any{"score": map[string]any{"type": "integer", "enum": []int{1, 2, 3}}},
		}}},
	}
	pieces, err := c.Converse(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	var last converse.Piece
	for p, err := range pieces {
		if err != nil {
			t.Fatal(err)
		}
		if p.Use != nil && (p.Use.Name != "report" || p.Use.Input["score"] == nil) {
			t.Errorf("use %+v", p.Use)
		}
		last = p
	}
	if last.Stop == "" || last.Usage == nil || last.Usage.Input < 20 || last.Usage.Output == 0 {
		t.Errorf("ends with %+v, usage %+v", last, last.Usage)
	}
}

// hold has one reply of an interview be given by the worker's own interviewer.
func hold(t *testing.T, m interviewer.Model) {
	file, err := interviewer.BuiltIn().Find("coach")
	if err != nil {
		t.Fatal(err)
	}
	iv := interviewer.New(file, m)
	lines, progress := iv.Greeting(nil)
	history := []interview.Turn{{Role: interview.Interviewer, Text: strings.Join(lines, " ")}}
	history = append(history, interview.Turn{Role: interview.Candidate, Text: "I would like to be a nurse, because I like to help people."})
	var said []string
	for part, err := range iv.Reply(t.Context(), conversation.Ask{History: history, Progress: progress}) {
		if err != nil {
			t.Fatal(err)
		}
		said = append(said, part.Text)
	}
	text := strings.TrimSpace(strings.Join(said, " "))
	t.Logf("says %q", text)
	if text == "" || strings.ContainsAny(text, "{}") || strings.Contains(text, `"say"`) {
		t.Errorf("%q is spoken", text)
	}
}
