package pipeline

import (
	"context"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/conversation"
	"casey.internal/worker/downstream"
	"casey.internal/worker/session"
)

// openWithin is how long a page may take to open its data channel, which tells
// what page it is. One that never does is spoken to over RTP.
const openWithin = 10 * time.Second

// medium is the way between a conversation and its page.
type medium interface {
	conversation.Speaker
	Show(e channel.WorkerEvent)
	Post(in conversation.Input) // tells the conversation, when it is time to
	Tick()                      // to be called every beat
	Aloud() bool                // the interviewer's voice may be in the microphone
	Delayed(lost time.Time)     // the page is reached again
	Close()                     // waits for what is in progress
}

// meet waits for the page to open its channel, and returns what came until then
// and is yet to be handled. Nobody has been greeted, so the microphone does not
// matter yet.
func meet(ctx context.Context, line session.Media) (opened session.Opened, early []session.Event) {
	late := time.NewTimer(openWithin)
	defer late.Stop()
	for {
		select {
		case <-line.Packets:
		case event := <-line.Events:
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

// medium returns the way to the page that opened a channel.
func (t *Talk) medium(line session.Media, opened session.Opened, inbox *conversation.Inbox) medium {
	if opened.Label == channel.Downstream {
		return t.files(line, opened, inbox)
	}
	return t.rtp(line, inbox)
}

// fileMedium is the way to the legacy client: MP3 files on the channel, a silent
// audio track.
type fileMedium struct {
	*downstream.Voice
	*downstream.Gate
}

func (t *Talk) files(line session.Media, opened session.Opened, inbox *conversation.Inbox) fileMedium {
	main, fallback := t.config.Files.of(line)
	voice := downstream.New(downstream.Config{
		Synthesizer: main, Fallback: fallback, Out: line.Out, MaxMessage: opened.MaxMessageSize, Log: line.Log,
	})
	return fileMedium{voice, downstream.NewGate(voice, inbox.Post)}
}

// Aloud implements medium: the page plays with its microphone off.
func (fileMedium) Aloud() bool { return false }
