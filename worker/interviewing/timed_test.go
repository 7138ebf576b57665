package interviewing

import (
	"testing"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/conversation"
)

// shown counts what a screen is shown.
type shown int

func (s *shown) Show(conversation.Event) { *s++ }

func TestReplyTimesAreReported(t *testing.T) {
	var under shown
	var told []channel.Metrics
	screen := timed{&under, func(m channel.Metrics) { told = append(told, m) }}
	ended := time.Now()
	screen.Show(conversation.NoticeEvent{})
	screen.Show(conversation.MetricsEvent{Turn: 2, Times: conversation.Times{EndOfSpeech: ended, FirstPacket: ended.Add(700 * time.Millisecond)}})
	if under != 2 || len(told) != 1 || told[0].Turn != 2 || told[0].FirstPacket != 700 {
		t.Errorf("shown %d, told %+v", under, told)
	}
}
