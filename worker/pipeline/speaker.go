package pipeline

import (
	"context"
	"sync/atomic"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/conversation"
	"casey.internal/worker/session"
	"casey.internal/worker/speech"
)

// speaker says things over the line, and moves the mouth to them.
type speaker struct {
	voice *speech.Voice
	line  session.Media
	count atomic.Int64 // of utterances
}

// Prepare implements conversation.Speaker.
func (s *speaker) Prepare(ctx context.Context, text string) conversation.Utterance {
	return &utterance{speaker: s, speech: s.voice.Prepare(ctx, text), line: s.line, number: s.next()}
}

// Pause implements conversation.Holder.
func (s *speaker) Pause() { s.voice.Pause() }

// Resume implements conversation.Holder.
func (s *speaker) Resume() { s.voice.Resume() }

func (s *speaker) next() int { return int(s.count.Add(1)) }

type utterance struct {
	speaker *speaker
	speech  *speech.Utterance
	line    session.Media
	number  int           // of what is heard now: after a pause the rest has its own
	from    time.Duration // how much was heard before
	began   bool
	heard   string
}

// Play implements conversation.Utterance.
func (u *utterance) Play(ctx context.Context, began func(conversation.Onset)) error {
	heard, err := u.speech.Play(ctx, func(s speech.Started) {
		switch {
		case s.Paused:
			u.cut(s.From)
			return
		case s.From != u.from:
			u.number, u.from = u.speaker.next(), s.From
		}
		u.began = true
		began(u.onset(s))
		u.mouth(s)
	})
	u.heard = heard.Text
	if u.began && heard.Cut {
		u.cut(heard.Length)
	}
	return err
}

// cut tells the page that no more is heard than this.
func (u *utterance) cut(length time.Duration) {
	send(u.line, channel.Cut{Utterance: u.number, MS: milliseconds(length - u.from)})
}

// Heard implements conversation.Utterance.
func (u *utterance) Heard() string { return u.heard }

func (u *utterance) onset(s speech.Started) conversation.Onset {
	o := conversation.Onset{
		Utterance: u.number, Text: s.Text,
		Requested: s.Requested, FirstAudio: s.FirstAudio, FirstPacket: s.FirstPacket,
	}
	for _, w := range s.Words {
		o.Words = append(o.Words, conversation.TimedWord{At: w.At, Text: w.Text})
	}
	return o
}

// mouth sends the visemes, once they are known.
func (u *utterance) mouth(s speech.Started) {
	if !s.Marked {
		return
	}
	v := channel.Visemes{Utterance: u.number, RTP: s.RTP, Marks: []channel.Mark{}}
	for _, m := range s.Visemes {
		v.Marks = append(v.Marks, channel.Mark{At: milliseconds(m.At), Value: m.Text})
	}
	send(u.line, v)
}

// send sends an event; a page whose channel is not open misses it.
func send(line session.Media, event channel.WorkerEvent) {
	if err := line.Out.Send(event); err != nil {
		line.Log.Debug("event not sent", "error", err)
	}
}

func milliseconds(d time.Duration) int { return int(d.Round(time.Millisecond).Milliseconds()) }
