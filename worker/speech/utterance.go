package speech

import (
	"context"
	"strings"
	"time"

	"casey.internal/worker/speakable"
)

// Utterance is one sentence, or what somebody takes for one, on its way to the
// candidate's ears.
type Utterance struct {
	voice     *Voice
	line      speakable.Line
	standing  bool // everybody hears it
	requested time.Time
	recording *recording

	marked chan struct{} // closed when marks are there, or will not be
	marks  []Mark        // of the line as it is written
}

// Text returns what is shown of what is said: the line as it was written.
func (u *Utterance) Text() string { return u.line.Written }

// Started says that an utterance is being heard, or no longer is. After a pause
// it goes on as if its rest were an utterance of its own, whose first packet has
// just been sent.
type Started struct {
	From   time.Duration // how much was heard before the pause; 0 = there was none
	Paused bool          // nothing is heard now, and only From is set
	Text   string        // what is shown from here on

	RTP         uint32 // timestamp of the first packet
	Requested   time.Time
	FirstAudio  time.Time // when the bytes of its first packet came; headers are no audio
	FirstPacket time.Time // when that was sent

	// Marked says that Words and Visemes are final. An utterance whose marks
	// come later than its audio has Play report once more.
	Marked  bool
	Words   []Timed
	Visemes []Timed
}

// Timed is a word, or a viseme's code, and when it begins: since the utterance's
// first packet, the encoder's lookahead included.
type Timed struct {
	At   time.Duration
	Text string
}

// Heard is the part of an utterance that went out.
type Heard struct {
	Text   string        // a prefix of the utterance's, whole words
	Words  int           // in Text
	Length time.Duration // of the audio that was sent
	Cut    bool          // it was not all
}

// Play sends the utterance, after whatever is being played, and returns when it
// has been played to its end or cut off. began is called in Play's goroutine
// when the first packet has gone out, once more if the marks come after it, and at
// each pause and its end; it must not block. The end of ctx stops the next packet;
// the error is its cause then. Otherwise an error means that the synthesis failed, before or
// after something of it was heard.
func (u *Utterance) Play(ctx context.Context, began func(Started)) (Heard, error) {
	select {
	case u.voice.playing <- struct{}{}:
		defer func() { <-u.voice.playing }()
	case <-ctx.Done():
		return Heard{Cut: true}, context.Cause(ctx)
	}
	p := newPlayback(u.recording)
	err := u.play(ctx, p, began)
	u.voice.player.remove(p, err != nil)
	return u.heard(p, err), err
}

// play gives p to the player, again whenever audio comes after a shortage of it.
func (u *Utterance) play(ctx context.Context, p *playback, began func(Started)) error {
	news := announcement{utterance: u, playback: p, began: began, marked: u.marked}
	for {
		state := u.recording.progress(u.voice.player.packetsTaken(p))
		if state.more {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			u.voice.player.play(p)
			if err := news.untilShortage(ctx); err != nil {
				return err
			}
			continue
		}
		if state.ended {
			return state.err
		}
		select {
		case <-state.changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// announcement reports what becomes of an utterance that is played.
type announcement struct {
	utterance *Utterance
	playback  *playback
	began     func(Started)
	begun     bool            // it has begun
	paused    bool            // and is held: marks that come now are told when it goes on
	marked    <-chan struct{} // nil when the marks have been told
}

// untilShortage waits until the player has nothing to send, and reports meanwhile.
func (a *announcement) untilShortage(ctx context.Context) error {
	for {
		var marked <-chan struct{}
		if a.begun && !a.paused {
			marked = a.marked
		}
		select {
		case <-a.playback.news:
			a.report()
		case <-marked:
			a.report()
		case <-a.playback.shortage:
			a.reportRest()
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// reportRest reports what came together with the end.
func (a *announcement) reportRest() {
	select {
	case <-a.playback.news:
		a.report()
	default:
	}
}

func (a *announcement) report() {
	u := a.utterance
	s := u.voice.player.status(a.playback)
	if a.paused = s.Paused; a.paused {
		a.began(s)
		return
	}
	a.begun = true
	s.Text, s.Requested, s.FirstAudio = u.line.Written, u.requested, u.recording.firstAt()
	select {
	case <-u.marked:
		s.Marked, a.marked = true, nil
		offset := u.recording.skip() - s.From
		s.Words, s.Visemes = timed(u.marks, WordMark, offset), timed(u.marks, VisemeMark, offset)
	default:
	}
	if s.From > 0 {
		s.Text = u.textAfter(s.From)
	}
	a.began(s)
}

// textAfter returns the whole words that are said after a time.
func (u *Utterance) textAfter(from time.Duration) string {
	if !u.hasMarks() {
		return strings.TrimSpace(u.line.Written[len(heardByLength(u.line.Written, from, u.expected())):])
	}
	for _, m := range u.marks {
		if m.Kind == WordMark && m.Time+u.recording.skip() >= from && m.Start <= len(u.line.Written) {
			return u.line.Written[m.Start:]
		}
	}
	return ""
}

// timed picks the marks of one kind that are still to come.
func timed(marks []Mark, kind string, offset time.Duration) []Timed {
	var found []Timed
	for _, m := range marks {
		if m.Kind == kind && m.Time+offset >= 0 {
			found = append(found, Timed{At: m.Time + offset, Text: m.Value})
		}
	}
	return found
}
