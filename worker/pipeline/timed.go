package pipeline

import (
	"log/slog"

	"casey.internal/shared/channel"
	"casey.internal/worker/conversation"
)

// timed is a screen that also keeps account of what each reply took.
type timed struct {
	conversation.Screen
	book   *recorder
	rates  Rates
	log    *slog.Logger
	report func(channel.Metrics) // nil = nobody wants to know
}

// Show implements conversation.Screen.
func (t timed) Show(e conversation.Event) {
	if e, ok := e.(conversation.MetricsEvent); ok {
		t.account(e)
	}
	t.Screen.Show(e)
}

// account is what a reply took: ms from the end of the candidate's speech, and
// what was used for it and for replies that nobody heard.
type account struct {
	Answers     int     `json:"answers,omitempty"` // the candidate's turn
	Why         string  `json:"why,omitempty"`     // that was taken to be over
	Decision    int     `json:"decisionMs"`
	FirstToken  int     `json:"firstTokenMs"`
	FirstAudio  int     `json:"firstAudioMs"`
	FirstPacket int     `json:"firstPacketMs"`
	Heard       int     `json:"heardMs"`
	Drafted     bool    `json:"drafted,omitempty"`
	Interrupted bool    `json:"interrupted,omitempty"`
	Pauses      int     `json:"pauses,omitempty"`
	Yielded     int     `json:"yieldedMs,omitempty"`
	Used        used    `json:"used"`
	Thrown      used    `json:"thrown"`
	Replies     int     `json:"thrownReplies,omitempty"`
	USD         float64 `json:"usd"`
}

type used struct {
	InputTokens  int `json:"inputTokens"`
	OutputTokens int `json:"outputTokens"`
	Characters   int `json:"characters"`
}

func (t timed) account(e conversation.MetricsEvent) {
	m := metrics(e, t.rates)
	if t.report != nil {
		t.report(m)
	}
	a := account{
		Answers: e.Answers, Why: e.Why, Decision: m.Decision, FirstToken: m.FirstToken, FirstAudio: m.FirstAudio,
		FirstPacket: m.FirstPacket, Heard: m.HeardMS, Drafted: e.Drafted, Interrupted: e.Interrupted, Pauses: e.Pauses,
		Yielded: milliseconds(e.Yielded), Used: used(e.Cost), Thrown: used(e.Thrown.Cost), Replies: e.Thrown.Replies, USD: m.USD,
	}
	t.book.took(e.Turn, a)
	t.log.Info("reply measured", "turn", e.Turn, "account", a)
}
