package speech

import (
	"context"
	"time"

	"casey.internal/worker/speakable"
)

// warmWithin limits how long one line may take to be synthesised ahead of its use.
const warmWithin = 10 * time.Second

// Warm has lines remembered in c.Cache that are going to be said, one after the
// other, but for those that are there. Of c it needs no way out. Nothing depends
// on it: it logs the first failure and leaves the rest to their first use.
func Warm(ctx context.Context, c Config, lines []string) {
	if c.Cache == nil {
		return
	}
	c.Fallback = nil // its voice is not the cache's
	v := &Voice{config: c.withDefaults(), calls: make(chan struct{}, 1)}
	for _, line := range lines {
		said := speakable.Of(line, v.config.Language)
		if _, known := c.Cache.get(said.Said); known || !cacheable(said.Said) {
			continue
		}
		if err := v.rehearse(ctx, said); err != nil {
			if ctx.Err() == nil {
				v.config.Log.Warn("lines are not prepared", "error", err)
			}
			return
		}
	}
}

// rehearse synthesises a line that nobody hears.
func (v *Voice) rehearse(ctx context.Context, line speakable.Line) error {
	ctx, cancel := context.WithTimeout(ctx, warmWithin)
	defer cancel()
	u := &Utterance{voice: v, line: line, standing: true, requested: time.Now(), recording: newRecording(), marked: make(chan struct{})}
	v.synthesize(ctx, u)
	return u.recording.progress(0).err
}
