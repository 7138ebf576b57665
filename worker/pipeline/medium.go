package pipeline

import (
	"context"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
	"casey.internal/worker/downstream"
	"casey.internal/worker/session"
	"casey.internal/worker/speech"
)

// openWithin is how long a page may take to open its data channel, which tells
// what page it is. One that never does is spoken to over RTP.
const openWithin = 10 * time.Second

// medium is the way between a conversation and its page.
type medium struct {
	speaker  conversation.Speaker
	holder   conversation.Holder // of the speaker; nil = the page plays on
	screen   conversation.Screen
	book     *recorder
	post     func(conversation.Input) // tells the conversation, when it is time to
	tick     func()                   // to be called every beat
	aloud    func() bool              // the interviewer's voice may be in the microphone
	returned func(lost time.Time)     // the page is reached again
	close    func()                   // waits for what is in progress
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
func (t *Talk) medium(line session.Media, opened session.Opened, latest *turn, post func(conversation.Input)) medium {
	m := t.packets
	if opened.Label == channel.Downstream {
		m = func(line session.Media, post func(conversation.Input)) medium { return t.files(line, opened, post) }
	}
	way := m(line, post)
	way.book = &recorder{book: line.Book, latest: latest}
	way.screen = timed{way.screen, way.book, t.config.Rates, line.Log, t.config.Timed}
	return way
}

// packets is the way to casey's own page: voice over RTP, events on the channel.
func (t *Talk) packets(line session.Media, post func(conversation.Input)) medium {
	voice := speech.New(speech.Config{
		Synthesizer: t.config.Synthesizer(line.Session.ID), Fallback: behind(t.config.Fallback, line), Open: t.config.Open, Out: line.Out, Wheel: t.config.Wheel,
		Frame: t.config.Frame, Cache: t.config.Cache, Log: line.Log,
	})
	screen, speaker := &screen{line: line, rates: t.config.Rates}, &speaker{voice: voice, line: line}
	return medium{
		speaker: speaker, holder: speaker, screen: screen, post: post,
		tick: func() {}, aloud: screen.speaking.Load, returned: func(time.Time) {}, close: voice.Close,
	}
}

// behind is the voice behind another, if there is one.
func behind(fallback func(interview.SessionID) speech.Synthesizer, line session.Media) speech.Synthesizer {
	if fallback == nil {
		return nil
	}
	return fallback(line.Session.ID)
}

// files is the way to the legacy client: MP3 files on the channel, a silent
// audio track.
func (t *Talk) files(line session.Media, opened session.Opened, post func(conversation.Input)) medium {
	voice := downstream.New(downstream.Config{
		Synthesizer: t.config.Files(line.Session.ID), Fallback: behind(t.config.OtherFiles, line),
		Out: line.Out, MaxMessage: opened.MaxMessageSize, Log: line.Log,
	})
	gate := downstream.NewGate(voice, post)
	return medium{
		speaker: voice, screen: gate, post: gate.Post,
		tick: gate.Tick, aloud: func() bool { return false }, returned: voice.Delayed, close: voice.Close,
	}
}
