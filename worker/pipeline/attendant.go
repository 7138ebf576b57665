package pipeline

import (
	"context"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/conversation"
	"casey.internal/worker/mic"
	"casey.internal/worker/peer"
	"casey.internal/worker/session"
	"casey.internal/worker/vad"
)

// beat is how often time passes for a microphone from which nothing comes.
const beat = 20 * time.Millisecond

// raise is how much louder than usual a voice must be while the interviewer
// speaks, in dB: echo cancellation does not remove all (facts of Chromium).
const raise = 8

// attendant attends to the line of one session.
type attendant struct {
	line   session.Media
	medium medium
	mic    *mic.Mic
	voice  *vad.Detector
	sound  *soundMeter
	away   time.Time // since when no peer is connected; zero = one is
}

// run handles the events that came before, and then whatever comes.
func (a *attendant) run(ctx context.Context, early []any) {
	for _, event := range early {
		a.event(event)
	}
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for {
		select {
		case p := <-a.line.Packets:
			a.packet(p)
		case now := <-ticker.C:
			a.mic.Tick(now)
			a.sound.tick(now)
			a.tell(a.voice.Tick(now))
			a.medium.tick()
		case event := <-a.line.Events:
			a.event(event)
		case <-ctx.Done():
			return
		}
	}
}

func (a *attendant) packet(p peer.Packet) {
	if !a.away.IsZero() {
		a.back() // the same page is heard again
	}
	a.voice.Raise(0)
	if a.medium.aloud() {
		a.voice.Raise(raise)
	}
	a.mic.Packet(mic.Packet{Sequence: p.Sequence, Timestamp: p.Timestamp, Payload: p.Payload}, p.Arrived)
	a.tell(a.voice.Packet(p.Level, p.HasLevel, p.Payload, p.Arrived))
}

// back says that the page is there, for the first time or again.
func (a *attendant) back() {
	if !a.away.IsZero() {
		a.medium.returned(a.away)
		a.away = time.Time{}
	}
	a.medium.post(conversation.Opened{})
}

func (a *attendant) tell(e vad.Event) {
	if e.Kind != vad.None {
		a.medium.post(conversation.Voice{On: e.Kind == vad.Started, At: e.At, Fall: e.Fall})
	}
}

// forget drops the packets that came before the peer went: one of them taken
// now would look as if it were back.
func (a *attendant) forget() {
	for {
		select {
		case <-a.line.Packets:
		default:
			return
		}
	}
}

// event passes on what the page says.
func (a *attendant) event(event any) {
	switch event := event.(type) {
	case session.Opened:
		a.back()
	case session.Away:
		a.away = time.Now()
		a.forget()
		a.medium.post(conversation.Away{})
	case *channel.Nudge:
		a.medium.post(conversation.Nudge{})
	case *channel.Muted:
		a.medium.post(conversation.Muted{On: event.On})
	case *channel.Heard:
		a.medium.post(conversation.Audible{Turn: event.Turn, After: time.Duration(event.MS) * time.Millisecond})
	case *channel.Played:
		a.line.Log.Debug("playback was cut", "utterance", event.Utterance, "ms", event.MS)
	case *channel.End:
		a.medium.post(conversation.End{})
	case session.HandOver:
		a.medium.post(conversation.HandOver{})
	case session.Farewell:
		a.medium.post(conversation.Farewell{})
	}
}
