package polly

import (
	"encoding/json"
	"errors"
	"io"
	"time"

	"casey.internal/worker/servicefailure"
	"casey.internal/worker/speech"
)

// parseMarks reads speech marks: one JSON object a line, times in milliseconds,
// places in bytes (Polly developer guide, "Speech mark output").
func parseMarks(r io.Reader) ([]speech.Mark, error) {
	var marks []speech.Mark
	lines := json.NewDecoder(r)
	for {
		var m struct {
			Time       int64
			Type       string
			Start, End int
			Value      string
		}
		err := lines.Decode(&m)
		if errors.Is(err, io.EOF) {
			return marks, nil
		}
		if err != nil {
			return nil, servicefailure.Of(service, err)
		}
		marks = append(marks, speech.Mark{
			Time: time.Duration(m.Time) * time.Millisecond,
			Kind: m.Type, Value: m.Value, Start: m.Start, End: m.End,
		})
	}
}
