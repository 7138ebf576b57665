package pipeline

import (
	"sync/atomic"
	"time"

	"casey.internal/worker/mic"
	"casey.internal/worker/recognition"
)

// Sound counts what became of the sound of all sessions of a worker. It is safe
// for use by many goroutines; a nil Sound counts nothing.
type Sound struct{ packets, filled, dropped, restarts, withheld atomic.Int64 }

// Counts returns what was counted since the start, by names as host.Metrics has
// them: packets of microphones that were heard, milliseconds of theirs that were filled
// for want of packets, packets that were left out, streams of recognition that
// replaced another, milliseconds of silence that recognition was not sent.
func (s *Sound) Counts() map[string]int64 {
	return map[string]int64{
		"microphone_packets": s.packets.Load(), "microphone_filled_ms": time.Duration(s.filled.Load()).Milliseconds(), "microphone_dropped": s.dropped.Load(),
		"recognition_restarts": s.restarts.Load(),
		"silence_withheld_ms":  time.Duration(s.withheld.Load()).Milliseconds(),
	}
}

// soundMeter adds what one session counts to the Sound of all.
type soundMeter struct {
	sound       *Sound
	mic         *mic.Mic
	recognition *recognition.Recognition

	added      time.Time
	microphone mic.Stats // as they were added last
	ears       recognition.Stats
}

// tick adds what was counted, once a second. The microphone's goroutine calls it.
func (m *soundMeter) tick(now time.Time) {
	if now.Sub(m.added) >= time.Second {
		m.added = now
		m.add()
	}
}

// add adds what was counted since it was called last.
func (m *soundMeter) add() {
	microphone, ears := m.mic.Stats(), m.recognition.Stats()
	if s := m.sound; s != nil {
		s.packets.Add(int64(microphone.Packets - m.microphone.Packets))
		s.filled.Add(int64(microphone.Filled - m.microphone.Filled))
		s.dropped.Add(int64(microphone.Lost() - m.microphone.Lost()))
		s.restarts.Add(int64(ears.Restarts() - m.ears.Restarts()))
		s.withheld.Add(int64(ears.Withheld - m.ears.Withheld))
	}
	m.microphone, m.ears = microphone, ears
}

// attributes returns the session's counts for its log.
func (m *soundMeter) attributes() []any {
	return []any{
		"packets", m.microphone.Packets, "filled", m.microphone.Filled, "late", m.microphone.Late,
		"dropped", m.microphone.Dropped, "refused", m.microphone.Refused,
		"recognition_restarts", m.ears.Restarts(), "unheard", m.ears.Dropped, "heard_twice", m.ears.Repeated,
		"undecodable", m.ears.Refused,
		"withheld", m.ears.Withheld,
	}
}
