package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"casey.internal/shared/fields"
)

// GatewayError is what API Gateway itself sends when a Lambda failed or was
// throttled. It is the only message without a type; what it answers is lost
// and may be sent again.
type GatewayError struct {
	Message      string `json:"message"`
	ConnectionID string `json:"connectionId"`
	RequestID    string `json:"requestId"`
}

// clientTypes and serverTypes name every message on the wire.
var (
	clientTypes = map[string]reflect.Type{
		"hello": reflect.TypeFor[Hello](),
		"offer": reflect.TypeFor[Offer](),
		"ice":   reflect.TypeFor[ICE](),
		"leave": reflect.TypeFor[Leave](),
		"end":   reflect.TypeFor[End](),
		"ping":  reflect.TypeFor[Ping](),
	}
	serverTypes = map[string]reflect.Type{
		"session":  reflect.TypeFor[Session](),
		"waiting":  reflect.TypeFor[WaitingTurn](),
		"answer":   reflect.TypeFor[Answer](),
		"ice":      reflect.TypeFor[ServerICE](),
		"move":     reflect.TypeFor[Move](),
		"bye":      reflect.TypeFor[Bye](),
		"rejected": reflect.TypeFor[Rejected](),
		"error":    reflect.TypeFor[Error](),
		"pong":     reflect.TypeFor[Pong](),
	}
	names = fields.TypeNames(clientTypes, serverTypes)
)

// Encode returns a message of either side, or a pointer to one, as it stands
// on the wire. It panics on a value that is no message, which is a mistake in
// the program.
func Encode(message any) []byte {
	value := reflect.Indirect(reflect.ValueOf(message))
	name, ok := names[value.Type()]
	if !ok {
		panic(fmt.Sprintf("wire: %T is no message", message))
	}
	if s, ok := value.Interface().(Session); ok && s.ICEServers == nil {
		s.ICEServers = []ICEServer{} // browsers iterate over it
		value = reflect.ValueOf(s)
	}
	body := marshal(value.Interface())
	data := append([]byte(`{"type":"`), name...)
	if len(body) > len("{}") {
		return append(append(data, '"', ','), body[1:]...)
	}
	return append(data, '"', '}')
}

// marshal is json.Marshal without escapes for HTML, which would make an SDP
// larger than it was.
func marshal(v any) []byte {
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
func ParseServer(data []byte) (any, error) {
	var head struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("wire: server message: %w", err)
	}
	kind, ok := serverTypes[head.Type]
	switch {
	case head.Type == "" && head.Message != "":
		kind = reflect.TypeFor[GatewayError]()
	case !ok:
		return nil, fmt.Errorf("wire: server message of unknown type %q", head.Type)
	}
	message := reflect.New(kind).Interface()
	if err := json.Unmarshal(data, message); err != nil {
		return nil, fmt.Errorf("wire: server message %q: %w", head.Type, err)
	}
	return message, nil
}
