package transcribe

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
	"github.com/aws/smithy-go"

	"casey.internal/worker/recognition"
)

// events are what the service says on a stream.
type events struct {
	from    io.Reader
	decoder *eventstream.Decoder
	payload []byte // of the last message, used again
}

func newEvents(from io.Reader) *events {
	return &events{from: from, decoder: eventstream.NewDecoder()}
}

// next returns the results of the next TranscriptEvent. An exception is a
// smithy.APIError, as the SDK has it, and a stream that ends for no reason an
// io.ErrUnexpectedEOF.
func (e *events) next() ([]transcribed, error) {
	for {
		m, err := e.decoder.Decode(e.from, e.payload[:0])
		if errors.Is(err, io.EOF) {
			return nil, io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, err
		}
		e.payload = m.Payload
		switch text(m, ":message-type") {
		case "event":
			if text(m, ":event-type") != "TranscriptEvent" {
				continue // a kind of event that is newer than this code
			}
			var event transcriptEvent
			if err := json.Unmarshal(m.Payload, &event); err != nil {
				return nil, fmt.Errorf("results: %w", err)
			}
			return event.Transcript.Results, nil
		case "exception":
			failure := &smithy.GenericAPIError{Code: text(m, ":exception-type")}
			_ = json.Unmarshal(m.Payload, failure) // its Message; without one the code says enough
			return nil, failure
		case "error":
			return nil, &smithy.GenericAPIError{Code: text(m, ":error-code"), Message: text(m, ":error-message")}
		}
	}
}

// text returns a header of a message that is a string; "" when there is none.
func text(m eventstream.Message, header string) string {
	v, _ := m.Headers.Get(header).(eventstream.StringValue)
	return string(v)
}

// transcriptEvent is TranscriptEvent of the Transcribe streaming API, as far as it is
// used.
type transcriptEvent struct {
	Transcript struct{ Results []transcribed }
}

type transcribed struct {
	ResultID           string `json:"ResultId"`
	IsPartial          bool
	StartTime, EndTime float64 // seconds
	Alternatives       []struct {
		Transcript string
		Items      []struct {
			Content            string
			StartTime, EndTime float64
			Stable             bool
			Type               string
			Confidence         float64
		}
	}
}

// result translates one result; not ok when it has no alternative.
func (r *transcribed) result() (recognition.Result, bool) {
	if len(r.Alternatives) == 0 {
		return recognition.Result{}, false
	}
	best := &r.Alternatives[0]
	result := recognition.Result{
		ID: r.ResultID, Partial: r.IsPartial, Start: seconds(r.StartTime), End: seconds(r.EndTime),
		Text: best.Transcript, Words: make([]recognition.Word, len(best.Items)),
	}
	for i := range best.Items {
		item := &best.Items[i]
		result.Words[i] = recognition.Word{
			Text: item.Content, Start: seconds(item.StartTime), End: seconds(item.EndTime),
			Stable: item.Stable || !r.IsPartial, Punctuation: item.Type == "punctuation", Confidence: item.Confidence,
		}
	}
	return result, true
}

func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second))
}
