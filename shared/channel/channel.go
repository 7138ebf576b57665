// Package channel is the language of the data channel between casey's own
// client and the worker that holds its session: text messages, one JSON event
// each (shared/PROTOCOL.md 2). Times are whole milliseconds.
package channel

import (
	"encoding/json"
	"fmt"

	"casey.internal/shared/apperr"
	"casey.internal/shared/interview"
)

// Label and Protocol are how casey's own client opens its data channel, ProtocolJob
// where a Job is the first event that it sends: the worker greets nobody before it.
const (
	Label       = "casey"
	Protocol    = "casey.v1"
	ProtocolJob = "casey.v1+job"
)

// Doing is an activity of the interviewer.
type Doing string

// The activities of an interviewer.
const (
	Listening Doing = "listening"
	Thinking  Doing = "thinking"
	Speaking  Doing = "speaking"
	Paused    Doing = "paused"
)

// WorkerEvent is an event that the worker sends, or a pointer to one.
type WorkerEvent interface{ workerEvent() (name string) }

// PageEvent is an event that the page sends, or a pointer to one.
type PageEvent interface{ pageEvent() (name string) }

// The events that the worker sends. Turn is the number of the turn that the
// event belongs to, 0 for none.
type (
	// State says what the interviewer does now.
	State struct {
		State Doing `json:"state"`
		Turn  int   `json:"turn,omitempty"`
	}

	// Caption is what was said in a turn so far; each takes the place of the
	// one before of the same turn and utterance. Words are the interviewer's, with
	// milliseconds from the utterance's first packet.
	Caption struct {
		Turn      int            `json:"turn,omitempty"`
		Role      interview.Role `json:"role"`
		Text      string         `json:"text"`
		Final     bool           `json:"final"`
		Utterance int            `json:"utterance,omitempty"`
		Words     []Mark         `json:"words,omitempty"`
	}

	// Visemes are the mouth shapes of one utterance, with milliseconds from the
	// packet whose RTP timestamp (48 kHz) is RTP. Values are Polly's codes.
	Visemes struct {
		Turn      int    `json:"turn,omitempty"`
		Utterance int    `json:"utterance"`
		RTP       uint32 `json:"rtp"`
		Marks     []Mark `json:"marks"`
	}

	// Cut says that an utterance was interrupted after MS: later visemes and
	// words do not happen.
	Cut struct {
		Turn      int `json:"turn,omitempty"`
		Utterance int `json:"utterance"`
		MS        int `json:"ms"`
	}

	// Level is the loudness that the sound check hears, in dB below overload:
	// 0 is the loudest, 127 is silence (RFC 6464).
	Level struct {
		DBOv int `json:"dbov"`
	}

	// Phase says how far the interview has come, and how much of its time is
	// left, in ms.
	Phase struct {
		Name  string `json:"name"`
		Index int    `json:"index"` // from 1
		Of    int    `json:"of"`
		Left  int    `json:"left,omitempty"`
	}

	// Exhibit is something to look at.
	Exhibit struct {
		Index int    `json:"index"`
		Title string `json:"title"`
		URL   string `json:"url"`
		Alt   string `json:"alt"`
	}

	// Report is the feedback at the end as far as it is written; each takes the
	// place of the one before.
	Report struct {
		Written   bool       `json:"written"` // nothing follows
		Summary   string     `json:"summary"`
		Scores    []Score    `json:"scores"`
		Good      []string   `json:"good"`
		Better    []string   `json:"better"`
		Questions []Question `json:"questions"`
		Delivery  []Measure  `json:"delivery"`
	}

	// Question is the feedback on one answer. What is not known, or not yet, is empty.
	Question struct {
		Turn     int     `json:"turn"` // with which the answer began
		Asked    string  `json:"asked"`
		Said     string  `json:"said"` // in a sentence
		Strong   string  `json:"strong"`
		Missing  string  `json:"missing"`
		Stronger string  `json:"stronger"` // answer, with the facts of this one
		Score    int     `json:"score"`    // 0 = not judged
		Of       int     `json:"of"`
		Quotes   []Quote `json:"quotes"`
		Unsure   bool    `json:"unsure"` // recognition was, so nothing is judged
	}

	// Quote is what the candidate said in a turn, word for word.
	Quote struct {
		Turn int    `json:"turn"`
		Text string `json:"text"`
	}

	// Measure is one thing that was counted in how the candidate spoke: pace (words a
	// minute), fillers (in 100 words), wait (until the first word), pause (the longest
	// within an answer), length (of an answer), all in seconds, share (of the time in
	// which somebody spoke, in percent), interruptions.
	Measure struct {
		Name  string    `json:"name"`
		Value float64   `json:"value"`
		Low   float64   `json:"low"` // from here to High is usual
		High  float64   `json:"high"`
		Each  []float64 `json:"each"`  // by answer, in their order; empty = it is one figure
		Parts []Part    `json:"parts"` // fillers by their names, most often first
	}

	// Part is how often something was said.
	Part struct {
		Text  string `json:"text"`
		Times int    `json:"times"`
	}

	// Score is a report's verdict on one point of the rubric.
	Score struct {
		Name    string `json:"name"`
		Score   int    `json:"score"`
		Of      int    `json:"of"`
		Comment string `json:"comment"`
	}

	// Metrics says how long one reply took and what it used. Times are from the
	// end of the candidate's speech, 0 where that or the thing itself did not
	// happen; HeardMS is when the page heard the reply's first sound.
	Metrics struct {
		Turn         int     `json:"turn"`
		Decision     int     `json:"decision"`
		FirstToken   int     `json:"firstToken"`
		FirstAudio   int     `json:"firstAudio"`
		FirstPacket  int     `json:"firstPacket"`
		HeardMS      int     `json:"heardMs"`
		InputTokens  int     `json:"inputTokens"`
		OutputTokens int     `json:"outputTokens"`
		Characters   int     `json:"characters"`
		USD          float64 `json:"usd"`
	}

	// Checkup says how the services answered that a worker tried itself.
	Checkup struct {
		Services []Tried `json:"services"`
	}

	// Tried is a service that was tried for MS; Error is empty where it answered.
	Tried struct {
		Service string `json:"service"`
		MS      int    `json:"ms"`
		Error   string `json:"error,omitempty"`
	}

	// Kept says that the page's Job is kept with the interview: no other peer needs to
	// send it again.
	Kept struct{}

	// Notice says that something went wrong and the interview goes on.
	Notice struct {
		Code    apperr.Code `json:"code"`
		Message string      `json:"message"`
	}
)

func (State) workerEvent() string   { return "state" }
func (Caption) workerEvent() string { return "caption" }
func (Visemes) workerEvent() string { return "visemes" }
func (Cut) workerEvent() string     { return "cut" }
func (Level) workerEvent() string   { return "level" }
func (Phase) workerEvent() string   { return "phase" }
func (Exhibit) workerEvent() string { return "exhibit" }
func (Report) workerEvent() string  { return "report" }
func (Metrics) workerEvent() string { return "metrics" }
func (Notice) workerEvent() string  { return "notice" }
func (Checkup) workerEvent() string { return "checkup" }
func (Kept) workerEvent() string    { return "kept" }

// The events that the page sends.
type (
	// Nudge says: it is your turn now.
	Nudge struct{}

	// Muted says that the candidate switched the microphone off or on.
	Muted struct {
		On bool `json:"on"`
	}

	// Heard says when the first sound of a reply came out of the loudspeaker:
	// MS after the candidate's last sound as the page measured it, 0 when the
	// candidate has not spoken since the reply before.
	Heard struct {
		Turn int `json:"turn"`
		MS   int `json:"ms"`
	}

	// Played says how far an utterance's playback had come when it was cut.
	Played struct {
		Utterance int `json:"utterance"`
		MS        int `json:"ms"`
	}

	// Take says that this new peer is ready to take the session (shared/PROTOCOL.md 3).
	Take struct{}

	// End says that the interview is over; the report follows.
	End struct{}

	// Job is what the candidate tells of the job, before the greeting: material for the
	// interviewer, at most MaxTold bytes together. Minutes 0 = as many as the interview has.
	Job struct {
		Role          string `json:"role,omitempty"`
		Advertisement string `json:"advertisement,omitempty"`
		CV            string `json:"cv,omitempty"`
		Focus         string `json:"focus,omitempty"` // the one question to practise
		Minutes       int    `json:"minutes,omitempty"`
	}
)

func (Nudge) pageEvent() string  { return "nudge" }
func (Muted) pageEvent() string  { return "muted" }
func (Heard) pageEvent() string  { return "heard" }
func (Played) pageEvent() string { return "played" }
func (Take) pageEvent() string   { return "take" }
func (End) pageEvent() string    { return "end" }
func (Job) pageEvent() string    { return "job" }

// Mark is something that begins At milliseconds: [At, "Value"] on the wire.
type Mark struct {
	At    int
	Value string
}

// MarshalJSON writes the mark as a pair.
func (m Mark) MarshalJSON() ([]byte, error) { return json.Marshal([]any{m.At, m.Value}) }

// UnmarshalJSON reads a pair of a number and a string.
func (m *Mark) UnmarshalJSON(data []byte) error {
	var pair []json.RawMessage
	if err := json.Unmarshal(data, &pair); err != nil {
		return fmt.Errorf("mark: %w", err)
	}
	if len(pair) != 2 {
		return fmt.Errorf("mark: %d members instead of 2", len(pair))
	}
	if err := json.Unmarshal(pair[0], &m.At); err != nil {
		return fmt.Errorf("mark: time: %w", err)
	}
	if err := json.Unmarshal(pair[1], &m.Value); err != nil {
		return fmt.Errorf("mark: value: %w", err)
	}
	return nil
}
