// Package bidi speaks WebDriver BiDi, the W3C's protocol for driving a browser:
// https://w3c.github.io/webdriver-bidi/.
package bidi

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// Limits of a connection.
const (
	messageLimit = 256 << 20 // bytes: a recording is one message
	closeLimit   = 5 * time.Second
)

// Error is a command that the browser refused.
type Error struct {
	Method  string // of the command
	Code    string // as in "no such element"
	Message string
}

func (e *Error) Error() string { return e.Method + ": " + e.Code + ": " + e.Message }

// message is anything that the browser sends.
type message struct {
	Type    string          `json:"type"` // success, error or event
	ID      int             `json:"id"`
	Result  json.RawMessage `json:"result"`
	Error   string          `json:"error"`
	Message string          `json:"message"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
}

// Session is a session with a browser. Its methods may be called at the same time.
type Session struct {
	socket *websocket.Conn
	event  func(method string, params json.RawMessage)
	reader sync.WaitGroup
	ended  chan struct{} // closed when nothing more is read, for why

	mu    sync.Mutex
	calls map[int]chan message // by their ids
	last  int
	why   error
}

// Dial begins a session with the browser that listens at a URL, as in
// "ws://127.0.0.1:4444/session". event is told each event that was subscribed
// to, in order, and must not call back. Who dials closes; ctx bounds the start.
func Dial(ctx context.Context, url string, event func(method string, params json.RawMessage)) (*Session, error) {
	socket, response, err := websocket.Dial(ctx, url, nil)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", url, err)
	}
	if response.Body != nil {
		_ = response.Body.Close()
	}
	socket.SetReadLimit(messageLimit)
	s := &Session{socket: socket, event: event, ended: make(chan struct{}), calls: map[int]chan message{}}
	s.reader.Go(s.read)
	if err := s.Call(ctx, "session.new", map[string]any{"capabilities": map[string]any{}}, nil); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Call has the browser do something and decodes what comes of it into result,
// which may be nil. What the browser refuses is an *Error.
func (s *Session) Call(ctx context.Context, method string, params, result any) error {
	id, reply := s.expect()
	defer s.forget(id)
	command := map[string]any{"id": id, "method": method, "params": params}
	if err := wsjson.Write(ctx, s.socket, command); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case m := <-reply:
		return m.decode(method, result)
	case <-s.ended:
		return fmt.Errorf("%s: the browser is gone: %w", method, s.why)
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, context.Cause(ctx))
	}
}

func (m message) decode(method string, result any) error {
	if m.Type != "success" {
		return &Error{Method: method, Code: m.Error, Message: m.Message}
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(m.Result, result); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	return nil
}

// End asks the browser to end, and closes.
func (s *Session) End() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	err := s.Call(ctx, "browser.close", struct{}{}, nil)
	s.Close()
	return err
}

// Close ends the connection. Calls under way fail.
func (s *Session) Close() {
	_ = s.socket.CloseNow()
	s.reader.Wait()
}

func (s *Session) expect() (id int, reply chan message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	s.calls[s.last] = make(chan message, 1)
	return s.last, s.calls[s.last]
}

func (s *Session) forget(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.calls, id)
}

// read hands on what comes until the socket closes.
func (s *Session) read() {
	defer close(s.ended)
	for {
		var m message
		if err := wsjson.Read(context.Background(), s.socket, &m); err != nil {
			s.why = err
			_ = s.socket.CloseNow()
			return
		}
		if m.Type == "event" {
			s.event(m.Method, m.Params)
			continue
		}
		s.mu.Lock()
		reply := s.calls[m.ID]
		delete(s.calls, m.ID)
		s.mu.Unlock()
		if reply != nil {
			reply <- m
		}
	}
}
