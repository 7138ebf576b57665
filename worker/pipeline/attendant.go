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
// speaks, in dB: a browser's echo cancellation leaves some of the interviewer's.
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
func (a *attendant) run(ctx context.Context, early []session.Event) {
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
			a.medium.Tick()
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
	if a.medium.Aloud() {
		a.voice.Raise(raise)
	}
	a.mic.Packet(mic.Packet{Sequence: p.Sequence, Timestamp: p.Timestamp, Payload: p.Payload}, p.Arrived)
	a.tell(a.voice.Packet(p.Level, p.HasLevel, p.Payload, p.Arrived))
}

// back says that the page is there, for the first time or again.
func (a *attendant) back() {
	if !a.away.IsZero() {
		a.medium.Delayed(a.away)
		a.away = time.Time{}
	}
	a.medium.Post(conversation.Opened{})
}

func (a *attendant) tell(e vad.Event) {
	if e.Kind != vad.None {
		a.medium.Post(conversation.Voice{On: e.Kind == vad.Started, At: e.At, Fall: e.Fall})
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

// event passes on what happens to the page, and what it says.
func (a *attendant) event(event session.Event) {
	switch event := event.(type) {
	case session.Page:
		if cut, ok := event.Event.(*channel.Played); ok {
			a.line.Log.Debug("playback was cut", "utterance", cut.Utterance, "ms", cut.MS)
			return
		}
		a.medium.Post(conversation.Page{Event: event.Event})
	case session.Opened:
		a.back()
	case session.Away:
		a.away = time.Now()
		a.forget()
		a.medium.Post(conversation.Away{})
	case session.HandOver:
		a.medium.Post(conversation.HandOver{})
	case session.Farewell:
		a.medium.Post(conversation.Farewell{})
	}
}
