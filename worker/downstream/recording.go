package downstream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"casey.internal/worker/mp3"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/speech"
)

const (
	// maxRecording bounds what one sentence may hold, in bytes.
	maxRecording = 4 << 20
	// unmarked limits how long audio waits for its marks, without which no mouth moves.
	unmarked = 500 * time.Millisecond
)

// synthesize makes clips of the sentence: in the fallback's voice when the first
// one fails, at whatever point, since nothing of it was sent.
func (u *utterance) synthesize(ctx context.Context) {
	defer u.reply.change(func() { close(u.ready) })
	if u.line.Said == "" {
		return
	}
	v := u.reply.voice
	if u.err = u.admitted(ctx); u.err != nil {
		return
	}
	defer func() { <-v.calls }()
	u.err = u.record(ctx, v.config.Synthesizer)
	if u.err != nil && v.config.Fallback != nil && ctx.Err() == nil {
		v.config.Log.Warn("another voice speaks", "error", u.err)
		u.err = u.record(ctx, v.config.Fallback)
	}
}

// record asks for audio and marks at once, and makes clips of them.
func (u *utterance) record(ctx context.Context, from speech.Synthesizer) error {
	asked, cancel := context.WithCancel(ctx)
	defer cancel()
	var marking sync.WaitGroup
	var silent error
	marking.Go(func() {
		var said []speech.Mark
		said, silent = from.Marks(asked, u.line.Said)
		u.marks = speech.Written(u.line, said)
	})
	frames, err := u.receive(ctx, from)
	if err != nil {
		cancel() // they are of no use
	}
	late := time.AfterFunc(unmarked, cancel)
	marking.Wait()
	late.Stop()
	if err != nil {
		return err
	}
	if silent != nil {
		u.reply.voice.config.Log.Warn("speaking without marks", "error", silent)
	}
	u.clips = frames.clips(u.marks, u.reply.voice.config.MaxMessage)
	return nil
}

// admitted waits until the sentence may be synthesised, as one of few.
func (u *utterance) admitted(ctx context.Context) error {
	if !u.early {
		select {
		case <-u.reply.due:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	select {
	case u.reply.voice.calls <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// rest is the viseme of silence.
const rest = "sil"

// frames are those of a whole MP3.
type frames struct {
	data []byte
	ends []int // of each frame in data
	each time.Duration
}

// receive takes the frames out of the audio. A sentence that is cut off is none:
// what was sent cannot be taken back.
func (u *utterance) receive(ctx context.Context, from speech.Synthesizer) (frames, error) {
	var f frames
	audio, err := from.Audio(ctx, u.line.Said)
	if err != nil {
		return f, fmt.Errorf("synthesize: %w", err)
	}
	defer func() { _ = audio.Close() }()
	for r := mp3.NewReader(audio); len(f.data) <= maxRecording; {
		frame, err := r.Next()
		switch {
		case errors.Is(err, io.EOF) && len(f.ends) == 0:
			return f, servicefailure.New("voice", servicefailure.Broken, "no audio")
		case errors.Is(err, io.EOF):
			return f, nil
		case err != nil:
			return frames{}, fmt.Errorf("receive audio: %w", servicefailure.Why(ctx, "voice", err))
		}
		if len(f.ends) == 0 {
			u.first, f.each = time.Now(), frame.Duration()
		}
		f.data = append(f.data, frame.Data...)
		f.ends = append(f.ends, len(f.data))
	}
	return frames{}, servicefailure.New("voice", servicefailure.Broken, "more than %d bytes for one sentence", maxRecording)
}

// clips cuts the frames into pieces of at most so many bytes.
func (f frames) clips(marks []speech.Mark, size int) (clips []*clip) {
	for from := 0; from < len(f.ends); {
		to := f.cut(from, marks, size)
		c := &clip{data: f.data[f.start(from):f.ends[to-1]], from: f.at(from), length: f.at(to - from)}
		for _, m := range marks {
			if m.Kind == speech.VisemeMark && m.Time >= c.from && (m.Time < f.at(to) || to == len(f.ends)) {
				c.visemes = append(c.visemes, m)
			}
		}
		clips = append(clips, c)
		from = to
	}
	return closeMouth(clips)
}

// closeMouth adds the viseme with which the mouth closes, which not every voice has.
func closeMouth(clips []*clip) []*clip {
	if len(clips) == 0 {
		return nil
	}
	last := clips[len(clips)-1]
	if n := len(last.visemes); n > 0 && last.visemes[n-1].Value != rest {
		last.visemes = append(last.visemes, speech.Mark{Kind: speech.VisemeMark, Value: rest, Time: last.from + last.length})
	}
	return clips
}

// cut returns the frame before which the clip that begins with a frame ends: the
// last that fits, or the one in which the last word begins before it, if that is
// not far.
func (f frames) cut(from int, marks []speech.Mark, size int) int {
	to := from
	for to < len(f.ends) && f.ends[to]-f.start(from) <= size {
		to++
	}
	if to == len(f.ends) {
		return to
	}
	to = max(to, from+1)
	best := to
	for _, m := range marks {
		at := int(m.Time / f.each)
		if m.Kind == speech.WordMark && at <= to && at > from+(to-from)*2/3 {
			best = at
		}
	}
	return best
}

func (f frames) start(frame int) int {
	if frame == 0 {
		return 0
	}
	return f.ends[frame-1]
}

func (f frames) at(frame int) time.Duration { return time.Duration(frame) * f.each }
