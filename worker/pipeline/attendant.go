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

// While packets come each of them is a beat of the clock, too. The clock beats by itself
// for a microphone from which nothing comes: first when a packet of 40 ms is late.
const (
	beat  = 20 * time.Millisecond
	quiet = 45 * time.Millisecond
)

// raise is the loudness that a voice needs beyond the usual while the interviewer
// speaks, in dB: echo cancellation does not remove all of it.
const raise = 8

// attendant handles the packets and events of one session.
type attendant struct {
	media session.Media
	page  page
	mic   *mic.Mic
	voice *vad.Detector
	sound *soundMeter
	away  time.Time // since when no peer is connected; zero = one is
}

// run handles the events that came before, and then whatever comes.
func (a *attendant) run(ctx context.Context, early []session.Event) {
	for _, event := range early {
		a.handleEvent(event)
	}
	clock := time.NewTimer(beat)
	defer clock.Stop()
	for {
		select {
		case p := <-a.media.Packets:
			a.handlePacket(p)
			a.tick(p.Arrived)
			clock.Reset(quiet)
		case now := <-clock.C:
			a.tick(now)
			clock.Reset(beat)
		case event := <-a.media.Events:
			a.handleEvent(event)
		case <-ctx.Done():
			return
		}
	}
}

// tick lets the clock go on.
func (a *attendant) tick(now time.Time) {
	a.mic.Tick(now)
	a.sound.tick(now)
	a.postVoice(a.voice.Tick(now))
	a.page.Tick()
}

func (a *attendant) handlePacket(p peer.Packet) {
	if !a.away.IsZero() {
		a.postOpened() // the same page is heard again
	}
	a.voice.Raise(0)
	if a.page.Aloud() {
		a.voice.Raise(raise)
	}
	a.mic.Packet(mic.Packet{Sequence: p.Sequence, Timestamp: p.Timestamp, Payload: p.Payload}, p.Arrived)
	a.postVoice(a.voice.Packet(p.Level, p.HasLevel, p.Payload, p.Arrived))
}

// postOpened says that the page is there, for the first time or again.
func (a *attendant) postOpened() {
	if !a.away.IsZero() {
		a.page.Delayed(a.away)
		a.away = time.Time{}
	}
	a.page.Post(conversation.Opened{})
}

func (a *attendant) postVoice(e vad.Event) {
	if e.Kind != vad.None {
		a.page.Post(conversation.Voice{On: e.Kind == vad.Started, At: e.At, Fall: e.Fall})
	}
}

// dropPackets drops the packets that came before the peer went: one of them taken
// now would look as if it were back.
func (a *attendant) dropPackets() {
	for {
		select {
		case <-a.media.Packets:
		default:
			return
		}
	}
}

// handleEvent passes on what happens to the page, and what it says.
func (a *attendant) handleEvent(event session.Event) {
	switch event := event.(type) {
	case session.Page:
		if cut, ok := event.Event.(*channel.Played); ok {
			a.media.Log.Debug("playback was cut", "utterance", cut.Utterance, "ms", cut.MS)
			return
		}
		a.page.Post(conversation.Page{Event: event.Event})
	case session.Opened:
		a.postOpened()
	case session.Away:
		if a.away.IsZero() {
			a.away = time.Now()
		}
		a.dropPackets()
		a.page.Post(conversation.Away(event))
	case session.HandOver:
		a.page.Post(conversation.HandOver{})
	case session.Farewell:
		a.page.Post(conversation.Farewell{})
	}
}
