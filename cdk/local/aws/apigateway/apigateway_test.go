package apigateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/coder/websocket"

	"casey.internal/cdk/local/aws/apigateway"
)

type (
	event  = events.APIGatewayWebsocketProxyRequest
	answer = events.APIGatewayProxyResponse
)

// function is a Lambda function in the test's own process.
type function func(context.Context, event) (answer, error)

func (f function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var e event
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, err
	}
	a, err := f(ctx, e)
	if err != nil {
		return nil, err
	}
	return json.Marshal(a)
}

// ok answers 200 and hands the event on.
func ok(seen chan<- event) function {
	return func(_ context.Context, e event) (answer, error) {
		seen <- e
		return answer{StatusCode: http.StatusOK}, nil
	}
}

func TestLifeOfAConnection(t *testing.T) {
	connects, messages, ends := make(chan event, 1), make(chan event, 1), make(chan event, 1)
	s := serve(t, apigateway.Config{Domain: "localhost:3001", Connect: ok(connects), Message: ok(messages), Disconnect: ok(ends)})
	ws := dial(t, s, "?key=secret")
	c := (<-connects).RequestContext
	if c.RouteKey != "$connect" || c.EventType != "CONNECT" || c.Stage != "ws" || c.DomainName != "localhost:3001" {
		t.Errorf("connect event %+v", c)
	}
	if c.Identity.SourceIP != "127.0.0.1" || len(c.ConnectionID) != 16 {
		t.Errorf("identity %+v, connection %q", c.Identity, c.ConnectionID)
	}
	write(t, ws, `{"type":"hello"}`)
	m := <-messages
	if m.Body != `{"type":"hello"}` || m.RequestContext.RouteKey != "$default" || m.RequestContext.ConnectionID != c.ConnectionID {
		t.Errorf("message event %+v", m)
	}
	if err := ws.Close(4001, "enough"); err != nil {
		t.Error(err)
	}
	e := (<-ends).RequestContext
	if e.DisconnectStatusCode != 4001 || *e.DisconnectReason != "enough" || e.ConnectionID != c.ConnectionID {
		t.Errorf("disconnect event %+v", e)
	}
}

func TestQueryReachesConnect(t *testing.T) {
	connects := make(chan event, 1)
	s := serve(t, apigateway.Config{Connect: ok(connects)})
	dial(t, s, "/?key=secret&key=again")
	e := <-connects
	if e.QueryStringParameters["key"] != "again" || len(e.MultiValueQueryStringParameters["key"]) != 2 || e.Headers["Host"] == "" {
		t.Errorf("event %+v", e)
	}
}

func TestConnectRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		connect function
		status  int
		body    string
	}{
		"by its answer":  {says(answer{StatusCode: 401, Body: `{"why":"no key"}`}), 401, "no key"},
		"by a redirect":  {says(answer{StatusCode: 302}), 400, ""},
		"by failing":     {func(context.Context, event) (answer, error) { return answer{}, errors.New("boom") }, 500, "Internal server error"},
		"by saying junk": {says(answer{}), 500, "Internal server error"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, apigateway.Config{Connect: c.connect, Disconnect: function(func(context.Context, event) (answer, error) {
				t.Error("$disconnect of a connection that never was")
				return answer{StatusCode: 200}, nil
			})})
			status, body := refused(t, s)
			if status != c.status || !strings.Contains(body, c.body) {
				t.Errorf("refused with %d %q, want %d %q", status, body, c.status, c.body)
			}
		})
	}
}

func TestSubprotocolIsTheFunctions(t *testing.T) {
	s := serve(t, apigateway.Config{Connect: says(answer{StatusCode: 200, Headers: map[string]string{"sec-websocket-protocol": "casey.v1"}})})
	ws := dial(t, s, "", "bearer.x", "casey.v1")
	if ws.Subprotocol() != "casey.v1" {
		t.Errorf("subprotocol %q", ws.Subprotocol())
	}
}

func TestMessagesOfOneConnectionRunSideBySide(t *testing.T) {
	var both sync.WaitGroup
	both.Add(2)
	done := make(chan event, 2)
	s := serve(t, apigateway.Config{Message: function(func(_ context.Context, e event) (answer, error) {
		both.Done()
		both.Wait() // each waits for the other
		done <- e
		return answer{StatusCode: 200}, nil
	})})
	ws := dial(t, s, "")
	write(t, ws, "1")
	write(t, ws, "2")
	if first, second := <-done, <-done; first.Body == second.Body {
		t.Error("the same message twice")
	}
}

func TestWhatAClientMustNotSend(t *testing.T) {
	for name, c := range map[string]struct {
		send func(*testing.T, *websocket.Conn)
		want websocket.StatusCode
	}{
		"a binary frame": {func(t *testing.T, ws *websocket.Conn) {
			check(t, ws.Write(t.Context(), websocket.MessageBinary, []byte("x")))
		}, websocket.StatusUnsupportedData},
		"a frame over 32 KB": {func(t *testing.T, ws *websocket.Conn) {
			check(t, ws.Write(t.Context(), websocket.MessageText, make([]byte, 32<<10+1)))
		}, websocket.StatusMessageTooBig},
		"a message over 128 KB in small frames": {func(t *testing.T, ws *websocket.Conn) {
			_ = writeFramed(t.Context(), ws, 128<<10+1) // the refusal may come while it is still being sent
		}, websocket.StatusMessageTooBig},
	} {
		t.Run(name, func(t *testing.T) {
			messages, ends := make(chan event, 1), make(chan event, 1)
			s := serve(t, apigateway.Config{Message: ok(messages), Disconnect: ok(ends)})
			ws := dial(t, s, "")
			c.send(t, ws)
			_, _, err := ws.Read(t.Context())
			if got := websocket.CloseStatus(err); got != c.want {
				t.Errorf("closed by %v, want %v", err, c.want)
			}
			if got := (<-ends).RequestContext.DisconnectStatusCode; got != int64(c.want) {
				t.Errorf("disconnect event says %d, want %d", got, c.want)
			}
			if len(messages) > 0 {
				t.Error("the function was called")
			}
		})
	}
}

func TestLargestMessagePasses(t *testing.T) {
	messages := make(chan event, 2)
	s := serve(t, apigateway.Config{Message: ok(messages)})
	ws := dial(t, s, "")
	check(t, writeFramed(t.Context(), ws, 128<<10))
	if got := len((<-messages).Body); got != 128<<10 {
		t.Errorf("got %d bytes", got)
	}
	write(t, ws, strings.Repeat("y", 32<<10))
	if got := len((<-messages).Body); got != 32<<10 {
		t.Errorf("got %d bytes", got)
	}
}

func TestSilenceAndAgeEndAConnection(t *testing.T) {
	for name, cfg := range map[string]apigateway.Config{
		"silence": {Idle: 30 * time.Millisecond},
		"age":     {Life: 30 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, cfg)
			_, _, err := dial(t, s, "").Read(t.Context())
			if websocket.CloseStatus(err) != websocket.StatusGoingAway {
				t.Errorf("ended by %v, want 1001", err)
			}
		})
	}
}

func TestMessageFunctionFails(t *testing.T) {
	for name, f := range map[string]function{
		"an error":      func(context.Context, event) (answer, error) { return answer{}, errors.New("boom") },
		"a status 5xx":  says(answer{StatusCode: 500}),
		"a junk answer": says(answer{}),
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, apigateway.Config{Message: f})
			ws := dial(t, s, "")
			write(t, ws, "{}")
			internalError(t, ws)
		})
	}
}

// everyFault does everything that is set.
type everyFault struct{ loseDisconnect, drop, spoil, throttle bool }

func (m everyFault) LoseDisconnect() bool { return m.loseDisconnect }
func (m everyFault) DropMessage() bool    { return m.drop }
func (m everyFault) SpoilMessage() bool   { return m.spoil }
func (m everyFault) Throttle() bool       { return m.throttle }

func TestMischief(t *testing.T) {
	t.Run("dropped message", func(t *testing.T) {
		messages := make(chan event, 1)
		s := serve(t, apigateway.Config{Message: ok(messages), Faults: everyFault{drop: true}})
		ws := dial(t, s, "")
		write(t, ws, "{}")
		internalError(t, ws)
		if len(messages) > 0 {
			t.Error("the function was called")
		}
	})
	t.Run("spoiled message", func(t *testing.T) {
		messages := make(chan event, 1)
		s := serve(t, apigateway.Config{Message: ok(messages), Faults: everyFault{spoil: true}})
		ws := dial(t, s, "")
		write(t, ws, "{}")
		<-messages
		internalError(t, ws)
	})
	t.Run("throttled connection", func(t *testing.T) {
		s := serve(t, apigateway.Config{Faults: everyFault{throttle: true}})
		if status, body := refused(t, s); status != http.StatusTooManyRequests {
			t.Errorf("refused with %d %s", status, body)
		}
	})
	t.Run("lost disconnect", func(t *testing.T) {
		ends := make(chan event, 1)
		s := serve(t, apigateway.Config{Disconnect: ok(ends), Faults: everyFault{loseDisconnect: true}})
		check(t, dial(t, s, "").Close(websocket.StatusNormalClosure, ""))
		check(t, s.gateway.Close(t.Context()))
		if len(ends) > 0 {
			t.Error("the function was called")
		}
	})
}

func TestCloseEndsConnectionsAndCallsDisconnect(t *testing.T) {
	ends := make(chan event, 1)
	s := serve(t, apigateway.Config{Disconnect: ok(ends)})
	ws := dial(t, s, "")
	var reading sync.WaitGroup
	reading.Go(func() {
		if _, _, err := ws.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusGoingAway {
			t.Errorf("ended by %v, want 1001", err)
		}
	})
	check(t, s.gateway.Close(t.Context()))
	reading.Wait()
	if len(ends) != 1 {
		t.Error("no $disconnect")
	}
	if status, body := refused(t, s); status != http.StatusServiceUnavailable {
		t.Errorf("a closed gateway refuses with %d %s", status, body)
	}
}

func TestOtherPaths(t *testing.T) {
	s := serve(t, apigateway.Config{Page: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "page") })})
	for path, want := range map[string]struct {
		status int
		body   string
	}{
		"/":          {200, "page"},
		"/app.js":    {200, "page"},
		"/wsx":       {200, "page"},
		"/health":    {200, `{"status":"ok"}`},
		"/ws":        {426, "Upgrade Required"},
		"/ws/nobody": {403, "Forbidden"},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.http+path, nil)
		check(t, err)
		response, err := http.DefaultClient.Do(request)
		check(t, err)
		body, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if response.StatusCode != want.status || !bytes.Contains(body, []byte(want.body)) {
			t.Errorf("%s: %d %s", path, response.StatusCode, body)
		}
	}
}

type server struct {
	gateway  *apigateway.Gateway
	http, ws string
}

func serve(t testing.TB, cfg apigateway.Config) server {
	t.Helper()
	g := apigateway.New(cfg)
	s := httptest.NewServer(g)
	t.Cleanup(func() {
		check(t, g.Close(context.WithoutCancel(t.Context())))
		s.Close()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	})
	return server{g, s.URL, "ws" + strings.TrimPrefix(s.URL, "http") + "/ws"}
}

func dial(t testing.TB, s server, suffix string, protocols ...string) *websocket.Conn {
	t.Helper()
	ws, response, err := websocket.Dial(t.Context(), s.ws+suffix, &websocket.DialOptions{Subprotocols: protocols})
	if err != nil {
		t.Fatal(err)
	}
	if response.Body != nil {
		_ = response.Body.Close()
	}
	t.Cleanup(func() { _ = ws.CloseNow() })
	return ws
}

// refused dials, expects to fail, and returns the answer.
func refused(t *testing.T, s server) (status int, body string) {
	t.Helper()
	ws, response, err := websocket.Dial(t.Context(), s.ws, nil)
	if err == nil {
		_ = ws.CloseNow()
		t.Fatal("dialled")
	}
	defer func() { _ = response.Body.Close() }()
	b, err := io.ReadAll(response.Body)
	check(t, err)
	return response.StatusCode, string(b)
}

func write(t testing.TB, ws *websocket.Conn, text string) {
	t.Helper()
	check(t, ws.Write(t.Context(), websocket.MessageText, []byte(text)))
}

// writeFramed sends one message of n bytes in frames of at most 16 KB.
func writeFramed(ctx context.Context, ws *websocket.Conn, n int) error {
	w, err := ws.Writer(ctx, websocket.MessageText)
	if err != nil {
		return err
	}
	for ; n > 0; n -= 16 << 10 {
		if _, err := w.Write(bytes.Repeat([]byte("x"), min(n, 16<<10))); err != nil {
			return err
		}
	}
	return w.Close()
}

func internalError(t *testing.T, ws *websocket.Conn) {
	t.Helper()
	_, body, err := ws.Read(t.Context())
	check(t, err)
	var m map[string]string
	check(t, json.Unmarshal(body, &m))
	if m["message"] != "Internal server error" || m["connectionId"] == "" || m["requestId"] == "" || len(m) != 3 {
		t.Errorf("got %s", body)
	}
}

func says(a answer) function {
	return func(context.Context, event) (answer, error) { return a, nil }
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
