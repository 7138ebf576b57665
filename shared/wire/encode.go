package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// GatewayError is the message that API Gateway itself sends when a Lambda failed or was
// throttled. It is the only message without a type; what it answers is lost
// and may be sent again.
type GatewayError struct {
	Message      string `json:"message"`
	ConnectionID string `json:"connectionId"`
	RequestID    string `json:"requestId"`
}

// Message is a message of either side, or a pointer to one.
type Message interface {
	// kind returns the message's `type`.
	kind() string
}

func (Hello) kind() string        { return "hello" }
func (Offer) kind() string        { return "offer" }
func (ICE) kind() string          { return "ice" }
func (Leave) kind() string        { return "leave" }
func (End) kind() string          { return "end" }
func (Ping) kind() string         { return "ping" }
func (Session) kind() string      { return "session" }
func (WaitingTurn) kind() string  { return "waiting" }
func (Answer) kind() string       { return "answer" }
func (ServerICE) kind() string    { return "ice" }
func (Move) kind() string         { return "move" }
func (Bye) kind() string          { return "bye" }
func (Report) kind() string       { return "report" }
func (Rejected) kind() string     { return "rejected" }
func (Error) kind() string        { return "error" }
func (Pong) kind() string         { return "pong" }
func (GatewayError) kind() string { return "" }

// serverMessages makes an empty message of each kind that a server sends.
var serverMessages = map[string]func() Message{
	"session":  func() Message { return &Session{} },
	"waiting":  func() Message { return &WaitingTurn{} },
	"answer":   func() Message { return &Answer{} },
	"ice":      func() Message { return &ServerICE{} },
	"move":     func() Message { return &Move{} },
	"bye":      func() Message { return &Bye{} },
	"report":   func() Message { return &Report{} },
	"rejected": func() Message { return &Rejected{} },
	"error":    func() Message { return &Error{} },
	"pong":     func() Message { return &Pong{} },
}

// Encode returns a message as it stands on the wire.
func Encode(message Message) []byte {
	switch m := message.(type) {
	case *Session:
		return Encode(*m)
	case Session:
		if m.ICEServers == nil {
			m.ICEServers = []ICEServer{} // browsers iterate over it
		}
		message = m
	}
	body := marshal(message)
	data := append([]byte(`{"type":"`), message.kind()...)
	if len(body) > len("{}") {
		return append(append(data, '"', ','), body[1:]...)
	}
	return append(data, '"', '}')
}

// marshal is json.Marshal without escapes for HTML, which would make an SDP
// larger than it was.
func marshal(v Message) []byte {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(fmt.Sprintf("wire: %T: %s", v, err)) // no message holds a value that JSON cannot
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))
}

// ParseServer reads one message of the server as a pointer, for clients
// written in Go; a message without a type is a *GatewayError.
func ParseServer(data []byte) (Message, error) {
	var head struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("wire: server message: %w", err)
	}
	empty, ok := serverMessages[head.Type]
	switch {
	case head.Type == "" && head.Message != "":
		empty = func() Message { return &GatewayError{} }
	case !ok:
		return nil, fmt.Errorf("wire: server message of unknown type %q", head.Type)
	}
	message := empty()
	if err := json.Unmarshal(data, message); err != nil {
		return nil, fmt.Errorf("wire: server message %q: %w", head.Type, err)
	}
	return message, nil
}
