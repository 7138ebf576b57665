package pipeline

import (
	"time"

	"casey.internal/worker/peer"
	"casey.internal/worker/recognition"
	"casey.internal/worker/vad"
)

// listener tells recognition of every voice, and of what may be one: only what is
// surely silence is not sent. A browser that sends no levels is always a voice.
type listener struct {
	recognition *recognition.Recognition
	began       time.Time // of recognition's time
	detector    *vad.Detector
	levels      bool // some packet had one
	on          bool
}

// newListener returns a listener that has told recognition that nobody speaks.
func newListener(r *recognition.Recognition, began time.Time) *listener {
	r.Voice(false, 0)
	return &listener{recognition: r, began: began, detector: vad.NewDetector(vad.Sensitive())}
}

func (l *listener) packet(p peer.Packet) {
	l.levels = l.levels || p.HasLevel
	if !l.levels {
		l.tell(true, p.Arrived)
		return
	}
	l.event(l.detector.Packet(p.Level, p.HasLevel, p.Payload, p.Arrived))
}

func (l *listener) tick(now time.Time) { l.event(l.detector.Tick(now)) }

func (l *listener) event(e vad.Event) {
	if e.Kind != vad.None {
		l.tell(e.Kind == vad.Started, e.At)
	}
}

func (l *listener) tell(on bool, at time.Time) {
	if on != l.on {
		l.on = on
		l.recognition.Voice(on, at.Sub(l.began))
	}
}

// withheld returns a function that says how much silence recognition was not sent
// since it was called last.
func withheld(r *recognition.Recognition) func() time.Duration {
	var told time.Duration
	return func() time.Duration {
		before := told
		told = r.Stats().Withheld
		return told - before
	}
}
