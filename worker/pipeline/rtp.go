package pipeline

import (
	"context"
	"sync/atomic"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/conversation"
	"casey.internal/worker/echo"
	"casey.internal/worker/peer"
	"casey.internal/worker/session"
	"casey.internal/worker/speech"
)

// rtpPage is casey's own page: voice over RTP, events on the channel, and a face
// whose mouth moves to the voice.
type rtpPage struct {
	*speech.Voice
	*conversation.Inbox
	media    session.Media
	echo     *echo.Detector
	count    atomic.Int64 // of utterances
	speaking atomic.Bool
}

func (t *Talk) rtpPage(media session.Media, inbox *conversation.Inbox) *rtpPage {
	main, fallback := t.config.Voice.of(media)
	detector := new(echo.Detector)
	voice := speech.New(speech.Config{
		Synthesizer: main, Fallback: fallback, Open: t.config.Open, Out: audible{media.Out, detector}, Wheel: t.config.Wheel,
		Frame: t.config.Frame, Cache: t.config.Cache, Language: t.language(), Log: media.Log,
	})
	return &rtpPage{Voice: voice, Inbox: inbox, media: media, echo: detector}
}

// audible is a way out whose sound may come back.
type audible struct {
	speech.Out
	echo *echo.Detector
}

// WriteRTP implements speech.Out.
func (a audible) WriteRTP(payload []byte, timestamp uint32, marker bool) error {
	a.echo.Sent(time.Now(), timestamp, payload)
	return a.Out.WriteRTP(payload, timestamp, marker)
}

// Overhear implements page. A packet without a level may be of any loudness.
func (p *rtpPage) Overhear(heard peer.Packet) {
	level := uint8(peer.Silent)
	if heard.HasLevel {
		level = heard.Level
	}
	p.echo.Heard(heard.Arrived, heard.Timestamp, level, heard.Payload)
}

// Apart implements page.
func (p *rtpPage) Apart(since, now time.Time) bool { return p.Aloud() && p.echo.Apart(since, now) }

// Prepare implements conversation.Speaker.
func (p *rtpPage) Prepare(ctx context.Context, text string) conversation.Utterance {
	return &utterance{page: p, speech: p.Voice.Prepare(ctx, text), number: p.next()}
}

func (p *rtpPage) next() int { return int(p.count.Add(1)) }

// Show implements conversation.Screen. A page whose channel is not open misses the
// event.
func (p *rtpPage) Show(e channel.WorkerEvent) {
	if state, ok := e.(channel.State); ok {
		p.speaking.Store(state.State == channel.Speaking)
	}
	if err := p.media.Out.Send(e); err != nil {
		p.media.Log.Debug("event not sent", "error", err)
	}
}

// Aloud implements page.
func (p *rtpPage) Aloud() bool { return p.speaking.Load() }

// Tick implements page: nothing is held back.
func (p *rtpPage) Tick() {}

// Delayed implements page: what was sent meanwhile is lost.
func (p *rtpPage) Delayed(time.Time) {}

type utterance struct {
	page   *rtpPage
	speech *speech.Utterance
	number int           // of what is heard now: after a pause the rest has its own
	from   time.Duration // how much was heard before
	shown  bool          // the page takes it for heard: it began, or goes on, and no cut followed
	heard  string
}

// Play implements conversation.Utterance.
func (u *utterance) Play(ctx context.Context, began func(conversation.Onset)) error {
	heard, err := u.speech.Play(ctx, func(s speech.Started) {
		switch {
		case s.Paused:
			u.showCut(s.From)
			return
		case s.From != u.from:
			u.number, u.from = u.page.next(), s.From
		}
		u.shown = true
		began(u.onset(s))
		u.showVisemes(s)
	})
	u.heard = heard.Text
	if u.shown && heard.Cut {
		u.showCut(heard.Length)
	}
	return err
}

// showCut tells the page that no more is heard than this.
func (u *utterance) showCut(length time.Duration) {
	u.shown = false
	u.page.Show(channel.Cut{Utterance: u.number, MS: milliseconds(length - u.from)})
}

// Heard implements conversation.Utterance.
func (u *utterance) Heard() string { return u.heard }

func (u *utterance) onset(s speech.Started) conversation.Onset {
	return conversation.Onset{
		Utterance: u.number, Text: s.Text, Words: marks(s.Words),
		Requested: s.Requested, FirstAudio: s.FirstAudio, FirstPacket: s.FirstPacket,
	}
}

// showVisemes shows the visemes, once they are known.
func (u *utterance) showVisemes(s speech.Started) {
	if s.Marked {
		u.page.Show(channel.Visemes{Utterance: u.number, RTP: s.RTP, Marks: marks(s.Visemes)})
	}
}

// marks returns times as the page has them; never nil.
func marks(timed []speech.Timed) []channel.Mark {
	all := make([]channel.Mark, 0, len(timed))
	for _, m := range timed {
		all = append(all, channel.Mark{At: milliseconds(m.At), Value: m.Text})
	}
	return all
}

func milliseconds(d time.Duration) int { return int(d.Round(time.Millisecond).Milliseconds()) }
