package speech

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"casey.internal/worker/servicefailure"
)

// synthesize makes an utterance: with the fallback's voice when the first one
// fails before anything of it could be heard.
func (v *Voice) synthesize(ctx context.Context, u *Utterance) {
	select {
	case v.calls <- struct{}{}:
		defer func() { <-v.calls }()
	case <-ctx.Done():
		u.recording.end(context.Cause(ctx))
		close(u.marked)
		return
	}
	t := &attempt{voice: v, utterance: u, synthesizer: v.config.Synthesizer}
	err := t.run(ctx)
	if err == nil && t.unmarked == nil {
		v.config.Cache.put(u.line.Said, cached{u.recording, t.marks}, u.standing)
	}
	if err != nil && !t.began && v.config.Fallback != nil && ctx.Err() == nil {
		v.config.Log.Warn("another voice speaks", "error", err)
		t = &attempt{voice: v, utterance: u, synthesizer: v.config.Fallback}
		err = t.run(ctx)
	}
	u.recording.end(err)
	if !t.marked {
		close(u.marked)
	}
}

// attempt is the attempt of one synthesizer at an utterance. Its marks count once
// its audio has begun: those of another voice would be wrong.
type attempt struct {
	voice       *Voice
	utterance   *Utterance
	synthesizer Synthesizer

	mu       sync.Mutex
	began    bool  // the first packet of audio came
	known    bool  // the marks came, or the mouth goes by the sound
	marked   bool  // the utterance has them
	unmarked error // why there are none
	marks    []Mark
}

// run asks for audio and marks at once. It returns when both are there. Where there are no
// marks the mouth goes by the sound.
func (t *attempt) run(ctx context.Context) error {
	marking, cancel := context.WithCancel(ctx)
	defer cancel()
	var both sync.WaitGroup
	both.Go(func() {
		marks, err := t.synthesizer.Marks(marking, t.utterance.line.Said)
		if err != nil && marking.Err() == nil {
			t.voice.config.Log.Warn("speaking without marks", "error", err)
		}
		t.note(func() { t.known, t.marks, t.unmarked = len(marks) > 0, marks, err })
	})
	err := t.record(ctx)
	if err != nil {
		cancel()
	}
	both.Wait()
	if err == nil && !t.known {
		t.note(func() { t.known, t.marks = true, mouthOf(t.utterance.recording) })
	}
	return err
}

// note notes something, and passes the marks on when it is time.
func (t *attempt) note(note func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	note()
	if t.began && t.known && !t.marked {
		t.marked = true
		t.utterance.marks = Written(t.utterance.line, t.marks)
		close(t.utterance.marked)
	}
}

// record takes the packets out of the audio as it comes.
func (t *attempt) record(ctx context.Context) error {
	u := t.utterance
	audio, err := t.synthesizer.Audio(ctx, u.line.Said)
	if err != nil {
		return fmt.Errorf("synthesize: %w", err)
	}
	defer func() { _ = audio.Close() }()
	bytes := &stamped{Reader: audio}
	packets := t.voice.config.Open(bytes)
	for size := 0; size <= maxRecording; {
		packet, samples, err := packets.Next()
		switch {
		case errors.Is(err, io.EOF):
			_, _ = io.Copy(io.Discard, audio) // closed before its end, the call would count as given up
			return nil
		case err != nil:
			return fmt.Errorf("receive audio: %w", servicefailure.Why(ctx, "voice", err))
		}
		u.recording.setSkip(packets.PreSkip())
		t.note(func() { t.began = true })
		u.recording.append(packet, samples, bytes.at)
		size += len(packet)
	}
	return servicefailure.New("voice", servicefailure.Broken, "more than %d bytes for one utterance", maxRecording)
}
