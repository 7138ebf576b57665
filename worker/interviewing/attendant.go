package interviewing

import (
	"context"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/conversation"
	"casey.internal/worker/level"
	"casey.internal/worker/mic"
	"casey.internal/worker/peer"
	"casey.internal/worker/session"
)

// beat is how often time passes for a microphone from which nothing comes.
const beat = 20 * time.Millisecond

// raise is how much louder than usual a voice must be while the interviewer
// speaks, in dB: echo cancellation does not remove all (facts of Chromium).
const raise = 8

// attendant attends to the line of one session.
type attendant struct {
	line         session.Line
	screen       *screen
	conversation *conversation.Conversation
	mic          *mic.Mic
	voice        *level.Detector
	opened       chan struct{} // closed when the page is open
	shown        bool          // it is
	away         bool          // no peer is connected
}

func (a *attendant) run(ctx context.Context) {
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for {
		select {
		case p := <-a.line.Packets:
			a.packet(p)
		case now := <-ticker.C:
			a.mic.Tick(now)
			a.tell(a.voice.Tick(now))
		case event := <-a.line.Events:
			a.event(event)
		case <-ctx.Done():
			return
		}
	}
}

// await waits for the page to open, for a while.
func (a *attendant) await(ctx context.Context) {
	select {
	case <-a.opened:
	case <-time.After(greetAfter):
	case <-ctx.Done():
	}
}

func (a *attendant) packet(p peer.Packet) {
	if a.away {
		a.away = false
		a.conversation.Post(conversation.Opened{}) // the same page is heard again
	}
	a.voice.Raise(0)
	if a.screen.speaking.Load() {
		a.voice.Raise(raise)
	}
	a.mic.Packet(mic.Packet{Sequence: p.Sequence, Timestamp: p.Timestamp, Payload: p.Payload}, p.Arrived)
	a.tell(a.voice.Packet(p.Level, p.HasLevel, p.Payload, p.Arrived))
}

func (a *attendant) tell(e level.Event) {
	if e.Kind != level.None {
		a.conversation.Post(conversation.Voice{On: e.Kind == level.Started, At: e.At})
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
		a.away = false
		a.conversation.Post(conversation.Opened{})
		if !a.shown {
			a.shown = true
			close(a.opened)
		}
	case session.Away:
		a.away = true
		a.forget()
		a.conversation.Post(conversation.Away{})
	case *channel.Nudge:
		a.conversation.Post(conversation.Nudge{})
	case *channel.Muted:
		a.conversation.Post(conversation.Muted{On: event.On})
	case *channel.Heard:
		a.conversation.Post(conversation.Audible{Turn: event.Turn, After: time.Duration(event.MS) * time.Millisecond})
	case *channel.Played:
		a.line.Log.Debug("playback was cut", "utterance", event.Utterance, "ms", event.MS)
	case *channel.End:
		a.conversation.Post(conversation.End{})
	}
}
