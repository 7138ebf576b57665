package downstream

import (
	"context"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/conversation"
	"casey.internal/worker/speakable"
	"casey.internal/worker/speech"
)

// utterance is one sentence of a reply. What synthesize writes may be read
// once it is recorded; the rest belongs to the goroutine that plays.
type utterance struct {
	reply     *reply
	number    int
	line      speakable.Line
	early     bool // it is synthesised before the reply is to be played
	requested time.Time
	ready     chan struct{} // closed when it is recorded

	first time.Time // when its audio began to come
	clips []*clip
	marks []speech.Mark
	err   error // why there is no audio

	heard string
}

// recorded reports whether the synthesis is over.
func (u *utterance) recorded() bool {
	select {
	case <-u.ready:
		return true
	default:
		return false
	}
}

// Play implements conversation.Utterance. It begins when the page does, by
// estimate, and returns when the page has played the sentence, or has played out
// all that it was sent if that is the last. What was sent before ctx ended is
// played all the same.
func (u *utterance) Play(ctx context.Context, began func(conversation.Onset)) error {
	u.reply.start.Do(func() { close(u.reply.due) })
	err := u.play(ctx, began)
	if s := u.reply.playback; err != nil && s != nil {
		if lost := s.end(); lost != nil {
			u.reply.voice.config.Log.Debug("end not sent", "error", lost)
		}
	}
	u.heard = u.played(time.Now())
	return err
}

func (u *utterance) play(ctx context.Context, began func(conversation.Onset)) error {
	select {
	case <-u.ready:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if u.err != nil {
		return u.err
	}
	r, last := u.reply, time.Time{}
	for i, c := range u.clips {
		if c.at.IsZero() {
			if err := r.beginPlayback(ctx); err != nil {
				return err
			}
		}
		if i == 0 {
			began(u.onset())
		}
		last = c.at.Add(c.length)
		if err := r.waitUntil(ctx, last); err != nil {
			return err
		}
	}
	if s := r.playback; s != nil && !s.playsUntil().After(last) {
		return wait(ctx, r.voice.playedOut(), nil)
	}
	return nil
}

// Heard implements conversation.Utterance.
func (u *utterance) Heard() string { return u.heard }

// played returns what of the text has been heard by now.
func (u *utterance) played(now time.Time) string {
	if !u.recorded() || len(u.clips) == 0 {
		return ""
	}
	var played, all time.Duration
	for _, c := range u.clips {
		all += c.length
		if !c.at.IsZero() {
			played += min(max(now.Sub(c.at), 0), c.length)
		}
	}
	return speech.HeardBy(u.line.Written, u.marks, played, all)
}

func (u *utterance) onset() conversation.Onset {
	o := conversation.Onset{
		Utterance: u.number, Text: u.line.Written, Requested: u.requested, FirstAudio: u.first, FirstPacket: u.clips[0].at,
	}
	for _, m := range u.marks {
		if m.Kind == speech.WordMark {
			o.Words = append(o.Words, channel.Mark{At: int(m.Time.Milliseconds()), Value: m.Value})
		}
	}
	return o
}
