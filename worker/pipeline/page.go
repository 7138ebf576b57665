package pipeline

import (
	"context"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/conversation"
	"casey.internal/worker/downstream"
	"casey.internal/worker/peer"
	"casey.internal/worker/session"
)

// openWithin limits how long a page may take to open its data channel, which tells
// what page it is. One that never does is spoken to over RTP.
const openWithin = 10 * time.Second

// page is how a conversation reaches its page.
type page interface {
	conversation.Speaker
	Show(e channel.WorkerEvent)
	Post(in conversation.Input) // tells the conversation, when it is time to
	Tick()                      // to be called every beat
	Aloud() bool                // the interviewer's voice may be in the microphone
	Overhear(p peer.Packet)     // notes what the microphone hears
	// Apart reports whether a voice that is heard since then is not the interviewer's own.
	Apart(since, now time.Time) bool
	Delayed(lost time.Time) // the page is reached again
	Close()                 // waits for what is in progress
}

// awaitOpened waits for the page to open its channel, and returns the events that
// came until then and are yet to be handled. Nobody has been greeted, so the
// microphone does not matter yet.
func awaitOpened(ctx context.Context, media session.Media) (opened session.Opened, early []session.Event) {
	late := time.NewTimer(openWithin)
	defer late.Stop()
	for {
		select {
		case <-media.Packets:
		case event := <-media.Events:
			early = append(early, event)
			if opened, ok := event.(session.Opened); ok {
				return opened, early
			}
		case <-late.C:
			return opened, early
		case <-ctx.Done():
			return opened, early
		}
	}
}

// page returns the page that opened a channel.
func (t *Talk) page(media session.Media, opened session.Opened, inbox *conversation.Inbox) page {
	if opened.Label == channel.Downstream {
		return t.filePage(media, opened, inbox)
	}
	return t.rtpPage(media, inbox)
}

// filePage is the legacy client's page: MP3 files on the channel, a silent audio
// track.
type filePage struct {
	*downstream.Voice
	*downstream.Gate
}

func (t *Talk) filePage(media session.Media, opened session.Opened, inbox *conversation.Inbox) filePage {
	main, fallback := t.config.Files.of(media)
	voice := downstream.New(downstream.Config{
		Synthesizer: main, Fallback: fallback, Out: media.Out, MaxMessage: opened.MaxMessageSize, Language: t.language(), Log: media.Log,
	})
	return filePage{voice, downstream.NewGate(voice, inbox.Post)}
}

// Aloud implements page: the page plays with its microphone off.
func (filePage) Aloud() bool { return false }

// Overhear implements page.
func (filePage) Overhear(peer.Packet) {}

// Apart implements page: there is nothing to tell them by.
func (filePage) Apart(time.Time, time.Time) bool { return false }
