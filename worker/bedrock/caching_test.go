package bedrock_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"casey.internal/shared/foundation"
	"casey.internal/worker/bedrock"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/usage"
)

// talk is a request after so many words of the candidate, each answered but for the last.
func talk(words int) interviewer.Request {
	r := interviewer.Request{System: strings.Repeat("Be short. ", 400), Notes: "# Where you are\nPhase 1 of 2.", Tools: []interviewer.Tool{
		{Name: "show", Description: "Shows.", Schema: json.RawMessage(`{"type":"object"}`)},
	}}
	for range words {
		r.Messages = append(r.Messages, interviewer.Message{Role: interviewer.User, Text: "I built it."}, interviewer.Message{Role: interviewer.Assistant, Text: "How?"})
	}
	r.Messages = r.Messages[:len(r.Messages)-1]
	r.Lasting = len(r.Messages)
	return r
}

// written is where the cache points of a request's body stand, as in "system user user",
// and the kinds of the last message's blocks.
func written(t *testing.T, body []byte) (points, last string) {
	t.Helper()
	var in struct {
		System   []map[string]any
		Messages []struct {
			Role    string
			Content []map[string]any
		}
		ToolConfig struct{ Tools []map[string]any }
	}
	if err := json.Unmarshal(body, &in); err != nil {
		t.Fatal(err)
	}
	var all, blocks []string
	for _, b := range in.System {
		if b["cachePoint"] != nil {
			all = append(all, "system")
		}
	}
	for n, m := range in.Messages {
		for _, b := range m.Content {
			for kind := range b {
				if kind == "cachePoint" {
					all = append(all, m.Role)
				}
				if n == len(in.Messages)-1 {
					blocks = append(blocks, kind)
				}
			}
		}
	}
	return strings.Join(all, " "), strings.Join(blocks, " ")
}

// TestCachePoints: where a model takes them, and only from its minimum on.
func TestCachePoints(t *testing.T) {
	once := talk(2)
	once.Lasting = 0
	for name, c := range map[string]struct {
		model        string
		ask          interviewer.Request
		points, last string
	}{
		"the first reply":                {"us.anthropic.claude-haiku-5-5", talk(1), "system user", "text cachePoint text"},
		"a later one":                    {"us.anthropic.claude-haiku-5-5", talk(4), "system user user", "text cachePoint text"},
		"another maker's":                {"eu.amazon.nova-micro-v1:0", talk(4), "system user user", "text cachePoint text"},
		"less than the minimum":          {"us.anthropic.claude-haiku-4-5-20251001-v1:0", talk(4), "", "text text"},
		"a model that takes none":        {"meta.llama3-3-70b-instruct-v1:0", talk(4), "", "text text"},
		"a request that nothing follows": {"us.anthropic.claude-haiku-5-5", once, "", "text text"},
	} {
		t.Run(name, func(t *testing.T) {
			var body []byte
			m := serve(t, bedrock.Config{Model: c.model}, func(call *call) {
				body, _ = io.ReadAll(call.request.Body)
				call.end("end_turn")
			}).Model("s1", nil)
			for _, err := range m.Converse(t.Context(), c.ask) {
				if err != nil {
					t.Fatal(err)
				}
			}
			if points, last := written(t, body); points != c.points || last != c.last {
				t.Errorf("points %q, the last message %q; want %q, %q", points, last, c.points, c.last)
			}
		})
	}
}

// TestThePointsOfARequestAreWhereTheLastOneHadThem: else a model that does not look back
// would never read what it has kept.
func TestThePointsOfARequestAreWhereTheLastOneHadThem(t *testing.T) {
	how := foundation.Reading{BytesAToken: 4, Points: 4, Minimum: 100}
	for n := 2; n < 6; n++ {
		before, now := bedrock.Points(talk(n-1), how), bedrock.Points(talk(n), how)
		if last := before[len(before)-1]; now[1] != last || now[0].Before != 0 || now[2].Tokens <= last.Tokens {
			t.Errorf("points %v after %v", now, before)
		}
	}
	how.Points = 2
	if points := bedrock.Points(talk(3), how); len(points) != 2 {
		t.Errorf("%d of two points", len(points))
	}
}

// TestAModelThatRefusesPointsIsAskedWithout, once; the log says so, and no later request
// has any.
func TestAModelThatRefusesPointsIsAskedWithout(t *testing.T) {
	for _, refusal := range []struct {
		status     int
		name, says string
	}{
		{http.StatusForbidden, "AccessDeniedException", "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information."},
		{http.StatusBadRequest, "ValidationException", "The model returned the following errors: system.0.cache_control: Extra inputs are not permitted"},
	} {
		var log bytes.Buffer
		var mu sync.Mutex
		var asked []string
		model := serve(t, bedrock.Config{Model: "eu.anthropic.claude-haiku-5-5", Log: slog.New(slog.NewTextHandler(&log, nil))}, func(c *call) {
			body, _ := io.ReadAll(c.request.Body)
			points, _ := written(t, body)
			mu.Lock()
			asked = append(asked, points)
			mu.Unlock()
			if points != "" {
				c.Header().Set("X-Amzn-ErrorType", refusal.name)
				c.WriteHeader(refusal.status)
				_, _ = io.WriteString(c, `{"message":"`+refusal.says+`"}`)
				return
			}
			answer(c)
		}).Model("s1", nil)
		for range 2 {
			for _, err := range model.Converse(t.Context(), talk(1)) {
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		if got := strings.Join(asked, "|"); got != "system user||" {
			t.Errorf("asked with points %q", got)
		}
		if n := strings.Count(log.String(), "takes no cache points"); n != 1 {
			t.Errorf("the log says it %d times: %s", n, log.String())
		}
	}
}

// TestWhatACacheReadIsMetered, and assumed again of an answer that is broken off.
func TestWhatACacheReadIsMetered(t *testing.T) {
	var reported []usage.Call
	wait := make(chan struct{})
	m := serve(t, bedrock.Config{Model: "eu.anthropic.claude-haiku-5-5"}, func(c *call) {
		c.text("That is interesting.")
		select {
		case <-wait:
			<-c.request.Context().Done()
		default:
			c.event("messageStop", object{"stopReason": "end_turn"})
			c.event("metadata", object{"usage": object{"inputTokens": 30, "cacheReadInputTokens": 800, "cacheWriteInputTokens": 90, "outputTokens": 7, "totalTokens": 927}})
		}
	}).Model("s1", func(u usage.Call) { reported = append(reported, u) })
	var last interviewer.Delta
	for d, err := range m.Converse(t.Context(), talk(3)) {
		if last = d; err != nil {
			t.Fatal(err)
		}
	}
	if u := last.Usage; u == nil || u.Input != 30 || u.CacheRead != 800 || u.CacheWrite != 90 {
		t.Errorf("usage %+v", u)
	}
	close(wait)
	for range m.Converse(t.Context(), talk(4)) {
		break
	}
	if len(reported) != 2 || reported[0].CacheRead != 800 || reported[0].CacheWrite != 90 {
		t.Fatalf("reported %+v", reported)
	}
	all := foundation.ReadingOf("claude-haiku-5-5").Tokens(talk(4).Size())
	if u := reported[1]; u.CacheRead != 890 || u.Input != all-890 || u.Output != 6 {
		t.Errorf("broken off, reported %+v of %d tokens", u, all)
	}
}
