package bidi_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"casey.internal/cdk/verify/browser/bidi"
)

// command is what a session sends.
type command struct {
	ID     int    `json:"id"`
	Method string `json:"method"`
	Params struct {
		Say string `json:"say"`
	} `json:"params"`
}

// serve is a browser that says what answer returns to each command but the
// first, and goes away where that is nothing.
func serve(t *testing.T, answer func(command) []any) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		socket, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = socket.CloseNow() }()
		for {
			var c command
			if wsjson.Read(r.Context(), socket, &c) != nil {
				return
			}
			says := []any{success(c, "begun")}
			if c.Method != "session.new" {
				says = answer(c)
			}
			for _, m := range says {
				_ = wsjson.Write(r.Context(), socket, m)
			}
			if len(says) == 0 {
				return
			}
		}
	}))
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "http", "ws", 1)
}

func success(c command, result any) any {
	return map[string]any{"type": "success", "id": c.ID, "result": result}
}

func dial(t *testing.T, url string, event func(string, json.RawMessage)) *bidi.Session {
	t.Helper()
	s, err := bidi.Dial(t.Context(), url, event)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func nothing(string, json.RawMessage) {}

func TestAnswersAndEventsGoWhereTheyBelong(t *testing.T) {
	var events []string
	s := dial(t, serve(t, func(c command) []any {
		return []any{
			map[string]any{"type": "event", "method": "log.entryAdded", "params": c.Method},
			success(command{ID: 77}, "to nobody"),
			success(c, c.Params.Say),
		}
	}), func(method string, params json.RawMessage) { events = append(events, method+string(params)) })
	for _, want := range []string{"one", "two"} {
		var got string
		if err := s.Call(t.Context(), "say."+want, map[string]string{"say": want}, &got); err != nil || got != want {
			t.Errorf("got %q, %v", got, err)
		}
	}
	if want := []string{`log.entryAdded"say.one"`, `log.entryAdded"say.two"`}; !slices.Equal(events, want) {
		t.Errorf("events are %q", events)
	}
}

func TestACommandThatIsRefused(t *testing.T) {
	s := dial(t, serve(t, func(c command) []any {
		return []any{map[string]any{"type": "error", "id": c.ID, "error": "no such frame", "message": "it is gone"}}
	}), nothing)
	err := s.Call(t.Context(), "browsingContext.navigate", nil, nil)
	if e, ok := errors.AsType[*bidi.Error](err); !ok || e.Code != "no such frame" || err.Error() != "browsingContext.navigate: no such frame: it is gone" {
		t.Errorf("got %v", err)
	}
}

func TestABrowserThatGoesAwayFailsItsCalls(t *testing.T) {
	s := dial(t, serve(t, func(command) []any { return nil }), nothing)
	if err := s.Call(t.Context(), "script.evaluate", nil, nil); err == nil || !strings.Contains(err.Error(), "the browser is gone") {
		t.Errorf("got %v", err)
	}
	if err := s.Call(t.Context(), "script.evaluate", nil, nil); err == nil {
		t.Error("called a browser that is gone")
	}
}

func TestACallEndsWithItsContext(t *testing.T) {
	s := dial(t, serve(t, func(command) []any { return []any{success(command{ID: 77}, "to nobody")} }), nothing)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	if err := s.Call(ctx, "script.evaluate", nil, nil); err == nil {
		t.Error("no error")
	}
}
