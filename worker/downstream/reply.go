package downstream

import (
	"context"
	"sync"
	"time"

	"casey.internal/worker/conversation"
)

const (
	// enough audio to begin with: while it plays, the rest of a reply is thought
	// of, synthesised and sent.
	enough = 1500 * time.Millisecond
	// hesitation is how long less than that waits for more.
	hesitation = 1500 * time.Millisecond
	// inAdvance is how many sentences of a reply are synthesised that may yet be
	// thrown away.
	inAdvance = 2
)

// reply is one reply on its way to the page.
type reply struct {
	voice *Voice
	due   chan struct{} // closed when the first sentence is to be played
	start sync.Once     // closes it

	mu        sync.Mutex
	sentences []*utterance
	whole     bool          // there are no more
	changed   chan struct{} // closed, and made anew, with every change

	playback *playback // the newest; nil = none yet; of the goroutine that plays
}

func newReply(v *Voice) *reply {
	return &reply{voice: v, due: make(chan struct{}), changed: make(chan struct{})}
}

// change makes a change and tells who waits for one.
func (r *reply) change(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
	close(r.changed)
	r.changed = make(chan struct{})
}

// Prepare implements conversation.Speaker: the next sentence of this reply.
func (r *reply) Prepare(ctx context.Context, text string) conversation.Utterance {
	u := r.voice.newUtterance(r, text)
	r.change(func() {
		u.early = len(r.sentences) < inAdvance
		r.sentences = append(r.sentences, u)
	})
	r.voice.tasks.Go(func() { u.synthesize(ctx) })
	return u
}

// complete says that no more sentences come.
func (r *reply) complete() { r.change(func() { r.whole = true }) }

// unsent returns the clips that can be sent next, and whether they are all
// that will ever be: nothing is said after a sentence without a voice.
func (r *reply) unsent() (rest []*clip, complete bool, changed <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, u := range r.sentences {
		if !u.recorded() {
			return rest, false, r.changed
		}
		if u.err != nil {
			return rest, true, r.changed
		}
		for _, c := range u.clips {
			if c.at.IsZero() {
				rest = append(rest, c)
			}
		}
	}
	return rest, r.whole, r.changed
}

// beginPlayback begins a playback with the clips that come next, once the page has played
// out what it got before.
func (r *reply) beginPlayback(ctx context.Context) error {
	if err := wait(ctx, r.voice.playedOut(), nil); err != nil {
		return err
	}
	patience := time.Now().Add(hesitation)
	for {
		rest, complete, changed := r.unsent()
		opening := beginning(rest, complete || !time.Now().Before(patience), r.voice.config.MaxMessage)
		if opening != nil {
			r.playback = &playback{voice: r.voice}
			return r.playback.send(opening)
		}
		if err := wait(ctx, patience, changed); err != nil {
			return err
		}
	}
}

// beginning returns what a playback begins with, nil while there is not enough:
// everything where that is all, since it cannot be late then.
func beginning(rest []*clip, now bool, size int) []*clip {
	if now {
		return fitting(rest, size)
	}
	var length time.Duration
	for i, c := range rest {
		if length += c.length; length >= enough {
			return fitting(rest[:i+1], size)
		}
	}
	return nil
}

// waitUntil waits for a time, and does meanwhile what the playback needs.
func (r *reply) waitUntil(ctx context.Context, at time.Time) error {
	for {
		rest, complete, changed := r.unsent()
		next, err := r.playback.sendDue(rest, complete)
		switch {
		case err != nil:
			return err
		case !time.Now().Before(at):
			return nil
		case next.IsZero():
			next, changed = at, nil
		case next.After(at):
			next = at
		}
		if err := wait(ctx, next, changed); err != nil {
			return err
		}
	}
}

// wait waits for a time or a change.
func wait(ctx context.Context, at time.Time, changed <-chan struct{}) error {
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-changed:
	case <-ctx.Done():
	}
	return context.Cause(ctx)
}
