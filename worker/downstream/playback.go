package downstream

import (
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/speech"
)

// The times of shared/PROTOCOL.md, the legacy client.
const (
	apart = 500 * time.Millisecond // the second message comes so long after the first
	ahead = 500 * time.Millisecond // and so long before that has been played out
	after = 500 * time.Millisecond // a page has played out so long after the end of its audio
)

// spare is the time by which something is done earlier or later than allowed, because a
// timer may be late and a page slow.
const spare = 100 * time.Millisecond

// playback is what the page plays without a break, and takes for one reply.
type playback struct {
	voice  *Voice
	began  time.Time     // when the first message was sent
	length time.Duration // of the audio that was sent
	sent   int           // messages
	ended  bool          // so was `end`, or it was too late for it
}

// clip is a piece of a sentence that fits into a message: mostly all of it.
type clip struct {
	data         []byte // whole MP3 frames
	from, length time.Duration
	visemes      []speech.Mark // from the beginning of the sentence
	at           time.Time     // when the page begins to play it; zero = not sent
}

// playsUntil returns when the page plays the last of what it was sent.
func (p *playback) playsUntil() time.Time { return p.began.Add(p.length) }

// send sends clips as one message, and their visemes after it.
func (p *playback) send(clips []*clip) error {
	var message []byte
	for _, c := range clips {
		message = append(message, c.data...)
	}
	if err := p.voice.config.Out.SendBinary(message); err != nil {
		return err
	}
	if p.sent == 0 {
		p.began = time.Now()
	}
	p.sent++
	for _, c := range clips {
		c.at = p.playsUntil()
		p.length += c.length
	}
	p.voice.notePlayback(p.began, p.playsUntil())
	for _, c := range clips {
		if err := p.sendVisemes(c); err != nil {
			return err
		}
	}
	return nil
}

// sendVisemes sends a clip's visemes, whose times count from the playback's beginning.
func (p *playback) sendVisemes(c *clip) error {
	for _, m := range c.visemes {
		at := (c.at.Sub(p.began) + m.Time - c.from).Round(time.Millisecond)
		if err := p.voice.sendText(channel.DownstreamViseme(int(at.Milliseconds()), m.Value)); err != nil {
			return err
		}
	}
	return nil
}

// end tells the page that nothing more comes. After its audio it would be an
// `end` without any.
func (p *playback) end() error {
	if p.ended {
		return nil
	}
	p.ended = true
	if !time.Now().Before(p.playsUntil()) {
		return nil
	}
	return p.voice.sendText(channel.DownstreamEnd())
}

// sendDue does what is due: the second message when the rest is complete, or as
// much as there is when it must go, and `end`. next is when to look again if
// nothing changes.
func (p *playback) sendDue(rest []*clip, complete bool) (next time.Time, err error) {
	first, last := p.began.Add(apart+spare/2), p.playsUntil().Add(-ahead)
	switch now := time.Now(); {
	case p.ended:
		return time.Time{}, nil
	case complete && len(rest) == 0:
		return time.Time{}, p.end()
	case now.Before(last.Add(-spare)) && !complete:
		return last.Add(-spare), nil
	case now.Before(first) && first.Before(last):
		return first, nil
	case len(rest) > 0 && !now.Before(first) && !now.After(last):
		if err := p.send(fitting(rest, p.voice.config.MaxMessage)); err != nil {
			return time.Time{}, err
		}
	}
	return time.Time{}, p.end()
}

// fitting returns as many of the first clips as fit into a message.
func fitting(clips []*clip, size int) []*clip {
	for i, c := range clips {
		if size -= len(c.data); size < 0 {
			return clips[:max(i, 1)]
		}
	}
	return clips
}
