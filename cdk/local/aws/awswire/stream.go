package awswire

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
)

// Stream writes an application/vnd.amazon.eventstream body, every message flushed at once.
// One goroutine uses it at a time.
type Stream struct {
	w          http.ResponseWriter
	flush      *http.ResponseController
	encoder    *eventstream.Encoder
	messageKey string
}

// NewStream begins the response with status 200 and flushes the headers, for
// which SDK clients wait before they send anything. messageKey is the member of
// an exception that holds its sentence: "Message" in Transcribe, "message" in
// Bedrock.
func NewStream(w http.ResponseWriter, messageKey string) (*Stream, error) {
	w.Header().Set("Content-Type", "application/vnd.amazon.eventstream")
	w.WriteHeader(http.StatusOK)
	s := &Stream{w: w, flush: http.NewResponseController(w), encoder: eventstream.NewEncoder(), messageKey: messageKey}
	if err := s.flush.Flush(); err != nil {
		return nil, fmt.Errorf("flush headers: %w", err)
	}
	return s, nil
}

// Event writes one event with a JSON payload.
func (s *Stream) Event(name string, payload any) error {
	return s.message("event", name, payload)
}

// Exception writes an exception, after which a client ends the stream. name is
// the member of the service's union, which Bedrock spells with a small first
// letter.
func (s *Stream) Exception(name, message string) error {
	return s.message("exception", name, map[string]string{s.messageKey: message})
}

func (s *Stream) message(kind, name string, payload any) error {
	body, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("marshal %s: %w", name, err)
	}
	headers := eventstream.Headers{
		{Name: ":message-type", Value: eventstream.StringValue(kind)},
		{Name: ":" + kind + "-type", Value: eventstream.StringValue(name)},
		{Name: ":content-type", Value: eventstream.StringValue("application/json")},
	}
	if err := s.encoder.Encode(s.w, eventstream.Message{Headers: headers, Payload: body}); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := s.flush.Flush(); err != nil {
		return fmt.Errorf("flush %s: %w", name, err)
	}
	return nil
}
