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
	ears  *listener
	sound *soundMeter
	since time.Time // when the voice began that may be an echo; zero = none is heard
	told  bool      // the candidate has told of the job
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
	a.ears.tick(now)
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
	a.page.Overhear(p)
	a.postVoice(a.voice.Packet(p.Level, p.HasLevel, p.Payload, p.Arrived))
	a.postApart(p.Arrived)
	a.ears.packet(p)
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
	switch e.Kind {
	case vad.Started:
		a.since = e.At
	case vad.Ended:
		a.since = time.Time{}
	}
	if e.Kind != vad.None {
		a.page.Post(conversation.Voice{On: e.Kind == vad.Started, At: e.At, Fall: e.Fall})
	}
}

// postApart says, once, that the voice that is heard is not the interviewer's own.
func (a *attendant) postApart(now time.Time) {
	if !a.since.IsZero() && a.page.Apart(a.since, now) {
		a.since = time.Time{}
		a.page.Post(conversation.Apart{})
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
		a.handlePage(event.Event)
	case session.Refused:
		a.notice(event.Why)
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

// handlePage passes on what the page says, but what is no matter of the conversation.
func (a *attendant) handlePage(event channel.PageEvent) {
	switch event := event.(type) {
	case *channel.Played:
		a.media.Log.Debug("playback was cut", "utterance", event.Utterance, "ms", event.MS)
	case *channel.Job:
		a.repeatedJob()
	default:
		a.page.Post(conversation.Page{Event: event})
	}
}
