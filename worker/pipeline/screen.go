package pipeline

import (
	"log/slog"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/conversation"
)

// screen shows a page what happens and keeps account of what each reply took.
type screen struct {
	page
	record *recorder
	rates  Rates
	unpaid func() time.Duration // silence that recognition was not sent since it was asked last
	log    *slog.Logger
	timed  func(channel.Metrics) // nil = nobody wants to know
}

// Measure implements conversation.Screen.
func (s screen) Measure(m conversation.Metrics) {
	shown := s.metrics(m)
	if s.timed != nil {
		s.timed(shown)
	}
	a := account{
		Answers: m.Answers, Why: m.Why, Decision: shown.Decision, FirstToken: shown.FirstToken, FirstAudio: shown.FirstAudio,
		FirstPacket: shown.FirstPacket, Heard: shown.HeardMS, Drafted: m.Drafted, Interrupted: m.Interrupted, Pauses: m.Pauses,
		Yielded: milliseconds(m.Yielded), Used: usedOf(m.Cost), Discarded: usedOf(m.Discarded.Cost), Replies: m.Discarded.Replies, USD: shown.USD,
		Judged: usedOf(m.Judged.Cost), Asked: m.Judged.Asked, Late: m.Judged.Late, Failed: m.Judged.Failed,
	}
	s.record.putAccount(m.Turn, a)
	s.log.Info("reply measured", "turn", m.Turn, "account", a)
	s.Show(shown)
}

// metrics count from the end of the candidate's speech; what did not happen, or
// not after any speech, is 0.
func (s screen) metrics(m conversation.Metrics) channel.Metrics {
	since := func(at time.Time) int {
		if at.IsZero() || m.Times.EndOfSpeech.IsZero() {
			return 0
		}
		return milliseconds(at.Sub(m.Times.EndOfSpeech))
	}
	return channel.Metrics{
		Turn:         m.Turn,
		Decision:     since(m.Times.Decided),
		FirstToken:   since(m.Times.FirstToken),
		FirstAudio:   since(m.Times.FirstAudio),
		FirstPacket:  since(m.Times.FirstPacket),
		HeardMS:      since(m.Times.Audible),
		InputTokens:  m.Cost.All(),
		OutputTokens: m.Cost.Output,
		Characters:   m.Cost.Characters,
		USD:          s.rates.usd(m.Cost.Plus(m.Discarded.Cost), m.Judged.Cost, max(0, m.Listened-s.unpaid())),
	}
}

// account is the record of a reply: ms from the end of the candidate's speech, and
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
	Discarded   used    `json:"thrown"`
	Replies     int     `json:"thrownReplies,omitempty"`
	Judged      used    `json:"judged,omitzero"`
	Asked       int     `json:"judgeAsked,omitempty"`  // the judge
	Late        int     `json:"judgeLate,omitempty"`   // it was
	Failed      int     `json:"judgeFailed,omitempty"` // to judge
	USD         float64 `json:"usd"`
}

type used struct {
	tokens
	Characters int `json:"characters"`
}

// tokens are price.Tokens by the names that an account has for them.
type tokens struct {
	Input      int `json:"inputTokens"`
	CacheRead  int `json:"cacheReadTokens,omitempty"`
	CacheWrite int `json:"cacheWriteTokens,omitempty"`
	Output     int `json:"outputTokens"`
}

func usedOf(c conversation.Cost) used { return used{tokens(c.Tokens), c.Characters} }
