package speech

import (
	"context"
	"time"
)

// Utterance is one sentence, or what somebody takes for one, on its way to the
// candidate's ears.
type Utterance struct {
	voice     *Voice
	text      string // speakable
	requested time.Time
	recording *recording

	marked   chan struct{} // closed when marks and unmarked are there
	marks    []Mark
	unmarked error // why there are no marks
}

// Text returns what is said: the text as it was made speakable.
func (u *Utterance) Text() string { return u.text }

// Started says that an utterance is being heard.
type Started struct {
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

// Heard is what of an utterance went out.
type Heard struct {
	Text   string        // a prefix of the utterance's, whole words
	Words  int           // in Text
	Length time.Duration // of the audio that was sent
	Cut    bool          // it was not all
}

// Play sends the utterance, after whatever is being played, and returns when it
// has been played to its end or cut off. began is called in Play's goroutine
// when the first packet has gone out, and once more if the marks come after it;
// it must not block. The end of ctx stops the next packet; the error is its
// cause then. Otherwise an error means that the synthesis failed, before or
// after something of it was heard.
func (u *Utterance) Play(ctx context.Context, began func(Started)) (Heard, error) {
	select {
	case u.voice.turn <- struct{}{}:
		defer func() { <-u.voice.turn }()
	case <-ctx.Done():
		return Heard{Cut: true}, context.Cause(ctx)
	}
	p := &playback{recording: u.recording, pause: make(chan struct{}, 1)}
	err := u.play(ctx, p, began)
	u.voice.mouth.leave(p, err != nil)
	return u.heard(p, err), err
}

// play gives p to the mouth, again whenever audio comes after a shortage of it.
func (u *Utterance) play(ctx context.Context, p *playback, began func(Started)) error {
	news := announcement{utterance: u, playback: p, began: began, marked: u.marked}
	for {
		state := u.recording.progress(u.voice.mouth.taken(p))
		if state.more {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			u.voice.mouth.speak(p)
			if err := news.untilPause(ctx); err != nil {
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

// announcement tells once or twice that an utterance has begun.
type announcement struct {
	utterance *Utterance
	playback  *playback
	began     func(Started)
	told      bool
	marked    <-chan struct{} // nil when there is nothing more to tell
}

// untilPause waits until the mouth has nothing to send, and tells meanwhile.
func (a *announcement) untilPause(ctx context.Context) error {
	if !a.told {
		a.told = true
		a.tell()
	}
	for {
		select {
		case <-a.playback.pause:
			return nil
		case <-a.marked:
			a.tell()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func (a *announcement) tell() {
	u := a.utterance
	timestamp, at := u.voice.mouth.start(a.playback)
	s := Started{RTP: timestamp, Requested: u.requested, FirstAudio: u.recording.firstAt(), FirstPacket: at}
	select {
	case <-u.marked:
		s.Marked, a.marked = true, nil
		s.Words, s.Visemes = timed(u.marks, WordMark, u.recording.skip()), timed(u.marks, VisemeMark, u.recording.skip())
	default:
	}
	a.began(s)
}

// timed picks the marks of one kind.
func timed(marks []Mark, kind string, offset time.Duration) []Timed {
	var found []Timed
	for _, m := range marks {
		if m.Kind == kind {
			found = append(found, Timed{At: m.Time + offset, Text: m.Value})
		}
	}
	return found
}
