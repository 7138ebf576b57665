package interviewing

import (
	"log/slog"

	"casey.internal/shared/channel"
	"casey.internal/worker/conversation"
	"casey.internal/worker/price"
)

// timed is a screen that also keeps account of what each reply took.
type timed struct {
	conversation.Screen
	rates  price.Rates
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

func (t timed) account(e conversation.MetricsEvent) {
	m := metrics(e, t.rates)
	if t.report != nil {
		t.report(m)
	}
	t.log.Info("reply measured", "turn", e.Turn, "answers", e.Answers, "why", e.Why,
		"decision_ms", m.Decision, "first_token_ms", m.FirstToken, "first_audio_ms", m.FirstAudio, "first_packet_ms", m.FirstPacket,
		"heard_ms", m.HeardMS, "drafted", e.Drafted, "interrupted", e.Interrupted, "pauses", e.Pauses, "yielded", e.Yielded,
		"input_tokens", e.Cost.InputTokens, "output_tokens", e.Cost.OutputTokens, "characters", e.Cost.Characters,
		"thrown", e.Thrown.Replies, "thrown_input_tokens", e.Thrown.Cost.InputTokens,
		"thrown_output_tokens", e.Thrown.Cost.OutputTokens, "thrown_characters", e.Thrown.Cost.Characters, "usd", m.USD)
}
