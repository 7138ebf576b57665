package downstream

import (
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/speech"
)

// The times of shared/PROTOCOL.md 1.
const (
	apart = 500 * time.Millisecond // the second message comes so long after the first
	ahead = 500 * time.Millisecond // and so long before that has been played out
	after = 500 * time.Millisecond // a page has played out so long after the end of its audio
)

// spare is how much earlier or later than allowed something is done, because a
// timer may be late and a page slow.
const spare = 100 * time.Millisecond

// spell is one reply as the page knows it.
type spell struct {
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

// plays is when the page plays the last of what it was sent.
func (s *spell) plays() time.Time { return s.began.Add(s.length) }

// send sends clips as one message, and their visemes after it.
func (s *spell) send(clips []*clip) error {
	var message []byte
	for _, c := range clips {
		message = append(message, c.data...)
	}
	if err := s.voice.config.Out.SendBinary(message); err != nil {
		return err
	}
	if s.sent == 0 {
		s.began = time.Now()
	}
	s.sent++
	for _, c := range clips {
		c.at = s.plays()
		s.length += c.length
	}
	s.voice.playing(s.began, s.plays())
	for _, c := range clips {
		if err := s.mouth(c); err != nil {
			return err
		}
	}
	return nil
}

// mouth sends a clip's visemes, whose times count from the spell's beginning.
func (s *spell) mouth(c *clip) error {
	for _, m := range c.visemes {
		at := (c.at.Sub(s.began) + m.Time - c.from).Round(time.Millisecond)
		if err := s.voice.text(channel.DownstreamViseme(int(at.Milliseconds()), m.Value)); err != nil {
			return err
		}
	}
	return nil
}

// end tells the page that nothing more comes. After its audio it would be an
// `end` without any.
func (s *spell) end() error {
	if s.ended {
		return nil
	}
	s.ended = true
	if !time.Now().Before(s.plays()) {
		return nil
	}
	return s.voice.text(channel.DownstreamEnd())
}

// tend does what is due: the second message when the rest is complete, or as
// much as there is when it must go, and `end`. next is when to look again if
// nothing changes.
func (s *spell) tend(rest []*clip, complete bool) (next time.Time, err error) {
	first, last := s.began.Add(apart+spare/2), s.plays().Add(-ahead)
	switch now := time.Now(); {
	case s.ended:
		return time.Time{}, nil
	case complete && len(rest) == 0:
		return time.Time{}, s.end()
	case now.Before(last.Add(-spare)) && !complete:
		return last.Add(-spare), nil
	case now.Before(first) && first.Before(last):
		return first, nil
	case len(rest) > 0 && !now.Before(first) && !now.After(last):
		if err := s.send(fitting(rest, s.voice.config.MaxMessage)); err != nil {
			return time.Time{}, err
		}
	}
	return time.Time{}, s.end()
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
