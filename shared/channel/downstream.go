package channel

import "encoding/json"

// Downstream is the label of the data channel that the legacy client opens.
// It expects binary messages, each one complete MP3, and the two texts here
// (shared/PROTOCOL.md).
const Downstream = "downstream"

// DownstreamViseme returns the text for a mouth shape: ms from the start of
// the reply's audio, and Polly's code.
func DownstreamViseme(ms int, value string) []byte {
	data, err := json.Marshal(struct {
		Type  string `json:"type"`
		Time  int    `json:"time"`
		Value string `json:"value"`
	}{"viseme", ms, value})
	if err != nil {
		panic(err) // numbers and strings always marshal
	}
	return data
}

// DownstreamEnd returns the text that ends a reply. It may follow only audio
// of the same reply.
func DownstreamEnd() []byte { return []byte(`{"type":"end"}`) }
