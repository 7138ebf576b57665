package pipeline_test

import (
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/session"
)

// A microphone that sends nothing for three seconds, packets that come twice: the
// worker's counts have them while the session lives.
func TestWhatBecameOfTheSoundIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var during, early map[string]int64
		p, _ := hold(t, model{said: "Yes."}, "", func(p *page) {
			p.events <- session.Opened{}
			p.quiet(2 * time.Second)
			early = p.sound.Counts()
			time.Sleep(3 * time.Second)
			for range 5 {
				p.packet(127, "")
				p.next--
			}
			p.next++
			p.quiet(2 * time.Second)
			during = p.sound.Counts()
			p.events <- session.Page{Event: &channel.End{}}
			p.quiet(20 * time.Second)
		})
		if filled := during["microphone_filled_ms"] - early["microphone_filled_ms"]; filled < 2900 || filled > 3100 {
			t.Errorf("%d ms were filled", filled)
		}
		if dropped := during["microphone_dropped"] - early["microphone_dropped"]; dropped != 4 {
			t.Errorf("%d packets were dropped", dropped)
		}
		if after := p.sound.Counts(); after["recognition_restarts"] != 0 || after["microphone_filled_ms"] < during["microphone_filled_ms"] {
			t.Errorf("at the end %v", after)
		}
	})
}
