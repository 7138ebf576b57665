package interviewing

import (
	"casey.internal/shared/channel"
	"casey.internal/worker/conversation"
)

// timed is a screen that also reports how soon replies came.
type timed struct {
	conversation.Screen
	report func(channel.Metrics)
}

// Show implements conversation.Screen.
func (t timed) Show(e conversation.Event) {
	if m, ok := e.(conversation.MetricsEvent); ok {
		t.report(metrics(m))
	}
	t.Screen.Show(e)
}
