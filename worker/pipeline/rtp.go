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

// rtpMedium is the way to casey's own page: voice over RTP, events on the channel,
// and a mouth that moves to the voice.
type rtpMedium struct {
	*speech.Voice
	*conversation.Inbox
	line     session.Media
	count    atomic.Int64 // of utterances
	speaking atomic.Bool
}

func (t *Talk) rtp(line session.Media, inbox *conversation.Inbox) *rtpMedium {
	main, fallback := t.config.Voice.of(line)
	voice := speech.New(speech.Config{
		Synthesizer: main, Fallback: fallback, Open: t.config.Open, Out: line.Out, Wheel: t.config.Wheel,
		Frame: t.config.Frame, Cache: t.config.Cache, Log: line.Log,
	})
	return &rtpMedium{Voice: voice, Inbox: inbox, line: line}
}

// Prepare implements conversation.Speaker.
func (m *rtpMedium) Prepare(ctx context.Context, text string) conversation.Utterance {
	return &utterance{medium: m, speech: m.Voice.Prepare(ctx, text), number: m.next()}
}

func (m *rtpMedium) next() int { return int(m.count.Add(1)) }

// Show implements conversation.Screen. A page whose channel is not open misses the
// event.
func (m *rtpMedium) Show(e channel.WorkerEvent) {
	if state, ok := e.(channel.State); ok {
		m.speaking.Store(state.State == channel.Speaking)
	}
	if err := m.line.Out.Send(e); err != nil {
		m.line.Log.Debug("event not sent", "error", err)
	}
}

// Aloud implements medium.
func (m *rtpMedium) Aloud() bool { return m.speaking.Load() }

// Tick implements medium: nothing is held back.
func (m *rtpMedium) Tick() {}

// Delayed implements medium: what was sent meanwhile is lost.
func (m *rtpMedium) Delayed(time.Time) {}

type utterance struct {
	medium *rtpMedium
	speech *speech.Utterance
	number int           // of what is heard now: after a pause the rest has its own
	from   time.Duration // how much was heard before
	began  bool
	heard  string
}

// Play implements conversation.Utterance.
func (u *utterance) Play(ctx context.Context, began func(conversation.Onset)) error {
	heard, err := u.speech.Play(ctx, func(s speech.Started) {
		switch {
		case s.Paused:
			u.cut(s.From)
			return
		case s.From != u.from:
			u.number, u.from = u.medium.next(), s.From
		}
		u.began = true
		began(u.onset(s))
		u.shape(s)
	})
	u.heard = heard.Text
	if u.began && heard.Cut {
		u.cut(heard.Length)
	}
	return err
}

// cut tells the page that no more is heard than this.
func (u *utterance) cut(length time.Duration) {
	u.medium.Show(channel.Cut{Utterance: u.number, MS: milliseconds(length - u.from)})
}

// Heard implements conversation.Utterance.
func (u *utterance) Heard() string { return u.heard }

func (u *utterance) onset(s speech.Started) conversation.Onset {
	return conversation.Onset{
		Utterance: u.number, Text: s.Text, Words: marks(s.Words),
		Requested: s.Requested, FirstAudio: s.FirstAudio, FirstPacket: s.FirstPacket,
	}
}

// shape sends the visemes, once they are known.
func (u *utterance) shape(s speech.Started) {
	if s.Marked {
		u.medium.Show(channel.Visemes{Utterance: u.number, RTP: s.RTP, Marks: marks(s.Visemes)})
	}
}

// marks are times as the page has them; never nil.
func marks(timed []speech.Timed) []channel.Mark {
	all := make([]channel.Mark, 0, len(timed))
	for _, m := range timed {
		all = append(all, channel.Mark{At: milliseconds(m.At), Value: m.Text})
	}
	return all
}

func milliseconds(d time.Duration) int { return int(d.Round(time.Millisecond).Milliseconds()) }
